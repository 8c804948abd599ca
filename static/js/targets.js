// Where a card in the hand may be let go: those places light up with words, all others step back.

import { waysOf } from "./moves.js";
import { say } from "./words.js";

let lit = new Map();
let source;
let hint;
let over;

/** Light the places that `card` may go to. */
export function light(card) {
  source = card.closest("[data-column]");
  const kinds = waysOf(card);
  lit = new Map(card.dataset.moves.split(",").filter(Boolean).map((to) => [to, kinds.get(to)]));
  board().classList.add("board--drag");
  source.classList.add("step--source");
  for (const [to, kind] of lit) {
    const column = document.getElementById(`tahap-${to}`);
    column.classList.add("step--target");
    column.querySelector(".node").after(dropSign(to, kind));
    document.getElementById(`map-${to}`)?.classList.add("map--target");
  }
  hint = hintBar();
  document.body.append(hint);
}

/** Mark the place under the pointer; answers `{to, kind}` where the card may be let go there. */
export function hover(x, y) {
  const found = document.elementFromPoint(x, y)?.closest("[data-column], [data-map]");
  const to = found?.dataset.column ?? found?.dataset.map;
  const target = lit.has(to) ? { to, kind: lit.get(to) } : null;
  if (over !== target?.to) {
    unmark();
    over = target?.to;
    document.getElementById(`tahap-${over}`)?.classList.add("step--over");
    document.getElementById(`map-${over}`)?.classList.add("map--over");
  }
  return target;
}

/** Let everything be as it was. */
export function dim() {
  unmark();
  over = undefined;
  board().classList.remove("board--drag");
  source?.classList.remove("step--source");
  for (const to of lit.keys()) {
    document.getElementById(`tahap-${to}`)?.classList.remove("step--target");
    document.getElementById(`map-${to}`)?.classList.remove("map--target");
  }
  document.querySelectorAll(".drop").forEach((sign) => sign.remove());
  hint?.remove();
  lit = new Map();
}

function unmark() {
  for (const marked of document.querySelectorAll(".step--over, .map--over")) marked.classList.remove("step--over", "map--over");
}

function dropSign(to, kind) {
  const sign = document.createElement("p");
  sign.className = "drop";
  const words = document.createElement("b");
  words.textContent = say(`drop${capital(kind)}`);
  const where = document.createElement("span");
  where.textContent = say(`drop${capital(kind)}To`, { step: to });
  sign.append(words, where);
  return sign;
}

function hintBar() {
  const bar = document.createElement("p");
  bar.className = "hint";
  bar.setAttribute("role", "status");
  const ways = [...lit].map(([to, kind]) => say(`hint${capital(kind)}`, { step: to })).join(say("or"));
  const escape = document.createElement("span");
  escape.className = "hint__key";
  const key = document.createElement("kbd");
  key.textContent = "Esc";
  escape.append(key, say("hintEscape"));
  bar.append(say("hint", { targets: ways }), " ", escape);
  return bar;
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const board = () => document.getElementById("board");
