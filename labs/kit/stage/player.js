// A recorded run in a page of its own. In the kernel's place, a model answers "ready" with all that was recorded.

import { count } from "./pen.js";
import { SCENES } from "./scenes.js";
import { render } from "./stage.js";

const NEEDS_NO_LAB = ["ready", "painted", "gone", "where", "asked", "presented"];

const RECORDING = "This is a recording. To change something, paste its ticket into a lab.";

function recordedModel({ scene, messages, standings }) {
  const listeners = {};
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const answer = (content, buffers = []) => setTimeout(() => listeners["msg:custom"]?.(content, buffers));
  return {
    get: () => scene,
    on: (name, listener) => { listeners[name] = listener; },
    off: (name) => { delete listeners[name]; },
    save_changes() {},
    send({ type, sweep }) {
      if (type === "ready") for (const { content, buffers } of messages) answer(content, buffers.map(bytes));
      if (!NEEDS_NO_LAB.includes(type)) answer({ type: "message", message: RECORDING });
      if (type !== "where" || !standings.length) return;
      const [since, name, why] = standings.findLast(([first]) => first <= sweep);
      answer({ type: "standing", sweep, name, why: why + (since < sweep ? ` (as at sweep ${count(since)})` : "") });
    },
  };
}

// Play moves the time slider, the whole run in ten seconds.
function playButton(time) {
  const button = document.createElement("button");
  Object.assign(button, {
    className: "jupyter-button bp-main", type: "button", textContent: "\u25b6 Play",
    title: "Show the run from its beginning to its end",
  });
  let began = null, from = 0;
  const show = (sweep) => { time.value = sweep; time.dispatchEvent(new Event("input")); };
  const tick = (now) => {
    if (began === null) return;
    show(Math.min(Number(time.max), from + Math.round(((now - began) / 1e4) * Number(time.max))));
    if (Number(time.value) < Number(time.max)) requestAnimationFrame(tick); else stop();
  };
  const stop = () => { began = null; button.textContent = "\u25b6 Play"; };
  time.addEventListener("pointerdown", stop);
  time.addEventListener("keydown", stop);
  button.addEventListener("click", () => {
    if (began !== null) return stop();
    button.textContent = "\u275a\u275a Pause";
    from = Number(time.value) < Number(time.max) ? Number(time.value) : 0;
    began = performance.now();
    requestAnimationFrame(tick);
  });
  return button;
}

// The look is the system's, until the person chooses.
function lookButton() {
  const button = document.createElement("button"), dark = matchMedia("(prefers-color-scheme: dark)");
  const look = (isDark) => {
    document.body.dataset.jpThemeLight = String(!isDark);
    button.textContent = isDark ? "Light" : "Dark";
    button.title = `Show the page ${isDark ? "light" : "dark"}`;
  };
  Object.assign(button, { className: "jupyter-button", type: "button" });
  button.addEventListener("click", () => look(document.body.dataset.jpThemeLight === "true"));
  dark.addEventListener("change", () => look(dark.matches));
  look(dark.matches);
  return button;
}

// What the lab was set to, and its ticket.
function describe(box, { settings, ticket }) {
  const table = document.createElement("table");
  for (const [name, value] of settings) {
    const row = table.insertRow(), head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    row.append(head);
    row.insertCell().textContent = value;
  }
  const about = document.createElement("p");
  about.textContent = "A run that was recorded: drag the sweep below the error curve, point at cases and weights. ";
  box.append(about, table);
  if (!ticket) return;
  about.textContent += "To learn on from here, paste the ticket into a lab.";
  const label = document.createElement("label"), field = document.createElement("textarea");
  label.textContent = "ticket";
  Object.assign(field, { readOnly: true, rows: 3, value: ticket });
  field.addEventListener("focus", () => field.select());
  label.append(field);
  box.append(label);
}

function play() {
  const recorded = JSON.parse(document.getElementById("recorded").textContent);
  const page = document.querySelector(".bp-lab"), stage = page.querySelector(".bp-recorded");
  for (const layout of Object.values(SCENES)) layout.editable = false;
  const look = lookButton(); // before anything is drawn
  describe(page.querySelector(".bp-controls"), recorded);
  render({ model: recordedModel(recorded), el: stage });
  page.querySelector(".bp-head").append(playButton(stage.querySelector(".bp-time")), look);
}

play();
