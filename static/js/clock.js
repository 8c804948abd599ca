// The office's time, as the server told it. The machine's own clock may be wrong and is never asked.

let told = 0;
let heard = 0;
let windows = [];
let offset = 0;

/** Take from an element what it carries: the time in `data-now`, and in the bar the open windows. */
export function listen(element) {
  if (element.dataset.now) [told, heard] = [Date.parse(element.dataset.now), performance.now()];
  const pulse = element.querySelector("[data-windows]");
  if (pulse) {
    windows = windowsOf(JSON.parse(pulse.dataset.windows));
    offset = Number(pulse.dataset.offset) * 1000;
  }
}

/** Each open window from when to when, told as minutes after the one before and minutes that it lasts. */
function windowsOf(told) {
  let last = 0;
  return told.map(([after, lasts, ...words]) => {
    const opens = last + after * 60_000;
    last = opens + lasts * 60_000;
    return [opens, last, ...words];
  });
}

/** Milliseconds since 1970, by the server. */
export const time = () => told + performance.now() - heard;

/** The hands of the office's clock: `10.42`, with the sign between them that the server writes. */
export function hands(sign) {
  const local = new Date(time() + offset);
  return [local.getUTCHours(), local.getUTCMinutes()].map((part) => String(part).padStart(2, "0")).join(sign);
}

/** Seconds of open office between two moments. */
export const worked = (from, to) =>
  windows.reduce((sum, [opens, closes]) => sum + Math.max(0, Math.min(closes, to) - Math.max(opens, from)), 0) / 1000;

/** Whether the office is open now, in words: until when, or when it opens again. */
export function office() {
  const now = time();
  const current = windows.find(([opens, closes]) => opens <= now && now < closes);
  if (current) return { open: true, time: current[3] };
  return { open: false, time: (windows.find(([opens]) => opens > now) || [])[2] };
}
