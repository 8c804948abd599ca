// Everything works without this; with it, nothing needs a new page.

import * as answers from "./answers.js";
import * as drag from "./drag.js";
import { equip } from "./equip.js";
import { guardSwaps } from "./fragments.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as map from "./map.js";
import * as menus from "./menus.js";
import * as moves from "./moves.js";
import * as notices from "./notices.js";
import * as once from "./once.js";
import * as sheet from "./sheet.js";
import * as sieve from "./sieve.js";
import * as ticker from "./ticker.js";

document.documentElement.classList.add("scripted");
guardSwaps();
for (const part of [once, answers, menus, sieve, moves, keyboard, sheet, map, drag, ticker, notices, live]) part.start();
if (document.getElementById("board")) document.addEventListener("dragover", awaitFiles);

/** Files over a board need what takes them; until that is there they cannot be let go, which would leave the page. */
function awaitFiles(event) {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "none";
  equip();
}
