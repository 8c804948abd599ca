// The reason for a return, asked before the card goes back.

import { fill } from "./words.js";

/** The reason that a person gives for sending `card` back to step `to`; null where it was called off. */
export function askReason(card, to) {
  const dialog = document.getElementById("reason");
  const way = dialog.querySelector("[data-way]");
  const name = document.getElementById(`judul-${to}`)?.lastChild.textContent ?? "";
  dialog.querySelector("[data-title]").textContent = card.querySelector(".card__title").textContent;
  way.textContent = fill(way.dataset.words, { step: to, name });
  dialog.querySelector("form").reset();
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue === "return" ? dialog.querySelector("[name=note]").value : null),
      { once: true },
    ),
  );
}
