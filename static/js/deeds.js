// What can be done with a late card is asked for when its menu opens, so that the list itself stays small.

import { ask, show, Unreachable } from "./fragments.js";

const OPEN = "details[open] > [data-fill]";

/** Fill a row's menu when it opens, and again when the list has changed under it. */
export function start() {
  document.addEventListener("toggle", ({ target }) => fill(target.querySelector(":scope > [data-fill]")), true);
  document.addEventListener("shown", ({ target }) => target.matches(OPEN) || fill(target.querySelector(OPEN)));
}

/** Where nobody answers the link stays that leads to the same as a page. */
async function fill(panel) {
  if (!panel?.matches(OPEN)) return;
  try {
    const { ok, html } = await ask(panel.dataset.fill, panel);
    if (ok && panel.isConnected && panel.matches(OPEN)) show(panel, html);
  } catch (fault) {
    if (!(fault instanceof Unreachable)) throw fault;
  }
}
