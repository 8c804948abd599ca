// Sending a move: the same form from buttons, drag and keyboard. The card stays where it is until the answer.

import { ask, show, Unreachable } from "./fragments.js";
import { announce } from "./announce.js";
import { say } from "./words.js";
import { wake } from "./live.js";
import { bring } from "./tools.js";
import { complain, refuse } from "./answers.js";

/** Let the forms of cards and of the undo message be sent without leaving the page. */
export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-move], [data-undo]")) return;
    const board = document.getElementById("board");
    if (!board) return;
    event.preventDefault();
    const card = event.submitter?.closest("[data-card]");
    if (card) carry(card, event.submitter.value, waysOf(card).get(event.submitter.value));
    else send(form.action, new FormData(form), null);
  });
  document.addEventListener("click", (event) => {
    const back = event.target.closest("[data-return]");
    if (!back) return;
    event.preventDefault();
    carry(back.closest("[data-card]"), back.dataset.return, "return");
  });
}

export const titleOf = (card) => card.querySelector(".card__title").textContent;

/** The kind of each way out of the step in which `card` stands, by where it leads. */
export const waysOf = (card) => new Map(card.closest("[data-column]").dataset.exits.trim().split(" ").map((exit) => exit.split(":")));

/** Take `card` to `to` by an exit of the given kind; a return, and a way on that misses its day, ask why first. */
export async function carry(card, to, kind) {
  const asked = await asksOf(card, to, kind);
  if (!asked) return;
  const { csrf_token, back } = document.getElementById("move").elements;
  for (const [name, value] of Object.entries({ csrf_token: csrf_token.value, back: back.value, to, version: card.dataset.version })) asked.set(name, value);
  send(card.querySelector("[formaction]").formAction.split("?")[0], asked, card);
}

/** What is told with the move: a reason where one is asked for; null where it was called off, or nobody answers. */
async function asksOf(card, to, kind) {
  let reasons;
  try {
    [reasons] = await Promise.all([import("./reason.js"), bring()]);
  } catch (fault) {
    if (!(fault instanceof Unreachable || fault instanceof TypeError)) throw fault;
    return complain(say("unreachable"));
  }
  if (kind === "return") return reasons.askReason(card, to);
  return card.matches("[data-asks-why]") ? reasons.askWhy(document.getElementById("miss"), titleOf(card), kind) : new FormData();
}

async function send(address, data, card) {
  const board = document.getElementById("board");
  const title = card && titleOf(card);
  const focus = card?.contains(document.activeElement) && focusOf(document.activeElement);
  card?.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(address, board, { form: data });
    card?.removeAttribute("aria-busy");
    if (answer.html.includes('id="board"')) show(board, answer.html);
    else if (answer.html.includes('id="refusal"')) refuse(answer.html);
    else complain(say("unanswered"));
    if (answer.ok && card) arrived(card.dataset.card, title, focus);
  } catch (fault) {
    card?.removeAttribute("aria-busy");
    if (!(fault instanceof Unreachable)) throw fault;
    complain(say("unreachable"));
  }
  wake();
}

/** A focus that came by keyboard follows the card into view; one that came by touch or mouse scrolls nothing. */
const focusOf = (element) => ({ preventScroll: !element.matches(":focus-visible") });

/** Say where the card is now, and keep the focus on it where it was. */
function arrived(id, title, focus) {
  const link = document.getElementById(`open-${id}`);
  const column = link?.closest("[data-column]");
  if (!column) return;
  const name = column.querySelector(".node__title").lastChild.textContent;
  announce(column.dataset.column === "end" ? `${title}: ${name}` : say("moved", { title, step: column.dataset.column, name }));
  if (focus) link.focus(focus);
}
