// The procedure lab: the network in the middle, the steps on its left, and on its right the equation, the words, the
// check and the question. Python sends the whole moment; nothing is computed here.

import { announcer, setDescription } from "../kit/stage/announce.js";
import { disable, followPointer, followTheme, nameSliders } from "../kit/stage/interaction.js";
import { receiveLate } from "../kit/stage/late_module_fix.js";
import { count, Pen, readTheme } from "../kit/stage/pen.js";
import { drawProcedure, HEIGHT } from "./network.js";

// _ji is a subscript, ^{...} a superscript.
function put(element, text) {
  const parts = text.split(/([_^](?:\{[^}]*\}|\w+))/);
  element.replaceChildren(...parts.filter(Boolean).map((part) => {
    const small = /^([_^])(?:\{([^}]*)\}|(\w+))$/.exec(part);
    if (!small) return part;
    const made = document.createElement(small[1] === "_" ? "sub" : "sup");
    made.textContent = small[2] ?? small[3];
    return made;
  }));
  return element;
}

const make = (tag, className, text = "") => put(Object.assign(document.createElement(tag), { className }), text);

function rowOf(cells, className = "") {
  const row = make("tr", className);
  row.replaceChildren(...cells);
  return row;
}

function buildBoard(el) {
  el.classList.add("bp-board");
  el.innerHTML = `
    <div class="bp-steps"><h4></h4><ol></ol></div>
    <div class="bp-sofar"><h4>Accumulated so far</h4>
      <p class="bp-cases-done"></p><p class="bp-E"></p><p class="bp-agrees"></p></div>
    <div class="bp-view"><canvas tabindex="0" role="application" aria-roledescription="drawing"></canvas>
      <div class="bp-tip" aria-hidden="true" hidden></div><div class="bp-voice" aria-live="polite"></div></div>
    <div class="bp-explain">
      <h4 class="bp-equation-title"></h4>
      <div class="bp-equation"><div class="bp-general"></div><div class="bp-numbers"></div></div>
      <h4>In words</h4><p class="bp-say" aria-live="polite"></p>
      <h4>Check it: nudge a weight</h4>
      <div class="bp-check"><table>
        <thead><tr><th>weight</th><th>by (6)</th><th>by nudging \u00b110<sup>\u22126</sup></th><th></th></tr></thead>
        <tbody></tbody></table></div>
      <form class="bp-ask"><h4></h4>
        <input type="text" inputmode="decimal" autocomplete="off" placeholder="?" /><button type="submit">Check</button>
        <button type="button" class="bp-show-me" title="Go on without an answer">Show me</button>
        <p class="bp-reply" role="status"></p></form>
      <p class="bp-message" role="alert"></p>
    </div>`;
  return (selector) => el.querySelector(selector);
}

function showSteps(find, { step, steps }) {
  find(".bp-steps h4").textContent = step ? `Step ${step} of ${steps.length}` : `${steps.length} steps`;
  find(".bp-steps ol").replaceChildren(...steps.map(([name, equations], k) => {
    const item = make("li", k + 1 < step ? "bp-done" : k + 1 === step ? "bp-now" : "", `${name} ${equations}`);
    if (k + 1 === step) item.setAttribute("aria-current", "step");
    return item;
  }));
}

function showSoFar(find, { sofar: { done, cases, E }, agreement: [mark, sentence], sweep }) {
  find(".bp-cases-done").textContent = `Sweep ${count(sweep)} \u00b7 ${done} of ${cases} cases`;
  find(".bp-E").textContent = `E = ${E}`;
  find(".bp-agrees").textContent = sentence;
  find(".bp-agrees").dataset.mark = mark;
}

function showEquation(find, { equation: { general, lines, rows, note }, title, words }) {
  find(".bp-equation-title").textContent = title[0].toUpperCase() + title.slice(1);
  find(".bp-general").replaceChildren(...general.map((line) => { // the number of the equation stands at the right
    const row = make("div", ""), [text, mark = ""] = line.split("  ");
    row.append(make("span", "", text), " ", make("span", "", mark));
    return row;
  }));
  const kinds = (line) => `bp-line${/\d\.\d/.test(line) ? "" : " bp-letters"}${line[0] === "=" ? " bp-more" : ""}`;
  const body = lines ? lines.map((line) => make("div", kinds(line), line)) : [make("table", "")];
  if (rows) body[0].replaceChildren(...rows.map((row, k) => rowOf(row.map((text) => make(k ? "td" : "th", "", text)))));
  if (note) body.push(make("div", "bp-small", note));
  find(".bp-numbers").replaceChildren(...body);
  put(find(".bp-say"), words);
}

function showChecks(find, { checks }) {
  const rows = checks.map(({ name, by_6: by6, by_nudging: byNudging, agrees }) => rowOf([
    make("td", "", name), make("td", by6 ? "" : "bp-small", by6 || "at step 7"), make("td", "", byNudging),
    make("td", "bp-mark-yes", agrees ? "\u2713" : ""),
  ]));
  const help = make("td", "", "Click an arc or a bias to add its weight, or to take it away.");
  const hint = rowOf([Object.assign(help, { colSpan: 4 })], "bp-small");
  find(".bp-check tbody").replaceChildren(...rows, ...(rows.length < 4 ? [hint] : []));
}

function showQuestion(find, { question, reply, message }, asked) {
  put(find(".bp-ask h4"), `Your turn: ${question}`);
  const field = find(".bp-ask input");
  field.setAttribute("aria-label", find(".bp-ask h4").textContent);
  if (asked !== question) field.value = "";
  put(find(".bp-reply"), reply ? reply[1] : "");
  find(".bp-reply").dataset.mark = reply ? reply[0] : "";
  find(".bp-message").textContent = message;
}

function render({ model, el }) {
  const find = buildBoard(el), canvas = find("canvas"), holder = find(".bp-view"), pen = new Pen(canvas);
  const view = { lit: null, painted: 0 };
  let theme = readTheme(el), scheduled = false, asked = "", disconnected = false;

  const paint = () => {
    scheduled = false;
    view.width = holder.clientWidth;
    if (!view.width) return;
    const scale = Math.min(1, view.width / 340); // a phone shows it smaller
    pen.begin(view.width, HEIGHT * scale, theme);
    pen.ctx.scale(scale, scale);
    drawProcedure(pen, view, view.width / scale);
    const scaled = ({ x, y, w, h }) => ({ x: x * scale, y: y * scale, w: w * scale, h: h * scale });
    pen.spots = canvas.spots = pen.spots.map((spot) => ({ ...spot, ...scaled(spot) }));
    view.painted += 1;
    const { step, case: number, case_name, sweep, title, words } = view.scene;
    Object.assign(canvas.dataset, { step, case: number, sweep, lit: view.lit ?? "", painted: view.painted });
    const keys = "Arrow keys go through weights and units; Enter checks a weight by nudging it.";
    const moment = `Sweep ${sweep}, case ${case_name}, step ${step} of 8: ${title}.`;
    setDescription(canvas, `A 2-2-1 network. ${moment} ${make("p", "", words).textContent} ${keys}`);
  };
  const repaint = () => { if (!scheduled) { scheduled = true; requestAnimationFrame(paint); } };
  const show = () => {
    const { scene } = Object.assign(view, { scene: model.get("scene") });
    for (const part of [showSteps, showSoFar, showEquation, showChecks]) part(find, scene);
    showQuestion(find, scene, asked);
    asked = scene.question;
    repaint();
  };

  followPointer(pen, canvas, find(".bp-tip"), {
    onPoint: (spot) => { view.lit = spot?.key ?? null; repaint(); },
    announce: announcer(find(".bp-voice")),
    onChoose({ kind, index }) {
      if (!disconnected && kind === "weight") model.send({ type: "nudge", key: index });
    },
  });
  find(".bp-ask").addEventListener("submit", (event) => {
    event.preventDefault();
    model.send({ type: "answer", text: find(".bp-ask input").value });
  });
  find(".bp-ask").addEventListener("keydown", (event) => { if (event.key !== "Tab") event.stopPropagation(); });
  const resized = new ResizeObserver(() => { nameSliders(el); repaint(); });
  resized.observe(holder);
  const unfollowTheme = followTheme(() => { theme = readTheme(el); repaint(); });
  const onDisconnect = () => {
    disconnected = true;
    disable(el, find(".bp-message"));
  };
  model.on("change:scene", show);
  model.on("comm_live_update", onDisconnect);
  show();
  receiveLate(model);
  return () => {
    model.off("change:scene", show);
    model.off("comm_live_update", onDisconnect);
    resized.disconnect();
    unfollowTheme();
  };
}

export default { render };
