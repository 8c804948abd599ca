// Counts on, once a second, in what the server gave: time left on cards, the clock, the office's hours, the tallies.

import { hands, listen, office, time, worked } from "./clock.js";
import { remaining, say } from "./words.js";

const title = document.title;

/** Start counting. */
export function start() {
  document.querySelectorAll("[data-now]").forEach(listen);
  document.addEventListener("shown", tick);
  setInterval(tick, 1000);
  tick();
}

function tick() {
  const { open, time: at } = office();
  document.querySelectorAll(".time[data-left]").forEach((shown) => count(shown, open));
  tally();
  const clock = document.querySelector(".pulse__clock");
  if (!clock) return;
  put(clock, hands(clock.textContent.trim()[2]));
  const hours = say(open ? "open" : at ? "resumes" : "shut", { time: at });
  put(document.querySelector(".pulse__hours"), hours);
  const shut = document.querySelector(".shut");
  if (!shut) return;
  shut.hidden = open;
  put(shut.querySelector("span"), hours);
}

function count(shown, open) {
  const card = shown.closest("[data-card]");
  const { left, whole, soon, told } = shown.dataset;
  const { due } = (card ?? shown).dataset;
  const seconds = left - worked(Number(told), time());
  const late = time() > Date.parse(due);
  const state = late ? "overdue" : seconds <= soon ? "soon" : "ok";
  const clock = open ? "running" : "stopped";
  put(shown.querySelector(".time__words"), remaining(seconds, late));
  const share = Number(whole) ? Math.max(0, Math.floor((100 * seconds) / whole)) : 0;
  set(shown.querySelector(".ring__left"), "stroke-dasharray", `${share} 100`);
  for (const bearer of [shown, card, card && dotOf(card)]) {
    if (!bearer) continue;
    set(bearer, "data-state", state);
    if (!bearer.dataset.dot) set(bearer, "data-clock", clock);
  }
}

const dotOf = (card) => document.querySelector(`[data-dot="${card.dataset.card}"]`);

/** The overdue tally, and in the page's title how many cards wait for this person. */
function tally() {
  const board = document.getElementById("board");
  if (board) {
    const overdue = board.querySelectorAll('[data-card][data-state="overdue"]').length;
    const shown = board.querySelector('[data-tally="overdue"]');
    put(shown, String(overdue));
    shown.closest("p").hidden = !overdue;
  }
  const waiting = parseInt(document.querySelector("#nav-tasks .count")?.textContent ?? "0", 10);
  const wanted = waiting ? `(${waiting}) ${title}` : title;
  if (document.title !== wanted) document.title = wanted;
}

function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function set(element, name, value) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}
