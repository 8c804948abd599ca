// Everything works without this; with it, nothing needs a new page.

import * as answers from "./answers.js";
import * as deeds from "./deeds.js";
import * as drag from "./drag.js";
import { equip } from "./equip.js";
import { guardSwaps } from "./fragments.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as map from "./map.js";
import * as menus from "./menus.js";
import * as misses from "./misses.js";
import * as moves from "./moves.js";
import * as notices from "./notices.js";
import * as once from "./once.js";
import * as sheet from "./sheet.js";
import * as sieve from "./sieve.js";
import * as ticker from "./ticker.js";
import * as uploads from "./uploads.js";

document.documentElement.classList.add("scripted");
guardSwaps();
for (const part of [once, answers, menus, sieve, misses, moves, keyboard, sheet, map, drag, ticker, uploads, deeds, notices, live]) part.start();
if (!document.getElementById("board")) equip();
