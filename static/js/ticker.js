// Counts on, once a second, in what the server gave: time left on cards, the clock, the office's hours, the tallies.

import { hands, listen, office, time, worked } from "./clock.js";
import { remaining, say } from "./words.js";

const title = document.title;

/** Start counting. */
export function start() {
  document.querySelectorAll("#bar-end, [data-now]").forEach(listen);
  document.addEventListener("shown", tick);
  setInterval(tick, 1000);
  tick();
}

function tick() {
  const { open, time: at } = office();
  document.querySelectorAll(".time[data-time]").forEach((shown) => count(shown, open));
  document.querySelectorAll("#board [data-column]").forEach(dot);
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
  const [left, told, whole, soon] = shown.dataset.time.split(" ").map(Number);
  const { due } = (card ?? shown).dataset;
  const seconds = left - worked(told * 1000, time());
  const late = time() > Date.parse(due);
  const state = late ? "overdue" : seconds <= soon ? "soon" : "ok";
  const clock = open ? "running" : "stopped";
  put(shown.querySelector(".time__words"), remaining(seconds, late));
  const share = whole ? Math.max(0, 5 * Math.floor((20 * seconds) / whole)) : 0;
  set(shown.querySelector(".ring"), "stroke-dasharray", `${share} 100`);
  set(card ?? shown, "data-state", state);
  set(card ?? shown, "data-clock", clock);
}

/** The dots of the small staircase are the first cards of their step. */
function dot(column) {
  const dots = document.querySelectorAll(`#map-${column.dataset.column} .dot[data-state]`);
  const cards = column.querySelectorAll("[data-card]");
  dots.forEach((one, place) => set(one, "data-state", cards[place]?.dataset.state ?? "ok"));
}

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
