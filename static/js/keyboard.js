// The board by keyboard: arrows go from card to card, M or the menu key opens what a card can do, Escape closes it.

import { titleOf } from "./moves.js";

/** Listen on the board. */
export function start() {
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("#board [data-card], #board .done");
    if (!card || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return closeMenu(card, event);
    if (event.target.closest("button, summary")) return;
    const next = event.key.startsWith("Arrow") && neighbour(card, event.key);
    if (next) next.querySelector("a").focus();
    else if (event.key === "m" || event.key === "M") openMenu(card);
    else return;
    event.preventDefault();
  });
  document.addEventListener("contextmenu", (event) => {
    const card = event.pointerId === -1 && event.target.closest("#board [data-card]");
    if (card && openMenu(card)) event.preventDefault();
  });
  document.addEventListener("shown", nameMenus);
  nameMenus();
}

/** Each menu is called by its card, too; two hundred such names would be a tenth of the page. */
function nameMenus() {
  for (const menu of document.querySelectorAll(".card__menu > summary")) {
    const name = `${menu.title} ${titleOf(menu.closest("[data-card]"))}`;
    if (menu.ariaLabel !== name) menu.ariaLabel = name;
  }
}

function neighbour(card, key) {
  const column = card.closest("[data-column]");
  const own = cards(column);
  const place = own.indexOf(card);
  if (key === "ArrowDown") return own[place + 1];
  if (key === "ArrowUp") return own[place - 1];
  const columns = [...document.querySelectorAll("#board [data-column]")].filter((one) => one === column || cards(one).length);
  const beside = columns[columns.indexOf(column) + (key === "ArrowRight" ? 1 : -1)];
  return beside && (cards(beside)[place] ?? cards(beside).at(-1));
}

const cards = (column) => [...column.querySelectorAll("[data-card], .done")].filter((card) => !card.hidden);

function openMenu(card) {
  const menu = card.querySelector(".card__menu");
  if (menu) menu.open = true;
  const first = [...card.querySelectorAll(".card__act > *")].find((one) => one.checkVisibility());
  first?.focus();
  return Boolean(first);
}

function closeMenu(card, event) {
  const menu = event.target.closest(".card__act, .card__menu");
  if (!menu) return;
  for (const open of card.querySelectorAll("details[open]")) open.open = false;
  card.querySelector(".card__title a").focus();
  event.preventDefault();
}
