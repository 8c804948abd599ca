// Fragments of the server's: asking for them, and putting them in place without disturbing what a person is doing.

import { listen } from "./clock.js";

/** Nobody answered. */
export class Unreachable extends Error {}

const PATIENCE = 15_000;
const CONFIG = {
  disableInheritance: true, // else a polling board would abort its child's request
  allowEval: false,
  allowScriptTags: false,
  selfRequestsOnly: true,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  scrollBehavior: "instant",
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "403|409|422", swap: true },
    { code: "400|413|429|500|503|507", swap: true, error: true, target: "#answers", swapOverride: "innerHTML" },
    { code: "...", swap: false, error: true },
  ],
};
const shownTimes = new WeakMap();

/**
 * Ask for the fragment that stands in `element`; with `form` data, post it.
 * Answers `{ok, status, etag, html}`; raises Unreachable. Leaves the page where the server says so.
 */
export async function ask(url, element, { etag, form } = {}) {
  let response;
  try {
    response = await fetch(url, {
      method: form ? "POST" : "GET",
      body: form,
      headers: { "HX-Request": "true", "HX-Target": element.id, ...(etag && { "If-None-Match": etag }) },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const away = response.headers.get("HX-Redirect");
    if (away) location.assign(away);
    return { ok: response.ok, status: response.status, etag: response.headers.get("ETag"), html: await response.text() };
  } catch (cause) {
    throw new Unreachable(url, { cause });
  }
}

/** How often `element` was shown anew: an answer that was asked for before the last time is too late. */
export const timesShown = (element) => shownTimes.get(element) ?? 0;

/** Put the fragment into `element`'s place, unless it is older than what stands there. */
export function show(element, html) {
  if (isOlder(element, html)) return false;
  htmx.swap(element, html, { swapStyle: "morph", swapDelay: 0, settleDelay: 0 }, { contextElement: element });
  noteShown(document.getElementById(element.id) ?? element);
  return true;
}

/** Let htmx morph, and its own swaps follow the same rules. It takes them before it looks at the page. */
export function guardSwaps() {
  Object.assign(htmx.config, CONFIG);
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = mayUpdate;
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (element, fresh) => !isFilled(element, fresh);
  // The extension that comes with idiomorph takes every out-of-band swap for one that replaces the element itself.
  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph" || style === "morph:outerHTML",
    handleSwap: (style, target, fragment) => style.startsWith("morph") && Idiomorph.morph(target, fragment.children, { morphStyle: style.split(":")[1] ?? "outerHTML" }),
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target, xhr, requestConfig } = detail;
    if (isOlder(target, xhr.responseText)) detail.shouldSwap = false;
    else if (xhr.status < 400 && requestConfig.verb !== "get") requestConfig.elt?.closest("form")?.reset();
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => detail.target?.id && noteShown(document.getElementById(detail.target.id) ?? detail.target));
}

function noteShown(element) {
  shownTimes.set(element, timesShown(element) + 1);
  for (const teller of [element, ...element.querySelectorAll("[data-now]")]) if (teller.dataset?.now) listen(teller);
  keepInSight(element);
  element.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
}

/** What was typed and could not be saved stays open to the eye, not only in the page. */
function keepInSight(element) {
  for (const field of element.querySelectorAll("details:not([open]) :is(textarea, input)")) {
    if (isTyped(field)) field.closest("details").open = true;
  }
}

/** Versions are compared where the answer shows the same thing: another card may be on another board. */
function isOlder(element, html) {
  const [, address] = html.match(/data-live="([^"?]*)/) ?? [];
  if (address !== element.dataset?.live?.split("?")[0]) return false;
  const version = html.match(/data-version="(\d+)"/)?.[1];
  return Boolean(version && element.dataset?.version && Number(version) < Number(element.dataset.version));
}

/** Whether it is an open menu with what was asked for when it opened, and what comes is the list that has only its place. */
const isFilled = (element, fresh) => Boolean(element.dataset?.fill && element.closest("details[open]") && !fresh.querySelector("form, textarea"));

/** What a person has opened or typed, where one is, and what a filter hides, is not the server's to change. */
function mayUpdate(name, element) {
  if (name === "open") return !element.matches("details, dialog");
  if (name === "value") return !isTyped(element);
  if (name === "checked") return element.checked === element.defaultChecked;
  if (name === "selected") return !isTyped(element.closest("select"));
  if (name === "aria-current" || (name === "aria-label" && element.matches(".card__menu > summary"))) return false;
  return !(name === "hidden" && element.matches("[data-card]"));
}

/** Whether a field holds words that were not there before, or a choice that was not. */
export const isTyped = (field) =>
  field.matches("select")
    ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
    : field.matches('textarea, input:not([type="hidden"], [type="checkbox"], [type="radio"])') && field.value !== field.defaultValue;
