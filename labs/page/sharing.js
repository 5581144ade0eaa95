// Tickets of a page that learns: what labs/kit/share_row.py is where Python runs.

import { button, element } from "./controls.js";
import { agrees, parse, readTicket, runOf, ticketOf } from "./ticket.js";

const TICKET = /^#(bp\d+\..*)$/;
const OTHERWISE = "The weights are not those of the ticket: where it was made, numbers were rounded otherwise.";

// The ticket of a session. `about` says what a ticket has of its lab, see labs/kit/learning.py.
export function ticketOfSession(session, { lab, shown, left_out: leftOut, wholes }) {
  const { run, seed, speed, instant, marks } = session;
  const isSaid = ([name, value]) => !(name in leftOut && leftOut[name] === value);
  const settings = Object.fromEntries(Object.entries(session.settings).filter(isSaid));
  const chosen = session.shown?.(parse(shown)) ?? parse(shown);
  return ticketOf(run, { lab, seed, speed, instant, settings, marks, shown: chosen }, wholes);
}

// Make a session that of a ticket; an error in one sentence if it cannot be, and then nothing is changed.
export async function follow(session, text, { lab, title, shown, left_out: leftOut }) {
  const told = readTicket(text);
  if (told.lab !== lab) throw new Error(`the ticket is one of '${told.lab}'; one of the lab '${title}' is expected`);
  const isOfThese = casesOf(told.shown) === casesOf(JSON.parse(shown));
  if (!isOfThese) throw new Error("the ticket is one of other cases than this page has");
  const { settings, speed, instant, marks } = told, { settings: before, seed } = session;
  session.pause();
  Object.assign(session, { seed: told.seed, settings: { ...before, ...leftOut, ...settings } });
  if (!await session.changeTask(before, seed)) return;
  let run;
  try {
    run = runOf(session.kernel, { ...session.task, recipe: session.recipe() }, told);
  } catch (wrong) {
    const { settings: there, seed: its } = session;
    Object.assign(session, { settings: before, seed });
    await session.changeTask(there, its);
    throw wrong;
  }
  Object.assign(session, { speed, instant });
  session.choose?.(told.shown);
  session.replace(run, marks, []);
  session.onSettings();
  if (!agrees(run, told)) session.say(OTHERWISE);
}

// What was asked on the canvas, and the lane that was chosen, do not matter.
const casesOf = (shown) => JSON.stringify({ ...shown, asked: null, lane: null });

// The last row of the page: its ticket, and a link to it.
export function ticketRow(session, about) {
  const field = element("input", { type: "text", placeholder: "paste a ticket and press Enter", autocomplete: "off" });
  const attempt = async (act) => {
    try {
      await act();
    } catch (wrong) {
      session.say(`${wrong.message}.`);
    }
  };
  const show = (before) => attempt(() => { field.value = before + ticketOfSession(session, about); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && field.value) attempt(() => follow(session, field.value, about));
  });
  const whatLink = "The address of this page with the ticket in it: who opens it sees this run";
  const link = button("Link", whatLink, async () => {
    await show(`${location.href.split("#")[0]}#`);
    try {
      await navigator.clipboard.writeText(field.value);
      link.textContent = "Copied";
      setTimeout(() => { link.textContent = "Link"; }, 2000);
    } catch { /* not every browser allows it everywhere; the link is in the field */ }
  });
  const arrive = () => {
    const ticket = TICKET.exec(location.hash)?.[1];
    if (ticket) attempt(() => follow(session, ticket, about));
  };
  addEventListener("hashchange", arrive);
  arrive();
  const what = "Write this run, with every slider move, as a text to share";
  return element("div", { className: "bp-share" }, element("label", {}, "Ticket", field),
    button("Make ticket", what, () => show("")), link);
}
