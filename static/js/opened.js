// What an open card needs, and with it all pages but a board, which fetches this with the first card that is opened.

import * as copy from "./copy.js";
import * as deeds from "./deeds.js";
import * as desk from "./desk.js";
import * as drafts from "./drafts.js";
import * as mentions from "./mentions.js";
import * as misses from "./misses.js";
import * as order from "./order.js";
import * as print from "./print.js";
import * as reading from "./reading.js";
import * as texts from "./texts.js";
import * as uploads from "./uploads.js";
import * as viewer from "./viewer.js";

for (const part of [uploads, misses, deeds, copy, reading, texts, drafts, order, viewer, desk, mentions, print]) part.start();
