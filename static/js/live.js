// Every element with `data-live` follows the server: asked about once a second with the version it has.
// Nothing is asked while the tab is hidden, and nothing is changed under a person's hands.

import { ask, isTyped, show, timesShown, Unreachable } from "./fragments.js";
import { hands } from "./clock.js";
import { say } from "./words.js";

const PACE = 1000;
const SLOWEST = 8000;
const NAP = 5000;
const tags = new WeakMap();
const due = new WeakMap();
let lost = 0;
let timer;
let asking = false;
let again = false;

/** Begin to follow. */
export function start() {
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  window.addEventListener("online", wake);
  document.addEventListener("htmx:afterRequest", wake);
  watchForSleep();
  schedule(PACE);
}

/** Ask again at once, all that is followed. */
export function wake() {
  for (const element of followed()) due.delete(element);
  schedule(0);
}

const followed = () => document.querySelectorAll("[data-live]");

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(round, delay);
}

async function round() {
  if (asking) return void (again = true); // woken meanwhile: what is asked now may be answered with what was before
  [asking, again] = [true, false];
  try {
    if (!document.hidden) for (const element of followed()) if (isTime(element)) await follow(element);
    found();
  } catch (fault) {
    if (!(fault instanceof Unreachable)) throw fault;
    lose();
  } finally {
    asking = false;
    schedule(lost ? Math.min(SLOWEST, PACE * 2 ** (lost - 1)) : again ? 0 : PACE);
  }
}

const isTime = (element) => !isHeld(element) && performance.now() >= (due.get(element) ?? 0);

async function follow(element) {
  const before = timesShown(element);
  const answer = await ask(element.dataset.live, element, { etag: tags.get(element) });
  due.set(element, performance.now() + PACE * Number(element.dataset.every ?? 1) - PACE / 2);
  if (answer.status >= 500) throw new Unreachable(element.dataset.live);
  if (answer.status === 404 && element.id === "board") location.reload();
  if (answer.status !== 200 || isHeld(element) || timesShown(element) !== before) return;
  const version = element.dataset.version;
  if (show(element, answer.html)) tags.set(element, answer.etag);
  if (element.id === "board" && element.dataset.version !== version) due.delete(document.getElementById("bar-end"));
}

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
