// The reason for a return, asked before the card goes back.

import { fill } from "./words.js";

/**
 * What a person gives as the reason for sending `card` back to step `to`: the form's fields; null where it was
 * called off. Words are needed where no reason of the list is taken.
 */
export function askReason(card, to) {
  const dialog = document.getElementById("reason");
  const way = dialog.querySelector("[data-way]");
  const name = document.getElementById(`judul-${to}`)?.lastChild.textContent ?? "";
  dialog.querySelector("[data-title]").textContent = card.querySelector(".card__title").textContent;
  way.textContent = fill(way.dataset.words, { step: to, name });
  const form = dialog.querySelector("form");
  form.reset();
  offerMaterials(form, card.dataset.step);
  needWords(form);
  form.onchange = () => needWords(form);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue === "return" ? new FormData(form) : null),
      { once: true },
    ),
  );
}

function offerMaterials(form, step) {
  for (const option of form.querySelectorAll("option[data-steps]")) {
    option.hidden = option.disabled = !option.dataset.steps.split(" ").includes(step);
  }
}

function needWords(form) {
  form.querySelector("[name=note]").required = !form.querySelector("[name=reason]:checked");
}
