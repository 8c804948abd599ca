// A worker that all tabs of a browser share: it holds the one stream for those that are being looked at.

import { hold } from "./stream.js";

const RECENT = 3000;
const watchers = new Map();
let stream = null;
let versions = null;

self.onconnect = ({ ports: [port] }) => (port.onmessage = () => note(port));
setInterval(forget, 1000);

/** A tab says once a second that it is being looked at. */
function note(port) {
  if (!watchers.has(port)) welcome(port);
  watchers.set(port, performance.now());
}

function welcome(port) {
  if (versions) return port.postMessage(versions);
  stream?.close(); // perhaps it rests because of a session that is another one now
  stream = hold("/nudges", tell);
}

function tell(said) {
  versions = said;
  for (const port of watchers.keys()) port.postMessage(said);
}

function forget() {
  for (const [port, at] of watchers) if (performance.now() - at > RECENT) watchers.delete(port);
  if (watchers.size || !stream) return;
  stream.close();
  stream = versions = null;
}
