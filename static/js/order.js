// The order of a material's files: each goes up or down by a press; the numbers in the form follow.

import { announce } from "./announce.js";
import { say } from "./words.js";

/** Let files be put into another order. */
export function start() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-raise], [data-lower]");
    if (button) move(button);
  });
  document.addEventListener("shown", prepare);
  document.addEventListener("given-up", prepare);
  prepare();
}

const numberOf = (row) => row.querySelector("[name^=order_]");

/** Rows stand as their numbers say, also after the server has drawn them anew or the form was given up. */
function prepare() {
  for (const list of document.querySelectorAll("ol.kept[id]")) {
    const rows = [...list.children];
    const sorted = rows.toSorted((one, other) => numberOf(one).value - numberOf(other).value);
    if (sorted.some((row, place) => row !== rows[place])) list.append(...sorted);
    bound(list);
  }
}

function move(button) {
  const row = button.closest("li");
  const other = button.matches("[data-raise]") ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  button.matches("[data-raise]") ? other.before(row) : other.after(row);
  const list = row.parentElement;
  [...list.children].forEach((one, place) => (numberOf(one).value = place + 1));
  bound(list);
  const way = button.disabled ? row.querySelector("[data-raise]:enabled, [data-lower]:enabled") : button;
  way?.focus();
  announce(say("placed", { name: row.dataset.name, place: [...list.children].indexOf(row) + 1, all: list.children.length }));
}

function bound(list) {
  for (const row of list.children) {
    const [raise, lower] = row.querySelectorAll("[data-raise], [data-lower]");
    raise.hidden = lower.hidden = list.children.length < 2;
    raise.disabled = !row.previousElementSibling;
    lower.disabled = !row.nextElementSibling;
  }
}
