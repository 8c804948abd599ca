// An opened card is read: what the bell counts about it is marked so, by a request of its own, never by looking.

import { wake } from "./live.js";

const asked = new Set();

/** Watch which card is open. */
export function start() {
  document.addEventListener("shown", read);
  read();
}

async function read() {
  const bell = document.getElementById("nav-notices");
  const card = Number(document.getElementById("sheet-card")?.dataset.live?.match(/^\/cards\/(\d+)/)?.[1]);
  const told = `${card} ${bell.dataset.cards}`;
  if (!isUnread(card, bell) || asked.has(told)) return;
  asked.add(told); // asked once, whatever is shown meanwhile
  const form = new FormData();
  form.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  try {
    await fetch(`${bell.getAttribute("href")}/cards/${card}/read`, { method: "POST", body: form, headers: { "HX-Request": "true" } });
    wake();
  } catch {
    // Nobody answered: it stays unread, and the bar says that the office is out of reach.
  }
}

/** The bell tells each card's number as what it is more than the one before. */
function isUnread(card, bell) {
  let last = 0;
  return bell.dataset.cards.split(" ").some((more) => (last += Number(more)) === card);
}
