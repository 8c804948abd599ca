// What is typed is kept before it is saved: in this browser at every stroke, with the server as soon as the hands rest.
// The browser's copy goes when the server has the words; until then it is offered again, to the same person alone.

import { hands, time } from "./clock.js";
import { isTyped } from "./fragments.js";
import { baseOf, setBase } from "./texts.js";
import { say } from "./words.js";

const FORM = "form[data-draft]";
const REST = 1000;
const RETRY = 5000;
const waiting = new Map(); // forms whose words the server does not have yet, and the timer of the next try
const underWay = new WeakMap();
const settled = new WeakSet(); // forms that were saved or given up while a draft was under way

/** Keep what is typed into materials. */
export function start() {
  document.addEventListener("input", ({ target }) => note(target.closest?.(FORM)));
  document.addEventListener("focusout", ({ target }) => flush(target.closest?.(FORM)));
  document.addEventListener("given-up", ({ target }) => giveUp(target));
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && detail.elt.matches(FORM)) settle(detail.elt);
    if (detail.successful && detail.elt.matches("[data-drops]")) giveUp(droppedBy(detail.elt));
  });
  document.addEventListener("submit", ({ target }) => target.matches("[data-drops]") && settle(droppedBy(target)), { capture: true });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { elt } = detail.requestConfig;
    if (elt.matches("[data-drops]") && detail.xhr.status < 400) droppedBy(elt).reset();
  });
  document.addEventListener("visibilitychange", () => document.hidden && flushAll());
  window.addEventListener("pagehide", flushAll);
  window.addEventListener("online", flushAll);
  document.addEventListener("shown", offer);
  offer();
}

const droppedBy = (form) => document.getElementById(form.dataset.drops);
const fields = (form) => [...form.querySelectorAll("[name=text], [name=link]")];
const wordsOf = (form) => fields(form).map(({ value }) => value.trim()).filter(Boolean).join("\n");
const flushAll = () => [...waiting.keys()].forEach(flush);

function note(form) {
  if (!form) return;
  settled.delete(form);
  remember(form.dataset.key, { body: wordsOf(form), number: baseOf(form), at: time() });
  tell(form, "");
  later(form, REST);
}

function later(form, delay) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => send(form), delay));
}

function flush(form) {
  if (waiting.has(form) && !underWay.has(form)) send(form);
}

async function send(form) {
  clearTimeout(waiting.get(form));
  if (underWay.has(form)) return later(form, REST);
  const body = wordsOf(form);
  const trip = post(form, body);
  underWay.set(form, trip);
  const isKept = await trip;
  underWay.delete(form);
  if (settled.has(form)) return isKept && void post(form, ""); // it came after what it was a draft of
  if (isKept && wordsOf(form) === body) {
    waiting.delete(form);
    forget(form.dataset.key);
    tell(form, body ? say("draftKept", { time: hands(sign()) }) : "");
  } else if (isKept) later(form, REST);
  else {
    tell(form, say("draftHere"));
    later(form, RETRY);
  }
}

/** Whether the server has the words. */
async function post(form, body) {
  const { csrf_token: token, material } = form.elements;
  const data = new URLSearchParams({ csrf_token: token.value, material: material.value, kind: form.dataset.kind, number: baseOf(form), body });
  try {
    return (await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: true })).status === 204;
  } catch {
    return false;
  }
}

function settle(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  forget(form.dataset.key);
  if (underWay.has(form)) settled.add(form);
}

function giveUp(form) {
  if (!form?.matches(FORM)) return;
  const wasKept = form.querySelector("[data-state]").textContent !== "";
  settle(form);
  tell(form, "");
  if (wasKept && !underWay.has(form)) post(form, "");
}

/** Words that never reached the server, from a closed tab or a lost connection. */
function offer() {
  for (const form of document.querySelectorAll(FORM)) {
    const left = recall(form.dataset.key);
    if (!left || waiting.has(form) || fields(form).some(isTyped)) continue;
    if (left.body === wordsOf(form)) forget(form.dataset.key);
    else if (left.at >= Date.parse(form.dataset.saved ?? 0)) takeUp(form, left);
  }
}

function takeUp(form, { body, number }) {
  const lines = form.dataset.kind === "link" ? body.split("\n") : [body];
  while (fields(form).length < lines.length) form.querySelector("[data-another]").click();
  fields(form).forEach((field, place) => (field.value = lines[place] ?? ""));
  setBase(form, number);
  const fold = form.closest("details");
  if (fold) fold.open = true;
  tell(form, say("draftHere"));
  later(form, 0);
}

function tell(form, words) {
  form.querySelector("[data-state]").textContent = words;
}

const sign = () => document.querySelector(".pulse__clock").textContent.trim()[2];

// A browser may refuse to keep anything; then the server alone does.

function remember(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {}
}

function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {}
}
