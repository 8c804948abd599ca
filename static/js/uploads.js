// Files on their way to a material: chosen, dropped, pasted or photographed; looked over; sent with progress.
// What is chosen stands in the form's own field, so that the form is sent as it would be without this.

import { complain } from "./answers.js";
import { announce } from "./announce.js";
import { say } from "./words.js";

const FORM = "form.give--file";
const PICTURE = 128; // its height in points
const captions = new WeakMap(); // of a File, since its row is drawn anew with the card
const sending = new Map(); // forms that are being sent, and how far they are (per cent)
const language = document.documentElement.lang;
let isFromHere = false;

/** Let files be given by every way in which people hold them. */
export function start() {
  document.addEventListener("change", choose);
  document.addEventListener("input", ({ target }) => target.name === "captions" && captions.set(fileOf(target), target.value));
  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-drop]")) drop(target.closest("li"));
    if (target.closest("[data-abort]")) htmx.trigger(target.closest(FORM), "htmx:abort");
    if (target.closest("[data-leave]") && target.closest(FORM)) setTimeout(() => draw(target.closest(FORM)));
  });
  document.addEventListener("paste", paste);
  document.addEventListener("dragstart", () => (isFromHere = true));
  document.addEventListener("dragend", () => (isFromHere = false));
  document.addEventListener("dragover", hover);
  document.addEventListener("dragleave", (event) => event.relatedTarget || light(null));
  document.addEventListener("drop", receive);
  document.addEventListener("htmx:confirm", check);
  document.addEventListener("htmx:beforeRequest", ({ target }) => target.matches(FORM) && progress(target, 0));
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    if (sending.has(target) && detail.lengthComputable && sending.get(target) < 100) progress(target, Math.floor((detail.loaded / detail.total) * 100));
  });
  document.addEventListener("htmx:xhr:abort", ({ target }) => target.matches(FORM) && announce(say("uploadStopped")));
  document.addEventListener("htmx:afterRequest", ({ target }) => target.matches?.(FORM) && progress(target, null));
  window.addEventListener("beforeunload", (event) => sending.size && event.preventDefault());
  document.addEventListener("shown", () => document.querySelectorAll(FORM).forEach(draw));
}

const field = (form) => form.querySelector("[name=files]");
const chosen = (form) => [...field(form).files];
const fileOf = (caption) => chosen(caption.form)[[...caption.form.querySelectorAll("[name=captions]")].indexOf(caption)];

function choose({ target }) {
  const form = target.closest?.(FORM);
  if (!form || target.type !== "file") return;
  if (!target.matches("[data-camera]")) return draw(form);
  add(form, [...target.files].map((file) => renamed(file, say("photo"))));
  target.value = "";
}

/** Put `files` beside those that are chosen already, and the form before the person's eyes. */
function add(form, files) {
  const known = new Set(chosen(form).map(identity));
  set(form, [...chosen(form), ...files.filter((file) => !known.has(identity(file)))]);
  const fold = form.closest("details");
  if (fold) fold.open = true;
  form.querySelector(".chosen").scrollIntoView({ block: "nearest" });
  form.querySelector(".chosen [name=captions]")?.focus({ preventScroll: true });
}

const identity = ({ name, size, lastModified }) => `${name}/${size}/${lastModified}`;

function set(form, files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  field(form).files = all.files;
  draw(form);
}

function drop(row) {
  const form = row.closest(FORM);
  const place = [...row.parentElement.children].indexOf(row);
  set(form, chosen(form).filter((_file, at) => at !== place));
  field(form).focus();
}

function draw(form) {
  const box = form.querySelector(".chosen");
  const files = chosen(form);
  box.hidden = !files.length;
  box.querySelector("ol").replaceChildren(...files.map((file) => row(form, file)));
  const fault = faultOf(form, files);
  const sum = say("chosen", { files: files.length, size: size(total(files)) });
  box.querySelector(".chosen__sum").textContent = files.length ? (fault ?? sum) : "";
  box.classList.toggle("chosen--wrong", Boolean(fault));
  if (sending.has(form)) progress(form, sending.get(form));
}

function row(form, file) {
  const item = form.querySelector("template").content.firstElementChild.cloneNode(true);
  item.querySelector("[data-name]").textContent = file.name;
  item.querySelector("[data-size]").textContent = size(file.size);
  const caption = item.querySelector("[name=captions]");
  caption.value = captions.get(file) ?? "";
  caption.ariaLabel = `${caption.placeholder} ${file.name}`;
  const button = item.querySelector("[data-drop]");
  button.ariaLabel = `${button.ariaLabel} ${file.name}`;
  picture(file, item.querySelector(".kept__pic"));
  return item;
}

/** A small picture of what is chosen, drawn here: no address of it exists yet. */
async function picture(file, place) {
  if (!file.type.startsWith("image/")) return;
  const image = await createImageBitmap(file, { resizeHeight: PICTURE, resizeQuality: "medium" }).catch(() => null);
  if (!image) return;
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  canvas.getContext("2d").drawImage(image, 0, 0);
  place.replaceChildren(canvas);
}

const total = (files) => files.reduce((sum, file) => sum + file.size, 0);

function faultOf(form, files) {
  const { files: number, bytes, most } = form.dataset;
  if (files.length > number) return say("tooMany", { most: number, files: files.length });
  if (total(files) > bytes) return say("tooLarge", { most, size: size(total(files)) });
  return null;
}

/** What is too much is not even sent. */
function check(event) {
  if (!event.target.matches(FORM)) return;
  const fault = faultOf(event.target, chosen(event.target));
  if (!fault) return;
  event.preventDefault();
  complain(fault);
}

function progress(form, share) {
  share === null ? sending.delete(form) : sending.set(form, share);
  const files = chosen(form);
  const box = form.querySelector(".sending");
  box.hidden = share === null || !files.length;
  form.querySelector("[type=submit]").disabled = share !== null;
  if (share === null) return;
  box.querySelector("progress").value = share;
  box.querySelector("progress").toggleAttribute("aria-busy", share === 100);
  box.querySelector("[data-abort]").hidden = share === 100;
  box.querySelector(".sending__share").textContent = share < 100 ? say("sent", { share: `${share}%`, size: size(total(files)) }) : say("checking");
}

/** A picture in the clipboard, mostly of the screen, goes to the material at hand. */
function paste(event) {
  const files = [...event.clipboardData.files];
  if (!files.length || event.clipboardData.types.includes("text/plain")) return;
  const form = formFor(event.target);
  if (!form) return;
  event.preventDefault();
  add(form, files.map((file) => (/^image\.\w+$/.test(file.name) ? renamed(file, say("screenshot")) : file)));
}

/** `file` under `name` and the moment: every camera and clipboard calls its pictures alike. */
function renamed(file, name) {
  const now = new Date();
  const local = new Date(now - now.getTimezoneOffset() * 60_000).toISOString();
  const ending = file.type === "image/jpeg" ? "jpg" : file.type.split("/")[1];
  return new File([file], `${name}-${local.slice(0, 10)}-${local.slice(11, 19).replaceAll(":", ".")}.${ending}`, { type: file.type, lastModified: file.lastModified });
}

/** The form of the material under `place`, else the first one of the open card that takes files. */
function formFor(place) {
  const card = document.querySelector("dialog#drawer[open] #sheet-card") ?? document.querySelector("main #sheet-card");
  if (!card || document.querySelector("dialog[open]:not(#drawer)")) return null;
  const own = place.closest?.(".material")?.querySelector(FORM);
  return own && card.contains(own) ? own : card.querySelector(FORM);
}

const holdsFiles = (event) => !isFromHere && event.dataTransfer?.types.includes("Files");
const cardUnder = (place) => document.querySelector("dialog[open]") ? null : place.closest?.("#board [data-card]");

function hover(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault(); // beside a target the browser would open the file and leave the page
  const place = cardUnder(event.target) ?? formFor(event.target)?.closest(".material");
  event.dataTransfer.dropEffect = place ? "copy" : "none";
  light(place);
}

function light(place) {
  for (const lit of document.querySelectorAll(".receiving")) if (lit !== place) lit.classList.remove("receiving");
  place?.classList.add("receiving");
}

function receive(event) {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  light(null);
  const files = [...event.dataTransfer.files];
  const card = cardUnder(event.target);
  if (!card) return void give(event.target, files);
  document.getElementById("drawer").addEventListener("shown", () => give(document.getElementById("drawer"), files), { once: true });
  card.querySelector("a[data-sheet]").click();
}

function give(place, files) {
  const form = formFor(place);
  if (form) add(form, files);
  else if (document.getElementById("sheet-card")) complain(say("noPlace"));
}

function size(octets) {
  const [unit, amount] = octets < 1000 ? ["B", octets] : octets < 1e6 ? ["kB", octets / 1e3] : ["MB", octets / 1e6];
  return `${amount.toLocaleString(language, { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${unit}`;
}
