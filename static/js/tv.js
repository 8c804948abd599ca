// A television that waits to be paired: asks whether its code was typed in, and goes to its display then.
// Old browsers run this: no syntax younger than modules themselves.

const PACE = 2000;
const PATIENCE = 10000;
const shown = document.getElementById("code");
const lost = document.getElementById("lost");

async function ask() {
  const patience = window.AbortController ? new AbortController() : { abort() {} };
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const headers = { "HX-Request": "true", "If-None-Match": `"${shown.textContent}"` };
    const how = { headers, cache: "no-store", credentials: "same-origin", signal: patience.signal };
    const answer = await fetch("/tv", how);
    if (answer.status >= 500) throw new Error(String(answer.status));
    const away = answer.headers.get("HX-Redirect");
    if (away) return void location.replace(away);
    if (answer.status === 200) renew(await answer.text());
    lost.hidden = true;
  } catch (cause) {
    lost.hidden = false;
  }
  clearTimeout(timer);
  setTimeout(ask, PACE);
}

function renew(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("code");
  if (fresh && fresh.textContent !== shown.textContent) shown.textContent = fresh.textContent;
}

setTimeout(ask, PACE);
