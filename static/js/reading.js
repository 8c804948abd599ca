// A card that waits for a decision, read and decided: one after the other, in the same place.

import { leave, turned } from "./sheet.js";

const FIELDS = "input, textarea, select, [contenteditable]";
const A_GLANCE = 500; // milliseconds before which nobody has seen what came
const drawer = document.getElementById("drawer");
let cameAt = 0;

/** Listen for the keys, and lead on once a decision is made. */
export function start() {
  document.addEventListener("keydown", obey);
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (drawer.contains(detail.elt)) detail.headers["Papan-Drawer"] = "1";
  });
  document.addEventListener("turned", () => {
    const sheet = document.getElementById("sheet-card");
    turned(sheet.dataset.reading ?? sheet.dataset.live);
    cameAt = performance.now();
    sheet.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
    drawer.focus();
  });
  document.addEventListener("read-out", leave);
}

/** The keys of single letters: only where they are wanted, and nobody is writing. */
function obey(event) {
  const sheet = document.querySelector(".sheet--reading[data-shortcuts]");
  if (!sheet || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
  if (event.target.closest?.(FIELDS) || isCovered(sheet)) return;
  const act = KEYS[event.key.toLowerCase()];
  if (act?.()) event.preventDefault();
}

/** Whether a dialog lies over the sheet: a picture in the viewer, a reason that is asked for. */
const isCovered = (sheet) => [...document.querySelectorAll("dialog[open]")].some((dialog) => !dialog.contains(sheet));

const press = (id) => () => {
  const control = document.getElementById(id);
  control?.click();
  return Boolean(control);
};

const KEYS = {
  n: press("queue-after"),
  arrowright: press("queue-after"),
  p: press("queue-before"),
  arrowleft: press("queue-before"),
  // A key pressed once too often must not approve the next card unread.
  s: () => performance.now() - cameAt > A_GLANCE && press("sheet-ahead")(),
  k: () => {
    const field = document.querySelector("#exits [name=reason]") ?? document.getElementById("sheet-note");
    field?.focus();
    return Boolean(field);
  },
};
