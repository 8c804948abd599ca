// The filter of the board while one types; without scripts the same form asks the server.

import { say } from "./words.js";

/** Filter as it is typed and ticked. */
export function start() {
  const form = document.querySelector("[data-sieve]");
  if (!form) return;
  const run = () => sift(form);
  form.addEventListener("input", run);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("shown", run);
  document.addEventListener("click", (event) => {
    if (event.target.closest('a[href="#saring"]')) return setTimeout(() => form.elements.q.focus());
    if (event.target.closest("[data-sieve-clear]")) clear(form);
    else if (event.target.closest("[data-sieve-only]")) toggle(form, event.target.closest("[data-sieve-only]").dataset.sieveOnly);
    else return;
    event.preventDefault();
    run();
  });
  run();
}

function sift(form) {
  const { q, mine, lanes, overdue } = Object.fromEntries(new FormData(form));
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const person = document.getElementById("isi").dataset;
  const held = person.lanes.split(" ");
  const cards = [...document.querySelectorAll("#board [data-card]")];
  for (const card of cards) {
    const text = `${card.querySelector(".card__title").textContent} ${card.querySelector(".card__holder")?.textContent ?? ""}`.toLowerCase();
    card.hidden = !(
      words.every((word) => text.includes(word)) &&
      (!mine || card.dataset.holder === person.person) &&
      (!lanes || held.includes(card.dataset.lane)) &&
      (!overdue || card.dataset.state === "overdue")
    );
  }
  report(form, cards, Boolean(words.length || mine || lanes || overdue));
}

function report(form, cards, active) {
  const count = document.getElementById("sieve-count");
  const shown = cards.filter((card) => !card.hidden).length;
  const words = say("shown", { shown: String(shown), all: String(cards.length) });
  count.hidden = !active;
  document.getElementById("sieve-none").hidden = !active || shown > 0 || !cards.length;
  const archive = document.querySelector("[data-sieve-archive]");
  archive.href = `${archive.pathname}?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(archive.search)), q: form.elements.q.value })}`;
  if (count.textContent.trim() !== words) count.textContent = words;
  document.querySelector("[data-sieve-only]")?.toggleAttribute("aria-current", form.elements.overdue.checked);
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value)).toString();
  const wanted = location.pathname + (query && `?${query}`);
  if (location.pathname === new URL(form.action).pathname && wanted !== location.pathname + location.search) {
    history.replaceState(history.state, "", wanted);
  }
}

function clear(form) {
  for (const field of form.querySelectorAll("input")) {
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
}

function toggle(form, name) {
  form.elements[name].checked = !form.elements[name].checked;
}
