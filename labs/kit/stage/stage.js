// The stage: one canvas, a real slider for the time, and the sentences about what was learnt. The kernel sends pieces of a
// run; the page keeps them all, paints the moment that is chosen, and acknowledges what it has painted.

import { notAtEveryFrame, sentence, voiceOf } from "./announce.js";
import { editWeights } from "./edit.js";
import { cutOff, followPointer, followTheme, nameSliders } from "./interaction.js";
import { hear } from "./late_module_fix.js";
import { Net } from "./passes.js";
import { count, number, Pen, readTheme } from "./pen.js";
import { RunRecord } from "./record.js";
import { SCENES } from "./scenes.js";

function build(el) {
  el.classList.add("bp-stage");
  el.innerHTML = `
    <div class="bp-view">
      <canvas tabindex="0" role="application" aria-roledescription="drawing"></canvas>
      <input class="bp-time" type="range" min="0" max="0" step="1" value="0" aria-label="sweep shown"
             title="The sweep that is shown: drag it back to look again, to the end to follow" />
      <button class="bp-scale" type="button" aria-pressed="false" title="Draw the error on a logarithmic scale">log</button>
      <div class="bp-tip" aria-hidden="true" hidden></div>
      <div class="bp-voice" aria-live="polite"></div>
      <div class="bp-edit" role="dialog" aria-label="change a weight" hidden>
        <label><span></span><input type="number" step="any" /></label>
        <button type="button" data-do="cut" title="The weight is 0 and stays so">cut</button>
        <button type="button" data-do="freeze" title="Neither learning nor decay changes the weight">freeze</button>
        <button type="button" data-do="undo" title="Back to the run before the last change of a weight">undo</button>
        <button type="button" data-do="close" title="Close this" aria-label="close">×</button>
      </div>
    </div>
    <div class="bp-learnt">
      <div class="bp-message" role="alert"></div>
      <div class="bp-words-title">What it has learnt</div>
      <ul class="bp-words"></ul>
    </div>`;
  const [canvas, time, scale, tip, voice, words, message] =
    ["canvas", ".bp-time", ".bp-scale", ".bp-tip", ".bp-voice", ".bp-words", ".bp-message"].map((s) => el.querySelector(s));
  return { holder: el.querySelector(".bp-view"), edit: el.querySelector(".bp-edit"), canvas, time, scale, tip, voice, words, message };
}

export function render({ model, el }) {
  const parts = build(el), { canvas, time, scale, tip } = parts, pen = new Pen(canvas);
  const id = Math.random().toString(36).slice(2);
  const view = { record: new RunRecord(), records: [], t: 0, following: true, logarithmic: false, lit: null, painted: 0 };
  let acknowledge = [], waiting = false, scheduled = false, plot = null, theme = readTheme(el), playing = false, inSight = false, cut = false;
  let forgotten = 0; // when a kept curve was
  let held = new Set(); // keys of the weights that are frozen or cut
  const voice = voiceOf(parts.voice);

  const setScene = () => {
    const scene = model.get("scene");
    const layout = SCENES[scene.kind];
    Object.assign(view, { scene, layout, net: layout.net?.(scene) ?? new Net(scene), level: scene.level, lit: null, on: null });
    view.layout.begin(view);
    parts.words.style.minHeight = layout.wordsRoom ? `${layout.wordsRoom}px` : ""; // so that nothing jumps when more is said
  };
  view.tell = (content) => { if (!cut) model.send(content); };
  view.repaint = () => repaint();
  view.on = null; // the spot that the pointer or the keys are on; `lit` is its key
  view.litIndex = (kind) => (view.on?.kind === kind ? view.on.index : undefined);
  view.forget = (curve) => { // a kept curve; the next moves under the pointer then
    const now = performance.now();
    if (now - forgotten < 600) return;
    forgotten = now;
    view.tell({ type: "forget", curve, name: view.compared[curve].name });
  };
  view.aboutWeight = (k) => {
    const dE_dw = view.net.gradient(view.moment.w)[k];
    return `${view.scene.weight_names[k]}: w = ${number(view.moment.w[k], 3)}, \u2202E/\u2202w = ${number(dE_dw, 4)}${held.has(`w${k}`) ? ", frozen" : ""}`;
  };

  const acknowledgeAll = () => {
    if (!cut && acknowledge.length) model.send({ type: "painted", pieces: acknowledge });
    acknowledge = [];
  };
  let failed = ""; // why the last moment could not be drawn
  const drawingFailed = (error) => { // said once, however many moments fail for the same reason
    canvas.width = 0; // the next drawing sets it anew, without the clip or the dashes of this one
    if (error.message === failed) return;
    failed = error.message;
    console.error(error);
    parts.message.textContent = `This moment could not be drawn (${failed}). Restart, or run the cell again.`;
  };

  const paint = () => {
    scheduled = false;
    const width = parts.holder.clientWidth;
    if (view.record.now && width > 0 && inSight) {
      const { record } = view;
      if (view.following) view.t = record.sweep;
      view.width = width;
      view.moment = record.at(view.t);
      if (view.moment.w.length === view.net.links.reduce((n, l) => Math.max(n, l.first + l.to * l.from), 0)) {
        try {
          pen.begin(width, view.layout.height(width, view.scene), theme);
          plot = view.layout.draw(pen, view);
          for (const spot of pen.spots) if (held.has(spot.key)) pen.frame(spot.x, spot.y, spot.w, spot.h, theme.held, 2);
          editor.show(view);
          placeTime();
          say();
          sayAnew();
          view.painted += 1;
          failed = "";
        } catch (error) { // the canvas goes on with the next piece, whatever this one was
          drawingFailed(error);
          acknowledgeAll();
        }
      }
    }
    // Not each piece alone: every message to the kernel makes JupyterLab draw its busy signs anew, which costs as much as this.
    if (acknowledge.length < 3) return;
    acknowledgeAll();
  };
  const repaint = () => { if (!scheduled) { scheduled = true; requestAnimationFrame(paint); } };

  const placeTime = () => { // the slider is as long as the run is, on the curve's own time axis
    const { record } = view, length = (record.sweep / plot.horizon) * (plot.right - plot.left);
    Object.assign(time.style, { left: `${plot.left - 8}px`, top: `${plot.bottom + 1}px`, width: `${length + 16}px` });
    if (Number(time.max) !== record.sweep) time.max = record.sweep;
    if (Number(time.value) !== view.t) time.value = view.t;
    Object.assign(scale.style, { left: `${plot.left + (plot.right - plot.left < 300 ? 30 : 40)}px`, top: `${plot.top - 34}px` });
  };

  let saidBefore = "";
  const say = () => {
    const { record, moment } = view, past = view.following ? "" : `Looking back at sweep ${count(moment.sweep)} of ${count(record.sweep)}. `;
    const kept = record.every > 1 ? `Weights are kept every ${count(record.every)} sweeps.` : "";
    const now = JSON.stringify([moment.words, past, kept]);
    if (now !== saidBefore) {
      saidBefore = now;
      parts.words.replaceChildren(...moment.words.map(([mark, sentence]) => {
        const item = document.createElement("li");
        item.className = { "\u2713": "bp-yes", "\u2717": "bp-no" }[mark] ?? "bp-notyet";
        item.textContent = sentence.replaceAll(" : ", "\u00a0:\u00a0"); // ratios stay on one line
        item.dataset.mark = mark;
        return item;
      }));
      parts.words.dataset.note = past + kept;
    }
    describe();
    speak();
    Object.assign(canvas.dataset, {
      sweep: record.sweep, shown: moment.sweep, error: moment.E, painted: view.painted + 1, edition: record.edition,
      epsilon: view.epsilon, alpha: view.alpha, playing, lit: view.lit ?? "", every: record.every, ...view.layout.tells(view),
    });
  };

  const errorOf = ({ E }) => (E < Infinity ? number(E, 3) : "not finite");

  // The canvas in words, for who does not see it.
  let asked = false; // the person has moved the time
  const describe = notAtEveryFrame(() => {
    const { record, moment, layout } = view, lit = pen.spots.find((s) => s.key === view.lit);
    const mode = playing ? "learning" : view.following ? "paused" : `looking back from sweep ${count(record.sweep)}`;
    canvas.setAttribute("aria-label", `${view.scene.title} at sweep ${count(moment.sweep)}, E ${errorOf(moment)}, ${mode}. ` +
      [...moment.words.map(([, words]) => words), layout.chosenNow(view), lit ? `the keys are on ${lit.about()}` : ""]
        .map(sentence).join("") + `Arrow keys go through ${layout.reach}. Page Down goes to the next kind.${layout.editable ? " Enter on a weight changes it." : ""}`);
    time.setAttribute("aria-valuetext", `sweep ${count(view.t)} of ${count(record.sweep)}`);
    asked = false;
  }, () => playing && !asked, () => repaint());

  let spoken = {};
  const speak = () => {
    const { record, moment } = view, before = spoken;
    const chosen = JSON.stringify(view.layout.chosenIs(view)), words = moment.words.map(([, words]) => sentence(words)).join("");
    spoken = { run: view.run, chosen, playing, sweep: record.sweep };
    if (before.run === undefined) return; // the label says it
    if (chosen !== before.chosen) voice(sentence(view.layout.chosenNow(view)));
    else if (playing && !before.playing) voice("Learning.");
    else if (!playing && (before.playing || record.sweep !== before.sweep || view.run !== before.run)) {
      voice(`${before.playing ? "Paused at s" : "S"}weep ${count(record.sweep)}, E ${errorOf(moment)}. ${words}`);
    }
  };

  const ask = () => { if (!waiting) { waiting = true; model.send({ type: "ready", view: id }); } };
  const receive = (piece, buffers) => {
    if ("message" in piece && parts.message.textContent !== piece.message) parts.message.textContent = piece.message;
    if (piece.type === "compared") {
      view.compared = piece.curves.map(({ name, sweeps, E }) => ({ name, sweeps: { array: sweeps }, E: { array: E, length: E.length } }));
      repaint();
      return;
    }
    if (piece.type !== "piece") { view.layout.told?.(view, piece); repaint(); return; }
    acknowledge.push(piece.number);
    if (piece.E_from === 0) {
      if (piece.run !== view.run) view.following = true;
      view.run = piece.run;
      view.records = piece.solved.map(() => new RunRecord(piece.edition)); // one a run, side by side
      view.record = view.records[0];
      waiting = false;
    }
    const [E, sweeps, w, now] = [Float32Array, Uint32Array, Float32Array, Float32Array].map((Type, k) =>
      new Type(buffers[k].buffer.slice(buffers[k].byteOffset, buffers[k].byteOffset + buffers[k].byteLength)));
    const of = (values, run) => values.subarray((run * values.length) / view.records.length, ((run + 1) * values.length) / view.records.length);
    const fits = view.records.length === piece.solved.length && piece.edition === view.record.edition &&
      view.records.every((record, run) => record.take(piece, [of(E, run), sweeps, of(w, run), of(now, run)], run));
    if (!fits) ask();
    else Object.assign(view, { epsilon: piece.epsilon, alpha: piece.alpha, weightDecay: piece.weight_decay });
    view.layout.status?.(view, piece);
    playing = piece.playing;
    held = view.fixed = new Set(piece.held.map((k) => `w${k}`));
    repaint();
  };

  const sayAnew = followPointer(pen, canvas, tip, {
    lit: (spot) => { view.on = spot; view.lit = spot?.key ?? null; repaint(); },
    chosen: (spot, byKey, pointed) => {
      if (spot.kind === "kept" && !pointed) return; // a finger's first tap only says what it is
      editor.choose(spot, byKey);
      spot.choose?.();
      repaint();
    },
    say: voice,
  });
  const editor = editWeights(parts.edit, pen, canvas, view);
  canvas.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => { if (key.length === 1 && !ctrlKey && !metaKey) { view.layout.typed?.(view, key); repaint(); } });
  time.addEventListener("input", () => {
    view.t = Number(time.value);
    view.following = view.t >= Number(time.max); // more may have come since the slider was painted
    asked = true;
    repaint();
  });
  for (const control of [time, scale]) control.addEventListener("keydown", (event) => event.stopPropagation());
  scale.addEventListener("click", () => {
    view.logarithmic = !view.logarithmic;
    scale.setAttribute("aria-pressed", view.logarithmic);
    repaint();
  });

  const resized = new ResizeObserver(() => { nameSliders(el); repaint(); });
  resized.observe(parts.holder);
  const sight = new IntersectionObserver((entries) => { inSight = entries.at(-1).isIntersecting; repaint(); }); // the same lab further down
  sight.observe(parts.holder);
  const unfollowTheme = followTheme(() => { theme = readTheme(el); repaint(); });
  const seen = () => { if (!cut) model.send({ type: document.hidden ? "hidden" : "shown", view: id }); }; // a hidden tab need not learn
  document.addEventListener("visibilitychange", seen);
  model.on("msg:custom", receive);
  model.on("change:scene", setScene);
  const end = () => {
    cut = true; // whatever is sent now ends as an error in the console
    cutOff(el, parts.message, "What is drawn is the last that was sent; the time slider still works. ");
  };
  model.on("comm_live_update", end);
  setScene();
  ask();
  hear(model, () => { waiting = false; ask(); });
  return () => {
    if (!cut) model.send({ type: "gone", view: id });
    model.off("msg:custom", receive);
    model.off("change:scene", setScene);
    model.off("comm_live_update", end);
    document.removeEventListener("visibilitychange", seen);
    resized.disconnect();
    sight.disconnect();
    unfollowTheme();
  };
}

export default { render };
