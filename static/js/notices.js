// An opened card is read: what the bell counts about it is marked so, by a request of its own, never by looking.

import { wake } from "./live.js";

/** Watch which card is open. */
export function start() {
  document.addEventListener("shown", read);
  read();
}

async function read() {
  const bell = document.getElementById("nav-notices");
  const card = document.getElementById("sheet-card")?.dataset.live?.match(/^\/cards\/(\d+)/)?.[1];
  const unread = bell.dataset.cards.split(" ");
  if (!card || !unread.includes(card)) return;
  bell.dataset.cards = unread.filter((one) => one !== card).join(" "); // asked once, whatever is shown meanwhile
  const form = new FormData();
  form.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  try {
    await fetch(`${bell.getAttribute("href")}/cards/${card}/read`, { method: "POST", body: form, headers: { "HX-Request": "true" } });
    wake();
  } catch {
    // Nobody answered: it stays unread, and the bar says that the office is out of reach.
  }
}
