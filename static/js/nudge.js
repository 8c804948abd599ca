// What the server tells by itself: which boards have changed. One stream serves all tabs of a browser; one that
// knows no shared workers (phones) holds its own while it is being looked at, which there is one tab at a time.

import { hold, SILENT } from "./stream.js";

let versions = {};
let heard = -Infinity;
let port;
let own;
let tell;

/** Call `tell` as soon as anything is newer, or nobody tells any more. */
export function start(callback) {
  tell = callback;
  try {
    const worker = new SharedWorker(new URL("switchboard.js", import.meta.url), { type: "module" });
    worker.onerror = () => (port = null);
    port = worker.port;
    port.onmessage = ({ data }) => hear(data);
  } catch {
    port = null; // it is not known here
  }
}

/** This tab is being looked at: said once a second while it is. */
export function watch() {
  if (port) port.postMessage("watching");
  else own ??= hold("/nudges", hear);
}

/** Nobody looks at this tab. */
export function rest() {
  own?.close();
  own = null;
}

/** Whether changes are told, so that asking is only for what goes wrong. */
export const isLinked = () => performance.now() - heard < SILENT;

/** The version that was last told of what `element` shows: of its board, or of all of the person's together. */
export function told({ dataset: { board } }) {
  return board ? (versions[board] ?? 0) : Object.values(versions).reduce((sum, version) => sum + version, 0);
}

function hear(said) {
  versions = said ?? {};
  heard = said ? performance.now() : -Infinity;
  tell(Boolean(said));
}
