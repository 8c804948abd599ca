// A card opened beside the board. Its address is the card's own, so that reloading and sharing work; going back closes it.

import { ask, isTyped, Unreachable } from "./fragments.js";
import { equip } from "./equip.js";
import { wake } from "./live.js";
import { complain } from "./answers.js";
import { say } from "./words.js";

const drawer = document.getElementById("drawer");
const answers = document.getElementById("answers");
const drafts = new Map();
let opener;
let opened;

/** Open links marked `data-sheet` in the drawer; in it, links marked `data-turn` show another card in its place. */
export function start() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-sheet]");
    if (link && isPlain(event)) {
      event.preventDefault();
      open(link.getAttribute("href"), link.id);
    } else if (event.target.closest("#drawer a[data-turn]") && isPlain(event)) {
      event.preventDefault();
      turn(event.target.closest("a").getAttribute("href"));
    } else if (event.target.closest("#drawer [data-close]") || event.target === drawer) {
      event.preventDefault();
      leave();
    }
  });
  drawer.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  window.addEventListener("popstate", ({ state }) => (state?.sheet ? load(state.sheet) : close()));
}

const isPlain = (event) => event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;

async function open(address, from) {
  if (history.state?.sheet === address) return;
  opener = from;
  if (await load(address)) history.pushState({ sheet: address }, "", address);
}

/** Close the drawer as going back does. */
export function leave() {
  history.state?.sheet ? history.back() : close();
}

async function turn(address) {
  if (await load(address)) turned(address);
}

/** The drawer shows the card of `address` now: going back still leads to the board, and to that card on it. */
export function turned(address) {
  opened = address;
  opener = `open-${address.match(/\d+/)}`;
  history.replaceState({ sheet: address }, "", address);
}

async function load(address) {
  drawer.setAttribute("aria-busy", "true");
  drawer.before(answers);
  try {
    const answer = await ask(address, drawer);
    if (!answer.ok) {
      location.assign(address);
      return false;
    }
    await Promise.all([dress(), equip()]);
    setAside();
    drawer.innerHTML = answer.html;
    takeUp(address);
    drawer.append(answers); // beside an open dialog they could be neither seen nor pressed
    htmx.process(drawer);
    if (!drawer.open) drawer.showModal();
    (drawer.querySelector(".sheet--form .input") ?? drawer).focus();
    drawer.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
    return true;
  } catch (fault) {
    if (!(fault instanceof Unreachable)) throw fault;
    complain(say("unreachable"));
    return false;
  } finally {
    drawer.removeAttribute("aria-busy");
  }
}

/** A board begins without the styles, as without the scripts, of what is not open yet. */
function dress() {
  const address = document.getElementById("tools")?.dataset.styles;
  if (!address || document.querySelector(`link[href="${address}"]`)) return null;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  const loaded = new Promise((resolve) => (link.onload = link.onerror = resolve));
  document.head.append(link);
  return loaded;
}

/** Words that were not sent yet outlive the closing of their sheet, until the page is left. */
function setAside() {
  const typed = [...drawer.querySelectorAll(":is(textarea, input)[id]:not([type=file])")].filter(isTyped);
  if (typed.length) drafts.set(opened, typed.map(({ id, value }) => [id, value]));
}

function takeUp(address) {
  opened = address;
  for (const [id, value] of drafts.get(address) ?? []) {
    const field = document.getElementById(id);
    if (!field || !drawer.contains(field)) continue;
    field.value = value;
    const folded = field.closest("details");
    if (folded) folded.open = true;
  }
  drafts.delete(address);
}

function close() {
  if (!drawer.open) return;
  setAside();
  drawer.before(answers);
  drawer.close();
  drawer.replaceChildren();
  document.getElementById(opener)?.focus();
  wake();
}
