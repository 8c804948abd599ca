// Lifting a card by mouse or finger. SortableJS lifts and carries; nothing is reordered, and where the card may go,
// the server has said. Dropping it submits the card's own form.

import { Unreachable } from "./fragments.js";
import { carry } from "./moves.js";
import { bring } from "./tools.js";

const SORTABLE = "../vendor/sortablejs@1.15.7/Sortable.min.js";
const HOLD = 220; // a finger that moves sooner scrolls
const STILL = 6;
const EDGE = 72;
let targets;
let fetched;
let isReady = false;
let pressed;
let point;
let byFinger = false;
let cancelled;
let inHand = false;

/** Let cards of this person's lanes be lifted. What lifts them is fetched when a hand first comes near. */
export function start() {
  if (!document.getElementById("board")) return;
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, ({ target }) => target.closest("#board") && fetchAll());
  document.addEventListener("pointerdown", press, { capture: true });
  document.addEventListener("pointermove", (event) => pressed?.pointerType === "touch" && isAway(event) && (pressed = null));
  for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => (pressed = null));
  document.addEventListener("dragstart", (event) => pressed && event.preventDefault());
  document.addEventListener("shown", prepare);
  document.addEventListener("keydown", cancel, { capture: true });
  // From the moment a finger holds a card, its moves carry the card and scroll nothing, and no menu pops up.
  document.addEventListener("touchmove", (event) => inHand && event.cancelable && event.preventDefault(), { passive: false });
  document.addEventListener("contextmenu", (event) => inHand && event.preventDefault());
}

function fetchAll() {
  fetched ??= Promise.all([import("./targets.js"), import(SORTABLE), bring()]).then(begin, (fault) => {
    fetched = undefined; // the next time that a hand comes near
    if (!(fault instanceof Unreachable || fault instanceof TypeError)) throw fault;
  });
  return fetched;
}

function begin([module]) {
  targets = module;
  isReady = true;
  prepare();
  if (pressed) pressAgain(pressed);
}

/** A card that is pressed before anything could lift it is lifted as soon as it can be. */
function press(event) {
  if (isReady || !event.target.closest("#board [data-card]")) return;
  pressed = event;
  fetchAll();
}

const isAway = ({ clientX, clientY }) => Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) > STILL;

function pressAgain({ target, timeStamp, pointerId, pointerType, isPrimary, button, buttons, clientX, clientY }) {
  pressed = null;
  if (!target.isConnected) return;
  const stack = Sortable.get(target.closest(".stack"));
  stack.option("delay", Math.max(0, HOLD - (performance.now() - timeStamp)));
  target.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true, pointerId, pointerType, isPrimary, button, buttons, clientX, clientY }));
  stack.option("delay", HOLD);
}

function prepare() {
  if (!isReady) return;
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
      touchStartThreshold: STILL,
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
  if (!card || event.target.closest("button, summary")) return true;
  return !lanes().includes(card.dataset.lane) || card.getAttribute("aria-busy") === "true";
}

const lanes = () => document.getElementById("isi").dataset.lanes.split(" ");

function lift({ item }) {
  cancelled = false;
  point = undefined;
  document.documentElement.classList.add("lifting");
  targets.light(item);
  document.addEventListener("pointermove", follow);
  document.addEventListener("touchmove", follow);
}

function follow(event) {
  byFinger = Boolean(event.touches) || event.pointerType === "touch";
  point = event.touches?.[0] ?? event;
  targets.hover(point.clientX, point.clientY);
}

function drop({ item }) {
  document.removeEventListener("pointermove", follow);
  document.removeEventListener("touchmove", follow);
  document.documentElement.classList.remove("lifting");
  const target = point && !cancelled && targets.hover(point.clientX, point.clientY);
  targets.dim();
  spendSortablesClick();
  if (!byFinger) swallowClick();
  if (target) carry(item, target.to, target.kind);
}

function cancel(event) {
  if (event.key !== "Escape" || !isReady || !Sortable.active) return;
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
