// Files seen large: the pictures, videos and PDFs of a gallery, one after the other, over everything else.
//
// A link takes part by `data-view` (image, video or pdf); its address is the file's, which it opens where
// this script is missing. `data-name`, `data-caption` and `data-preview` (a picture that is there sooner)
// are optional. Those within the nearest `data-gallery` belong together.

import { fill } from "./words.js";
import { Zoom } from "./zoom.js";

const viewer = document.getElementById("viewer");
const part = (name) => viewer.querySelector(`[data-viewer="${name}"]`);
const frame = viewer.querySelector(".viewer__frame");
const stage = part("stage");
const PAN = 0.2; // of the frame, with each press of an arrow

let gallery = [];
let place = 0;
let opener;
let zoom;

const DO = {
  previous: () => show(place - 1),
  next: () => show(place + 1),
  larger: () => zoom?.larger(),
  smaller: () => zoom?.smaller(),
  fit: () => zoom?.fit(),
  full: () => (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()),
  close: () => viewer.close(),
};

const KEYS = {
  ArrowLeft: () => (isLarge() ? zoom.look(-PAN, 0) : DO.previous()),
  ArrowRight: () => (isLarge() ? zoom.look(PAN, 0) : DO.next()),
  ArrowUp: () => isLarge() && zoom.look(0, -PAN),
  ArrowDown: () => isLarge() && zoom.look(0, PAN),
  PageUp: DO.previous,
  PageDown: DO.next,
  Home: () => show(0),
  End: () => show(-1),
  "+": DO.larger,
  "=": DO.larger,
  "-": DO.smaller,
  0: DO.fit,
  f: () => document.fullscreenEnabled && DO.full(),
};

const isLarge = () => zoom?.scale > 1;

/** Open links marked `data-view` in the viewer. */
export function start() {
  viewer.querySelector("[data-viewer-do=full]").hidden = !document.fullscreenEnabled;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-view]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  viewer.addEventListener("click", ({ target }) => DO[target.closest("[data-viewer-do]")?.dataset.viewerDo]?.());
  viewer.addEventListener("keydown", press);
  viewer.addEventListener("close", leave);
  document.addEventListener("fullscreenchange", () =>
    viewer.querySelector("[data-viewer-do=full]").setAttribute("aria-pressed", document.fullscreenElement === frame));
}

function open(link) {
  opener = link;
  const links = [...(link.closest("[data-gallery]")?.querySelectorAll("a[data-view]") ?? [link])];
  gallery = links.map((one) => ({ ...one.dataset, href: one.href }));
  viewer.classList.toggle("viewer--one", gallery.length === 1);
  viewer.showModal();
  viewer.focus();
  show(links.indexOf(link));
}

function press(event) {
  event.stopPropagation(); // the page below has keys of its own
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("video")) return;
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function show(wanted) {
  place = (wanted + gallery.length) % gallery.length;
  const file = gallery[place];
  const name = file.name ?? decodeURIComponent(new URL(file.href).pathname.split("/").pop());
  clear();
  document.getElementById("viewer-name").textContent = name;
  part("caption").textContent = file.caption ?? "";
  part("place").textContent = gallery.length > 1 ? position() : "";
  part("zoom").hidden = file.view !== "image";
  part("original").hidden = file.view !== "image";
  part("original").href = withQuery(file.href, "original");
  part("download").href = withQuery(file.href, "download");
  DRAWN[file.view](file, name);
}

function position() {
  const pattern = gallery.every(({ view }) => view === "image") ? viewer.dataset.photo : viewer.dataset.file;
  return fill(pattern, { no: place + 1, all: gallery.length });
}

function withQuery(href, name) {
  const address = new URL(href);
  address.searchParams.set(name, "1");
  return address;
}

const DRAWN = {
  image(file, name) {
    const picture = Object.assign(new Image(), { alt: file.caption || name, draggable: false, src: file.preview || file.href });
    stage.append(picture);
    zoom = new Zoom(stage, picture, (way) => gallery.length > 1 && show(place + way));
    picture.onerror = () => broken(picture);
    if (file.preview) picture.onload = () => sharpen(picture, file.href);
    for (const way of [1, -1]) fetchAhead(gallery.at((place + way) % gallery.length));
  },
  video(file) {
    const video = Object.assign(document.createElement("video"), { src: file.href, controls: true, playsInline: true, preload: "metadata" });
    video.onerror = () => broken(video);
    stage.append(video);
  },
  pdf(file, name) {
    if (navigator.pdfViewerEnabled ?? true) stage.append(Object.assign(document.createElement("iframe"), { src: file.href, title: name }));
    else if (file.preview) stage.append(Object.assign(new Image(), { src: file.preview, alt: name }));
    else broken();
  },
};

/** The whole picture takes the place of its preview when it is there: it is what one zooms into. */
async function sharpen(picture, address) {
  picture.onload = null;
  const whole = Object.assign(new Image(), { src: address });
  try {
    await whole.decode();
    if (picture.isConnected) picture.src = address;
  } catch {
    // the preview stays
  }
}

function fetchAhead(file) {
  if (file?.view === "image") new Image().src = file.preview || file.href;
}

function broken(shown) {
  if (shown && !shown.isConnected) return;
  clear();
  stage.append(Object.assign(document.createElement("p"), { textContent: viewer.dataset.broken }));
}

function clear() {
  zoom?.end();
  zoom = undefined;
  stage.querySelector("video")?.pause();
  stage.replaceChildren();
}

function leave() {
  if (document.fullscreenElement) document.exitFullscreen();
  clear();
  const there = opener.isConnected ? opener : document.querySelector(`a[data-view][href="${CSS.escape(opener.getAttribute("href"))}"]`);
  there?.focus();
}
