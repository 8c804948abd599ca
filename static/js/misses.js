// A day that was missed: its reason is asked before the move that misses it, and when a card begins too late.

import { askWhy } from "./reason.js";

const FIELDS = ["miss_reason", "miss_words"];

/** Hold the forms that ask why, and follow the event's day on the form of a new card. */
export function start() {
  // Before htmx hears of it: what is held is sent again once the answer stands in the form.
  document.addEventListener("submit", hold, { capture: true });
  for (const kind of ["input", "change"]) document.addEventListener(kind, follow);
}

async function hold(event) {
  const { target: form, submitter } = event;
  if (!submitter?.dataset.forward || !form.dataset.asksWhy || form.matches("[data-answered]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const why = await askWhy(document.getElementById(form.dataset.asksWhy), form.dataset.title, submitter.dataset.forward);
  if (!why) return;
  for (const name of FIELDS) form.elements[name].value = why.get(name) ?? "";
  form.toggleAttribute("data-answered", true);
  submitter.click();
  form.toggleAttribute("data-answered", false);
}

function follow({ target }) {
  const asked = document.getElementById("late-start");
  if (asked?.dataset.event !== target.id) return;
  const day = target.value.slice(0, 10);
  asked.toggleAttribute("data-ahead", !day || day >= asked.dataset.today);
}
