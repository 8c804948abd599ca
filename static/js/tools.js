// What opens on a board: dialogs, the viewer, and the words and icons of these. The page begins without them.

import { ask, Unreachable } from "./fragments.js";
import { learn } from "./words.js";

let brought;

/** Fetch them and put them on the page, once; raises Unreachable. Other pages have them from the start. */
export function bring() {
  brought ??= fetchInto(document.getElementById("tools")).catch((fault) => {
    brought = undefined;
    throw fault;
  });
  return brought;
}

async function fetchInto(place) {
  if (!place) return;
  const answer = await ask(place.dataset.tools, place);
  if (!answer.ok) throw new Unreachable(place.dataset.tools);
  place.innerHTML = answer.html;
  learn(place.querySelector("[data-words]"));
}
