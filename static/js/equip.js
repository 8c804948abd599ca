// A board fetches what only an open card needs with the first card that is opened; other pages begin with it.

import { bring } from "./tools.js";

/** Fetch and start it, once. */
export async function equip() {
  await bring();
  await import("./opened.js");
}
