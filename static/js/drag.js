// Lifting a card by mouse or finger. SortableJS lifts and carries; nothing is reordered, and where the card may go,
// the server has said. Dropping it submits the card's own form.

import { carry } from "./moves.js";
import { dim, hover, light } from "./targets.js";

const HOLD = 220; // a finger that moves sooner scrolls
const EDGE = 72;
let point;
let byFinger = false;
let cancelled;
let inHand = false;

/** Let cards of this person's lanes be lifted. */
export function start() {
  if (!document.getElementById("board")) return;
  prepare();
  document.addEventListener("shown", prepare);
  document.addEventListener("keydown", cancel, { capture: true });
  // From the moment a finger holds a card, its moves carry the card and scroll nothing, and no menu pops up.
  document.addEventListener("touchmove", (event) => inHand && event.cancelable && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => inHand && event.preventDefault());
}

function prepare() {
  for (const stack of document.querySelectorAll("#board .stack")) {
    if (Sortable.get(stack)) continue;
    new Sortable(stack, {
      draggable: "[data-card]",
      filter: isNotMine,
      preventOnFilter: false,
      sort: false,
      group: { name: "board", pull: false, put: false },
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 4,
      fallbackClass: "card--lifted",
      ghostClass: "card--held",
      chosenClass: "card--chosen",
      delay: HOLD,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      scroll: true,
      bubbleScroll: true,
      forceAutoScrollFallback: true,
      scrollSensitivity: EDGE,
      scrollSpeed: 14,
      onChoose: () => (inHand = true),
      onUnchoose: () => (inHand = false),
      onStart: lift,
      onEnd: drop,
    });
  }
}

function isNotMine(event, card) {
  if (!card || event.target.closest("button, summary, input, textarea, .card__back")) return true;
  return !lanes().includes(card.dataset.lane) || card.getAttribute("aria-busy") === "true";
}

const lanes = () => document.getElementById("isi").dataset.lanes.split(" ");

function lift({ item }) {
  cancelled = false;
  point = undefined;
  document.documentElement.classList.add("lifting");
  light(item);
  document.addEventListener("pointermove", follow);
  document.addEventListener("touchmove", follow);
}

function follow(event) {
  byFinger = Boolean(event.touches) || event.pointerType === "touch";
  point = event.touches?.[0] ?? event;
  hover(point.clientX, point.clientY);
}

function drop({ item }) {
  document.removeEventListener("pointermove", follow);
  document.removeEventListener("touchmove", follow);
  document.documentElement.classList.remove("lifting");
  const target = point && !cancelled && hover(point.clientX, point.clientY);
  dim();
  spendSortablesClick();
  if (!byFinger) swallowClick();
  if (target) carry(item, target.to, target.kind);
}

function cancel(event) {
  if (event.key !== "Escape" || !Sortable.active) return;
  cancelled = true;
  event.stopPropagation();
  document.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, cancelable: true }));
}

/** SortableJS lets the first click after a drag go nowhere. A finger's release makes none, so it would be the next tap. */
function spendSortablesClick() {
  document.documentElement.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
}

/** The release after a drag is no click on what lies below. */
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
}
