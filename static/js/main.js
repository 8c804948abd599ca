// Everything works without this; with it, nothing needs a new page.

import * as answers from "./answers.js";
import * as copy from "./copy.js";
import * as deeds from "./deeds.js";
import * as desk from "./desk.js";
import * as drafts from "./drafts.js";
import * as drag from "./drag.js";
import { guardSwaps } from "./fragments.js";
import * as keyboard from "./keyboard.js";
import * as live from "./live.js";
import * as map from "./map.js";
import * as mentions from "./mentions.js";
import * as menus from "./menus.js";
import * as misses from "./misses.js";
import * as moves from "./moves.js";
import * as notices from "./notices.js";
import * as once from "./once.js";
import * as reading from "./reading.js";
import * as order from "./order.js";
import * as print from "./print.js";
import * as sheet from "./sheet.js";
import * as sieve from "./sieve.js";
import * as texts from "./texts.js";
import * as ticker from "./ticker.js";
import * as uploads from "./uploads.js";
import * as viewer from "./viewer.js";

document.documentElement.classList.add("scripted");
guardSwaps();
for (const part of [once, copy, answers, menus, sieve, misses, moves, keyboard, sheet, reading, map, drag, ticker, texts, drafts, order, uploads, viewer, deeds, desk, notices, mentions, print, live]) part.start();
