// One stream of the server's: which versions there are now. It says something every few seconds; one that is silent
// is broken, whatever it looks like. Old televisions run this, too: no syntax younger than modules themselves.

/** Milliseconds after which a stream that says nothing is broken. */
export const SILENT = 12000;
const AGAIN = 60000;
const BURST = 4;

/**
 * Hold the stream of `address`. `hear` is told the versions each time anything was said, and null as soon as
 * there is nobody to hear: then one has to ask as often as ever.
 *
 * A change is told at once, but where one follows the other without end it is told once a second: a nudge must
 * not make more work than asking each second does.
 */
export function hold(address, hear) {
  let source = null;
  let timer = 0;
  let told = "";
  let newest = "";
  let held = 0;
  let credit = BURST;
  let creditAt = performance.now();
  if (self.EventSource) open();
  return { close };

  function open() {
    // The machine's clock is told for the health page alone; nothing goes by it.
    source = new EventSource(`${address}?at=${Date.now()}`);
    source.onmessage = ({ data }) => {
      wait();
      newest = data;
      if (!held) pass();
    };
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) rest(); // no room for it, or no right to it
      hear(null);
    };
    source.addEventListener("ended", () => {
      rest();
      hear(null);
    });
    wait();
  }

  function pass() {
    held = 0;
    const now = performance.now();
    credit = Math.min(BURST, credit + (now - creditAt) / 1000);
    creditAt = now;
    if (newest !== told && credit < 1) return void (held = setTimeout(pass, 1000 * (1 - credit)));
    if (newest !== told) credit -= 1;
    told = newest;
    hear(JSON.parse(told));
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      close();
      open();
      hear(null);
    }, SILENT);
  }

  /** Do without for a while; not all come back at once. */
  function rest() {
    close();
    timer = setTimeout(open, AGAIN * (0.5 + Math.random()));
  }

  function close() {
    clearTimeout(timer);
    clearTimeout(held);
    held = 0;
    if (source) source.close();
  }
}
