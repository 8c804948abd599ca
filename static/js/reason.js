// Reasons, asked before a card goes: why it goes back, or why it missed its day.

import { titleOf } from "./moves.js";
import { fill } from "./words.js";

/**
 * What a person gives as the reason for sending `card` back to step `to`: the form's fields; null where it was
 * called off. Words are needed where no reason of the list is taken.
 */
export function askReason(card, to) {
  const dialog = document.getElementById("reason");
  const way = dialog.querySelector("[data-way]");
  const name = document.getElementById(`judul-${to}`)?.lastChild.textContent ?? "";
  way.textContent = fill(way.dataset.words, { step: to, name });
  return answered(dialog, titleOf(card), (form) => offerMaterials(form, card.dataset.step));
}

/**
 * Why the card called `title` misses its day by a way on of this `kind` (next, approve, finish): the form's fields,
 * empty where that is to be said later; null where the move was called off.
 */
export function askWhy(dialog, title, kind) {
  const go = dialog.querySelector("[value=said]");
  go.textContent = go.dataset[kind];
  return answered(dialog, title);
}

function answered(dialog, title, prepare = () => {}) {
  dialog.querySelector("[data-title]").textContent = title;
  const form = dialog.querySelector("form");
  form.reset();
  prepare(form);
  needWords(form);
  form.onchange = () => needWords(form);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(fieldsOf(dialog.returnValue, form)), { once: true }));
}

function fieldsOf(pressed, form) {
  if (!pressed) return null;
  return pressed === "later" ? new FormData() : new FormData(form);
}

function offerMaterials(form, step) {
  for (const option of form.querySelectorAll("option[data-steps]")) {
    option.hidden = option.disabled = !option.dataset.steps.split(" ").includes(step);
  }
}

function needWords(form) {
  form.querySelector("textarea").required = !form.querySelector("[type=radio]:checked");
}
