// Words of a material, written where they stand: opening leads into the field, Ctrl+Enter saves, leaving puts back
// what was there. What was written on one version is never saved as if it had been written on a later one.

const FORM = "form.give";
const bases = new WeakMap();
const told = new WeakSet();

/** Let the forms of materials be used without leaving the text. */
export function start() {
  document.addEventListener("toggle", enter, { capture: true });
  document.addEventListener("input", ({ target }) => noteBase(target.closest?.("form[data-draft]")), { capture: true });
  document.addEventListener("keydown", save);
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-leave]")) leave(target.closest(FORM));
    if (target.closest("[data-another]")) addLink(target.closest(FORM));
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const base = bases.get(detail.elt.closest("form[data-draft]"));
    if (base !== undefined && detail.elt.matches("form")) detail.parameters.set("number", base);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => (detail.successful || detail.xhr.status === 409) && bases.delete(detail.elt));
  document.addEventListener("shown", ({ target }) => prepare(target));
  document.addEventListener("htmx:afterSwap", ({ detail }) => document.getElementById(detail.requestConfig?.elt.dataset.return)?.focus());
  prepare(document);
}

/** The version on which a person began to write. */
export const baseOf = (form) => form.dataset.base ?? bases.get(form) ?? form.elements.number.value;

/** Take `number` for the version on which the words in `form` were written. */
export const setBase = (form, number) => bases.set(form, number);

function noteBase(form) {
  if (form && !bases.has(form)) bases.set(form, form.elements.number.value);
}

function prepare(within) {
  for (const button of within.querySelectorAll(`${FORM} :is([data-leave], [data-another])`)) {
    button.hidden = button.matches("[data-leave]") && !button.closest("details.fill");
  }
  for (const heading of within.querySelectorAll("[data-overtaken]")) {
    const form = heading.closest(".fill").querySelector(FORM);
    bases.delete(form); // both wordings are in sight now
    if (told.has(heading)) continue;
    told.add(heading);
    const fold = heading.closest("details");
    if (fold) fold.open = true;
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  }
}

function enter({ target, newState }) {
  if (newState !== "open" || !target.matches("details.fill") || document.activeElement !== target.querySelector("summary")) return;
  const field = target.querySelector("textarea, input[type=url]");
  field?.focus();
  field?.setSelectionRange?.(field.value.length, field.value.length);
}

function save(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.(FORM);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}

function leave(form) {
  bases.delete(form);
  form.reset();
  const fold = form.closest("details");
  fold.open = false;
  fold.querySelector("summary").focus();
  const draft = fold.querySelector("[data-drops]");
  if (draft) draft.requestSubmit();
  else form.dispatchEvent(new CustomEvent("given-up", { bubbles: true }));
}

function addLink(form) {
  const fields = form.querySelectorAll("[name=link]");
  const field = fields[0].cloneNode();
  Object.assign(field, { id: `${fields[0].id}-${fields.length + 1}`, value: "", defaultValue: "", required: false, ariaLabel: `${fields[0].ariaLabel} ${fields.length + 1}` });
  fields[fields.length - 1].after(field);
  field.focus();
}
