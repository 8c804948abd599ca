// What the server answered beside the fragment: messages that pass, refusals that stay until they are read.

import { say } from "./words.js";

const UNDO_FOR = 60_000;
const READ_FOR = 8_000;
const MARGIN = 12;
const region = document.getElementById("answers");

/** Watch what arrives. */
export function start() {
  new MutationObserver(arrange).observe(region, { childList: true });
  document.addEventListener("click", ({ target }) => target.closest("[data-dismiss], .refusal a") && dismiss());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !region.querySelector(".refusal")) return;
    event.preventDefault();
    dismiss();
  });
  document.addEventListener("htmx:sendError", () => complain(say("unreachable")));
  window.addEventListener("resize", place);
  document.addEventListener("shown", place);
  arrange();
}

/** Show the server's own words on why something did not happen. */
export function refuse(html) {
  region.innerHTML = html;
}

/** Say something that no server could say. */
export function complain(words) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "alert");
  toast.append(words);
  region.replaceChildren(toast);
}

function arrange() {
  for (const button of region.querySelectorAll("[data-dismiss]")) button.hidden = false;
  for (const toast of region.querySelectorAll(".toast")) {
    setTimeout(() => toast.remove(), toast.querySelector("[data-undo]") ? UNDO_FOR : READ_FOR);
  }
  const refusal = region.querySelector(".refusal:not([data-placed])");
  if (!refusal) return;
  refusal.dataset.placed = "";
  refusedCard()?.scrollIntoView({ block: "nearest", inline: "nearest" });
  place();
  refusal.querySelector("#refusal-title")?.focus({ preventScroll: true });
}

/** Put a refusal beside the card it is about, where there is room. */
function place() {
  const card = refusedCard();
  if (!card || document.querySelector("dialog[open]")) return;
  card.classList.add("card--refused");
  const refusal = region.querySelector(".refusal");
  refusal.classList.add("refusal--placed");
  const at = card.getBoundingClientRect();
  const own = refusal.getBoundingClientRect();
  const isLeft = at.right + MARGIN + own.width > innerWidth;
  const top = Math.max(MARGIN, Math.min(at.top, innerHeight - own.height - MARGIN));
  refusal.classList.toggle("refusal--left", isLeft);
  refusal.style.left = `${Math.max(MARGIN, isLeft ? at.left - MARGIN - own.width : at.right + MARGIN)}px`;
  refusal.style.top = `${top}px`;
  refusal.style.setProperty("--point", `${Math.max(12, Math.min(at.top + 24 - top, own.height - 28))}px`);
}

function refusedCard() {
  const id = region.querySelector("[data-card-refused]")?.dataset.cardRefused;
  return id && document.querySelector(`#board [data-card="${id}"]`);
}

function dismiss() {
  const card = refusedCard();
  card?.classList.remove("card--refused");
  region.replaceChildren();
  (region.closest("dialog") ?? card?.querySelector(".card__title a"))?.focus({ preventScroll: true });
}
