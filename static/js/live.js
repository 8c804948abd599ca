// Every element with `data-live` follows the server: asked about once a second with the version it has, or as soon
// as the server tells that it is older, and then only seldom besides. Nothing is asked while the tab is hidden, and
// nothing is changed under a person's hands.

import { ask, isTyped, show, timesShown, Unreachable } from "./fragments.js";
import { hands } from "./clock.js";
import * as nudge from "./nudge.js";
import { say } from "./words.js";

const PACE = 1000;
const CALM = 5000;
const APART = 2000;
const SLOWEST = 8000;
const NAP = 5000;
const tags = new WeakMap();
const due = new WeakMap();
const asked = new WeakMap();
const nudged = new WeakMap();
let lost = 0;
let timer;
let asking = false;
let again = false;

/** Begin to follow. */
export function start() {
  document.addEventListener("visibilitychange", () => (document.hidden ? nudge.rest() : wake()));
  window.addEventListener("online", wake);
  document.addEventListener("htmx:afterRequest", wake);
  document.addEventListener("shown", ({ target }) => forget(target));
  watchForSleep();
  nudge.start((isTold) => (isTold ? stir() : wake()));
  schedule(PACE);
}

/** Ask again at once, all that is followed. */
export function wake() {
  for (const element of followed()) due.delete(element);
  schedule(0);
}

/** Ask at once for what the server told to be older than its own; once for each time that it tells. */
function stir() {
  const older = followed().filter(isOlder);
  for (const element of older) isBar(element) ? askSoon(element) : due.delete(element);
  if (older.some((element) => !isBar(element))) schedule(0);
}

/** What the bar counts comes after what people look at: with the next round, and not with every one. */
function askSoon(bar) {
  const soon = Math.max(performance.now() + PACE / 2, (asked.get(bar) ?? 0) + APART);
  due.set(bar, Math.min(due.get(bar) ?? soon, soon));
}

const isBar = (element) => element.id === "bar-end";

function isOlder(element) {
  const told = nudge.told(element);
  return told > Number(element.dataset.version) && told > (nudged.get(element) ?? 0);
}

/** What is followed; the bar, which stands first, after what people look at. */
const followed = () => [...document.querySelectorAll("[data-live]")].reverse();

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(round, delay);
}

async function round() {
  if (asking) return void (again = true); // woken meanwhile: what is asked now may be answered with what was before
  [asking, again] = [true, false];
  try {
    if (!document.hidden) await followAll();
  } catch (fault) {
    if (!(fault instanceof Unreachable)) throw fault;
    lose();
  } finally {
    asking = false;
    schedule(lost ? spread(Math.min(SLOWEST, PACE * 2 ** (lost - 1))) : again ? 0 : spread(PACE));
  }
}

/** Screens that were woken by the same change, or came back together, are not to go on in step. */
const spread = (delay) => delay * (0.85 + 0.3 * Math.random());

async function followAll() {
  nudge.watch();
  for (const element of followed()) {
    if (!isTime(element)) continue;
    await follow(element);
    found();
  }
}

const isTime = (element) => !isHeld(element) && performance.now() >= (due.get(element) ?? 0);

async function follow(element) {
  const before = timesShown(element);
  asked.set(element, performance.now());
  nudged.set(element, nudge.told(element));
  const answer = await ask(element.dataset.live, element, { etag: tags.get(element) });
  if (!again && !isOlder(element)) due.set(element, performance.now() + pace(element) - PACE / 2);
  if (answer.status >= 500) throw new Unreachable(element.dataset.live);
  if (answer.status === 404 && element.id === "board") location.reload();
  if (timesShown(element) !== before) return;
  if (answer.status === 304 && answer.etag) keepAs(element, answer.etag);
  if (answer.status !== 200 || isHeld(element)) return;
  const version = element.dataset.version;
  if (show(element, answer.html)) tags.set(element, answer.etag);
  if (element.id === "board" && element.dataset.version !== version) askSoon(document.getElementById("bar-end"));
}

/** What came another way is not what the tag's end tells of; its beginning tells the version alone. */
function forget(element) {
  const tag = tags.get(element);
  if (tag) tags.set(element, tag.replace(/[^-]*"$/, '"'));
}

/** What it shows is still right, under another version, with which the tag begins. */
function keepAs(element, tag) {
  tags.set(element, tag);
  element.dataset.version = tag.match(/\d+/)[0];
}

const pace = (element) => (nudge.isLinked() ? CALM : PACE * Number(element.dataset.every ?? 1));

/** Whether a person's hands are on it: a card in the hand or on its way, an open menu, words being typed. */
function isHeld(element) {
  if (element.matches(".board--drag") || element.querySelector(".card--chosen") || element.querySelector('[aria-busy="true"], .htmx-request')) return true;
  const active = document.activeElement;
  if (!element.contains(active)) return false;
  return isTyped(active) || Boolean(!active.matches("summary") && active.closest("details[open]:not([data-fold]), .reason[open], .chosen"));
}

function lose() {
  if (!lost++) tell(say("lost", { time: hands(sign()) }), true);
}

function found() {
  if (!lost) return;
  lost = 0;
  tell(say("linked"), false);
}

function tell(words, isLost) {
  const pulse = document.getElementById("pulse");
  pulse.querySelector(".pulse__link").textContent = words;
  pulse.classList.toggle("pulse--lost", isLost);
}

const sign = () => document.querySelector(".pulse__clock").textContent.trim()[2];

/** After a sleep of the machine the counted time is short: ask for everything anew, without a tag. */
function watchForSleep() {
  let last = Date.now();
  setInterval(() => {
    const slept = Date.now() - last > NAP;
    last = Date.now();
    if (!slept || document.hidden) return;
    for (const element of followed()) tags.delete(element);
    wake();
  }, 1000);
}
