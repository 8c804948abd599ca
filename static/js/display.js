// An office screen: turns its pages, asks for what is new, and keeps going for weeks without anybody.
// Old televisions run this: no syntax younger than modules themselves. What is told of time is the server's.

import { hands, listen } from "./clock.js";
import { hold, SILENT } from "./stream.js";

const PACE = 1000;
const CALM = 5000;
const SLOWEST = 10000;
const PATIENCE = 10000;
const RELOADS_APART = 600000;

let wall = document.getElementById("wall");
let tag = wall.dataset.tag;
let turn = wall.querySelector("[data-turn]:not([hidden])").id;
let round = [...wall.querySelectorAll("[data-rail]")].findIndex((rail) => !rail.hidden);
let turned = performance.now();
let failures = 0;
let lostAt = "";
let timer = 0;
let asking = false;
let again = false;
let told = "";
let toldAt = -SILENT;
const release = wall.dataset.release;

hear();
setInterval(tick, 1000);
timer = setTimeout(poll, PACE);
hold(`${location.pathname}/nudges`, stir);

/** The server tells the versions of what is shown here, or (null) tells nothing any more. */
function stir(versions) {
  const said = JSON.stringify(versions);
  toldAt = versions ? performance.now() : -SILENT;
  if (said === told) return;
  told = said;
  again = asking; // what is asked now may be answered with what was before
  if (!asking) poll();
}

async function poll() {
  clearTimeout(timer);
  [asking, again] = [true, false];
  try {
    const answer = await ask();
    if (answer.status === 404) return void location.reload(); // revoked: the server answers, so it will say so
    if (answer.status === 200) show(answer.html);
    else if (answer.status !== 304) throw new Error(String(answer.status));
    found();
  } catch (cause) {
    lose();
  }
  asking = false;
  timer = setTimeout(poll, again && !failures ? 0 : pause());
}

function pause() {
  // After a power cut all screens come back at once: each waits a little differently.
  if (failures) return Math.min(SLOWEST, PACE * 2 ** Math.min(failures, 4)) * (0.5 + Math.random() / 2);
  return performance.now() - toldAt < SILENT ? CALM : PACE; // a stream tells by itself: asking is for what goes wrong
}

async function ask() {
  const patience = window.AbortController ? new AbortController() : { abort() {} };
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  const headers = { "HX-Request": "true", "If-None-Match": tag };
  const how = { headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", signal: patience.signal };
  try {
    const answer = await fetch(location.pathname, how);
    return { status: answer.status, html: await answer.text() };
  } finally {
    clearTimeout(timer);
  }
}

/** Put the new state in place of the old one, node by node, so that nothing flickers. */
function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("wall");
  if (!fresh) throw new Error("not a screen");
  if (fresh.dataset.release !== release && reload()) return;
  settle(fresh);
  if (window.Idiomorph) Idiomorph.morph(wall, fresh, { morphStyle: "outerHTML" });
  else wall.replaceWith(fresh);
  wall = document.getElementById("wall");
  tag = wall.dataset.tag;
  hear();
}

/** A new release: the whole page anew; not over and over where two servers differ. */
function reload() {
  try {
    if (Math.abs(Date.now() - Number(sessionStorage.getItem("reloaded"))) < RELOADS_APART) return false;
    sessionStorage.setItem("reloaded", String(Date.now()));
  } catch (cause) {
    return false;
  }
  location.reload();
  return true;
}

/** Take the time and the size of the text from what was drawn. */
function hear() {
  listen(wall);
  document.documentElement.className = `size-${wall.dataset.size}`;
}

function tick() {
  if (performance.now() - turned >= Number(wall.dataset.rotation) * 1000) {
    const turns = wall.querySelectorAll("[data-turn]");
    const next = (place(turns) + 1) % turns.length;
    turn = turns[next].id;
    // What needs attention begins anew with the boards, unless it has more pages than they have.
    round = wall.querySelectorAll("[data-rail]").length <= turns.length ? next : round + 1;
    turned = performance.now();
    settle(wall);
  }
  const clock = document.getElementById("clock");
  const minute = hands(wall.dataset.sign);
  if (clock.textContent === minute) return;
  clock.textContent = minute;
  if (!asking && !failures) poll(); // at midnight, and when the office opens or closes, it is another screen
}

/** Show the page whose turn it is, and say whether the server is there. */
function settle(shown) {
  const turns = shown.querySelectorAll("[data-turn]");
  const current = turns[place(turns)];
  turn = current.id;
  for (const one of turns) hide(one, one !== current);
  const rails = shown.querySelectorAll("[data-rail]");
  rails.forEach((rail, number) => hide(rail, number !== Math.max(0, round) % rails.length));
  tell(shown);
}

/** Where the page stands whose turn it is; the board's first where that page is gone. */
function place(turns) {
  const ids = [...turns].map((one) => one.id);
  const board = turn.slice(0, turn.lastIndexOf("-") + 1);
  return Math.max(0, ids.includes(turn) ? ids.indexOf(turn) : ids.findIndex((id) => id.startsWith(board)));
}

function lose() {
  failures += 1;
  if (!lostAt) lostAt = hands(wall.dataset.sign);
  tell(wall);
}

function found() {
  failures = 0;
  if (!lostAt) return;
  lostAt = "";
  tell(wall);
}

function tell(shown) {
  const link = shown.querySelector("#link");
  const words = link.querySelector("span");
  if (!link.dataset.linked) link.dataset.linked = words.textContent;
  put(words, lostAt ? document.body.dataset.lost.replace("%(time)s", lostAt) : link.dataset.linked);
  link.classList.toggle("wall__link--lost", Boolean(lostAt));
}

function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
