// The page that learns: its data become a session, its controls, and the stage.

import { render } from "../kit/stage/stage.js";
import { button, controlsOf, element } from "./controls.js";
import { loadKernel } from "./engine.js";
import { Session } from "./session.js";

export const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// A task and its scene, put together again of what labs/kit/learning.py has written once.
export function unpack({ task, scene, cases, shared }, pool) {
  const own = pool[cases];
  return {
    task: { ...task, cases: own },
    scene: { ...scene, ...Object.fromEntries(shared.map((part) => [part, own[part]])) },
  };
}

// A promise of all tasks that the settings lead to, by those settings; made when it is first asked for.
function tasksOf({ task, pool, settings, taskSettings }, others) {
  let promise = null;
  const here = JSON.stringify(taskSettings.map((name) => settings[name]));
  return () => (promise ??= inflated(others).then(({ tasks, pool: more }) => {
    const found = { [here]: task, ...tasks }, all = [...pool, ...more];
    return Object.fromEntries(Object.entries(found).map(([key, packed]) => [key, unpack(packed, all)]));
  }));
}

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

// The look is the system's, until the person chooses.
function lookButton() {
  const dark = matchMedia("(prefers-color-scheme: dark)"), { dataset } = document.body;
  const look = (isDark) => {
    dataset.jpThemeLight = String(!isDark);
    made.textContent = isDark ? "Light" : "Dark";
    made.title = `Show the page ${isDark ? "light" : "dark"}`;
  };
  const made = button("", "", () => look(dataset.jpThemeLight === "true"));
  dark.addEventListener("change", () => look(dark.matches));
  look(dark.matches);
  return made;
}

export function sessionOf(kernel, about, others) {
  const start = about.start?.map((text) => new Float64Array(bytesOf(text).buffer));
  const data = { ...about, start, task: unpack(about.task, about.pool) };
  return new Session(kernel, data, { tasks: tasksOf(about, others) });
}

// The whole lab in `page`: its head, its controls, the stage.
export function build(page, session, { look, ticket }) {
  const head = page.querySelector(".bp-head"), box = page.querySelector(".bp-controls");
  const play = button("\u25b6 Play", "Learn, or stop learning", () => session.toggle(), "bp-main");
  const larger = button("A+", "Larger type, for a projector", () => {
    larger.setAttribute("aria-pressed", page.classList.toggle("bp-large"));
    larger.classList.toggle("mod-active");
  }, "bp-larger");
  larger.setAttribute("aria-pressed", "false");
  head.append(
    play,
    button("One sweep", "One pass through all cases, one change of the weights", () => session.step()),
    button("Until solved", "Learn until every case is right", () => session.playUntilSolved()),
    button("Restart", "Back to the same starting weights", () => session.reset()),
    button("Keep", "Keep this error curve, to compare others with it; four stay", () => session.keep()),
    larger, lookButton(),
  );
  const controls = controlsOf(session, look), shape = head.querySelector(".bp-name span");
  box.append(...controls.parts);
  session.onSettings = () => { controls.update(); shape.textContent = session.scene.shape ?? ""; };
  session.onPlaying = () => { play.textContent = session.playing ? "\u275a\u275a Pause" : "\u25b6 Play"; };
  if (ticket) page.append(ticketRow(ticket));
  render({ model: session.model, el: page.querySelector(".bp-recorded") });
}

// The ticket of the run that the page was made of.
function ticketRow(ticket) {
  const field = element("input", { readOnly: true, value: ticket });
  field.addEventListener("focus", () => field.select());
  return element("div", { className: "bp-share" }, element("label", {}, "Ticket", field));
}

async function start() {
  const read = (id) => document.getElementById(id).textContent;
  const about = JSON.parse(read("learning")), page = document.querySelector(".bp-lab");
  const session = sessionOf(await loadKernel(bytesOf(read("kernel"))), about, read("others"));
  build(page, session, about);
}

start();
