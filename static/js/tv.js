// A television that waits to be paired: asks whether its code was typed in, and goes to its display then.
// Old browsers run this: no syntax younger than modules themselves.

const PACE = 2000;
const shown = document.getElementById("code");

async function ask() {
  try {
    const headers = { "HX-Request": "true", "If-None-Match": `"${shown.textContent}"` };
    const answer = await fetch("/tv", { headers, cache: "no-store", credentials: "same-origin" });
    const away = answer.headers.get("HX-Redirect");
    if (away) return void location.replace(away);
    if (answer.status === 200) renew(await answer.text());
  } catch (cause) {
    // Nobody answers: asked again.
  }
  setTimeout(ask, PACE);
}

function renew(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("code");
  if (fresh && fresh.textContent !== shown.textContent) shown.textContent = fresh.textContent;
}

setTimeout(ask, PACE);
