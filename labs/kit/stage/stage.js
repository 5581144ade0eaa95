// The stage: one canvas, a real slider for the time, and the sentences about what was learnt. The kernel sends pieces
// of a run; the page keeps them all, paints the moment that is chosen, and acknowledges what it has painted.

import { announcer, atMostEvery, sentence, setDescription } from "./announce.js";
import { editWeights } from "./edit.js";
import { disable, followPointer, followTheme, nameSliders } from "./interaction.js";
import { receiveLate } from "./late_module_fix.js";
import { Net } from "./passes.js";
import { count, number, Pen, readTheme } from "./pen.js";
import { RunRecord } from "./record.js";
import { SCENES, stackPanels } from "./scenes.js";
import { timeSlider } from "./time_slider.js";
import { veilOfE, veiledWords } from "./veil.js";
import { wordList } from "./words.js";

function build(el) {
  el.classList.add("bp-stage");
  el.innerHTML = `
    <div class="bp-view">
      <canvas tabindex="0" role="application" aria-roledescription="drawing"></canvas>
      <input class="bp-time" type="range" min="0" max="0" step="1" value="0" aria-label="sweep shown"
             title="The sweep that is shown: drag it back to look again, to the end to follow" />
      <button class="bp-scale" type="button" aria-pressed="false"
              title="Draw the error on a logarithmic scale">log</button>
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
  const parts = {
    holder: ".bp-view", canvas: "canvas", time: ".bp-time", scale: ".bp-scale", tip: ".bp-tip", voice: ".bp-voice",
    edit: ".bp-edit", words: ".bp-words", message: ".bp-message",
  };
  return Object.fromEntries(Object.entries(parts).map(([name, selector]) => [name, el.querySelector(selector)]));
}

const errorOf = ({ E, veil }) => (
  veil ? `is what exercise ${veil} asks for` : E < Infinity ? number(E, 3) : "not finite"
);
const sizeOf = ({ links }) => links.reduce((n, { first, to, from }) => Math.max(n, first + to * from), 0); // in weights

// The arrays of a piece: E of every sweep, the kept sweeps, their weights, the weights now. Runs follow each other.
function arraysOf(buffers) {
  return [Float32Array, Uint32Array, Float32Array, Float32Array].map((Type, k) => {
    const { buffer, byteOffset, byteLength } = buffers[k];
    return new Type(buffer.slice(byteOffset, byteOffset + byteLength));
  });
}

export function render({ model, el }) {
  const parts = build(el), { canvas, tip } = parts, pen = new Pen(canvas);
  const id = Math.random().toString(36).slice(2);
  const view = {
    record: new RunRecord(), records: [], t: 0, following: true, logarithmic: false, painted: 0,
    on: null, lit: null, // the spot that the pointer or the keys are on, and its key
  };
  let theme = readTheme(el), inSight = false, scheduled = false; // painting
  let acknowledged = [], frames = 0, hasNews = false; // pieces painted, in so many frames
  let waiting = false, disconnected = false; // for all of a run; from the kernel
  let playing = false, held = new Set(); // keys of the weights that are frozen or cut
  const announce = announcer(parts.voice);

  const send = (content) => { if (!disconnected) model.send(content); };
  const repaint = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(paint);
  };
  const setScene = () => {
    const scene = model.get("scene"), layout = SCENES[scene.kind], net = layout.net?.(scene) ?? new Net(scene);
    Object.assign(view, { scene, layout, net, level: scene.level, lit: null, on: null });
    layout.begin(view);
    parts.words.style.minHeight = layout.wordsRoom ? `${layout.wordsRoom}px` : ""; // nothing jumps when more is said
  };

  let forgotten = 0; // when a kept curve was forgotten
  Object.assign(view, {
    send, repaint, veiled: [],
    giveUp: (exercise) => send({ type: "give_up", exercise }), // its “Show me”
    litIndex: (kind) => (view.on?.kind === kind ? view.on.index : undefined),
    forget(curve) { // a kept curve. The next one then moves under the pointer
      const now = performance.now();
      if (now - forgotten < 600) return;
      forgotten = now;
      send({ type: "forget", curve, name: view.compared[curve].name });
    },
    aboutWeight(k) {
      const { net, scene, moment: { w } } = view, dE_dw = net.gradient(w)[k];
      const frozen = held.has(`w${k}`) ? ", frozen" : "";
      return `${scene.weight_names[k]}: w = ${number(w[k], 3)}, \u2202E/\u2202w = ${number(dE_dw, 4)}${frozen}`;
    },
  });

  const slider = timeSlider(parts.time, parts.scale, view);

  // ---- painting

  const paint = () => {
    scheduled = false;
    const width = parts.holder.clientWidth, { record } = view;
    if (record.now && width > 0 && inSight) {
      if (view.following) view.t = record.sweep;
      const moment = record.at(view.t), { veiled } = view;
      moment.words = veiledWords(moment.words, veiled);
      Object.assign(view, { width, moment, veil: veilOfE(view) });
      moment.veil = view.veil.number;
      if (view.moment.w.length === sizeOf(view.net)) paintMoment(width); // else its scene is still on its way
    }
    frames += hasNews;
    hasNews = false;
    // Several at once: every message to the kernel makes JupyterLab redraw its busy signs, which costs as much as this.
    if (acknowledged.length >= 12) acknowledge();
  };
  const paintMoment = (width) => {
    try {
      view.layout.prepare(view);
      const { panels, height, curveEnd } = stackPanels(view.layout, view, width, spaceForSliders());
      el.closest(".bp-lab")?.style.setProperty("--bp-curve-end", `${curveEnd}px`);
      pen.begin(width, height, theme);
      for (const { draw, box } of panels) draw(pen, box);
      for (const { key, x, y, w, h } of pen.spots) if (held.has(key)) pen.frame(x, y, w, h, theme.held, 2);
      editor.show(view);
      showBeside();
      announceChanges();
      nameMoment();
      refreshTip();
      view.painted += 1;
      failed = "";
    } catch (error) { // the canvas goes on with the next piece, whatever this one was
      drawingFailed(error);
      acknowledge();
    }
  };
  const spaceForSliders = () => { // on a phone the main sliders lie on the canvas, below the curve: stage.css
    const sliders = el.closest(".bp-lab")?.querySelector(".bp-steer");
    return sliders && getComputedStyle(sliders).gridRowStart === "view" ? sliders.offsetHeight + 8 : 0;
  };
  let failed = ""; // why the last moment could not be drawn
  const drawingFailed = (error) => { // said once, however many moments fail for the same reason
    canvas.width = 0; // resets the canvas: no clip or dashes of this drawing are left for the next
    if (error.message === failed) return;
    failed = error.message;
    console.error(error);
    parts.message.textContent = `This moment could not be drawn (${failed}). Restart, or run the cell again.`;
  };
  // What stands beside the drawing. A frame that changes it makes the browser lay out the page again, which in a
  // notebook costs more than the drawing: while a run only grows, a few times a second are enough.
  let placed = ""; // the time axis that the slider lies on
  const showBeside = atMostEvery(120, () => {
    slider.place();
    showWords();
    placed = slider.axis();
  }, () => playing && view.following && placed === slider.axis(), repaint);

  // ---- in words

  const list = wordList(parts.words, (exercise) => view.giveUp(exercise));
  const showWords = () => {
    const { record, moment, following } = view, kept = count(record.every);
    const past = following ? "" : `Looking back at sweep ${count(moment.sweep)} of ${count(record.sweep)}. `;
    list(moment.words, past + (record.every > 1 ? `Weights are kept every ${kept} sweeps.` : ""));
    describeCanvas();
  };
  // What the canvas shows, for tests and other programs.
  const nameMoment = () => {
    const { record, moment, layout } = view;
    Object.assign(canvas.dataset, {
      sweep: record.sweep, shown: moment.sweep, error: moment.E, painted: view.painted + 1, edition: record.edition,
      epsilon: view.epsilon, alpha: view.alpha, playing, lit: view.lit ?? "", every: record.every,
      ...layout.dataset(view),
    });
  };

  // A description of the canvas for screen readers.
  const describeCanvas = atMostEvery(1000, () => {
    const { record, moment, layout, scene, following } = view, spot = pen.spots.find(({ key }) => key === view.lit);
    const mode = playing ? "learning" : following ? "paused" : `looking back from sweep ${count(record.sweep)}`;
    const texts = [
      `${scene.title} at sweep ${count(moment.sweep)}, E ${errorOf(moment)}, ${mode}`,
      ...moment.words.map(([, words]) => words), layout.describe(view), spot ? `the keys are on ${spot.about()}` : "",
      `Arrow keys go through ${layout.reach}`, "Page Down goes to the next kind",
      layout.editable ? "Enter on a weight changes it" : "",
    ];
    setDescription(canvas, texts.map(sentence).join("").trimEnd());
    slider.say();
  }, () => playing && !slider.moved, repaint);

  let announced = {};
  const announceChanges = () => {
    const { record, moment, layout, run } = view, before = announced;
    const selection = JSON.stringify(layout.selection(view));
    announced = { run, selection, playing, sweep: record.sweep };
    if (before.run === undefined) return; // the label says it
    if (selection !== before.selection) announce(sentence(layout.describe(view)));
    else if (playing && !before.playing) announce("Learning.");
    else if (!playing && (before.playing || record.sweep !== before.sweep || run !== before.run)) {
      const words = moment.words.map(([, text]) => sentence(text)).join("");
      announce(`${before.playing ? "Paused at s" : "S"}weep ${count(record.sweep)}, E ${errorOf(moment)}. ${words}`);
    }
  };

  // ---- messages of the kernel

  const acknowledge = () => {
    if (acknowledged.length) send({ type: "painted", pieces: acknowledged, frames });
    acknowledged = [];
    frames = 0;
  };
  const askForAll = () => {
    if (waiting) return;
    waiting = true;
    model.send({ type: "ready", view: id });
  };
  const onMessage = (message, buffers) => {
    const { type, message: text } = message;
    if ("message" in message && parts.message.textContent !== text) parts.message.textContent = text;
    if (type === "piece") {
      takePiece(message, arraysOf(buffers));
    } else if (type === "compared") {
      view.compared = message.curves.map(({ name, sweeps, E }) => (
        { name, sweeps: { array: sweeps }, E: { array: E, length: E.length } }
      ));
    } else {
      view.layout.onMessage(view, message);
    }
    repaint();
  };
  const takePiece = (piece, [E, sweeps, w, now]) => {
    acknowledged.push(piece.number);
    hasNews = true;
    if (piece.E_from === 0) {
      if (piece.run !== view.run) view.following = true;
      view.run = piece.run;
      view.records = piece.solved.map(() => new RunRecord(piece.edition)); // of runs side by side
      view.record = view.records[0];
      waiting = false;
    }
    const runs = view.records.length;
    const of = (values, run) => values.subarray((run * values.length) / runs, ((run + 1) * values.length) / runs);
    const fits = runs === piece.solved.length && piece.edition === view.record.edition &&
      view.records.every((record, run) => record.take(piece, [of(E, run), sweeps, of(w, run), of(now, run)], run));
    if (!fits) askForAll();
    else Object.assign(view, { epsilon: piece.epsilon, alpha: piece.alpha, weightDecay: piece.weight_decay });
    view.layout.onPiece(view, piece);
    view.veiled = piece.veiled ?? []; // numbers of open exercises
    if (piece.playing && !playing) view.following = true; // Play shows it learn
    playing = piece.playing;
    held = view.fixed = new Set(piece.held.map((k) => `w${k}`));
  };

  // ---- what the person does

  const refreshTip = followPointer(pen, canvas, tip, {
    onPoint(spot) {
      Object.assign(view, { on: spot, lit: spot?.key ?? null });
      repaint();
    },
    onChoose(spot, byKey, pointed) {
      if (spot.kind === "kept" && !pointed) return; // a finger's first tap only says what it is
      editor.choose(spot, byKey);
      spot.choose?.();
      repaint();
    },
    announce,
  });
  const editor = editWeights(parts.edit, pen, canvas, view);
  canvas.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (key.length > 1 || ctrlKey || metaKey) return;
    view.layout.onKey(view, key);
    repaint();
  });

  // ---- the page around the canvas

  const resized = new ResizeObserver(() => { nameSliders(el); repaint(); });
  resized.observe(parts.holder);
  const sight = new IntersectionObserver((entries) => { // the same lab may be shown further down
    inSight = entries.at(-1).isIntersecting;
    repaint();
  });
  sight.observe(parts.holder);
  const unfollowTheme = followTheme(() => { theme = readTheme(el); repaint(); });
  const onVisibility = () => send({ type: document.hidden ? "hidden" : "shown", view: id }); // a hidden tab may rest
  const onDisconnect = () => {
    disconnected = true; // anything sent from now on would end as an error in the console
    disable(el, parts.message, "What is drawn is the last that was sent; the time slider still works. ");
  };
  document.addEventListener("visibilitychange", onVisibility);
  const listeners = { "msg:custom": onMessage, "change:scene": setScene, comm_live_update: onDisconnect };
  for (const [name, listener] of Object.entries(listeners)) model.on(name, listener);
  setScene();
  askForAll();
  receiveLate(model, () => { waiting = false; askForAll(); });
  return () => {
    send({ type: "gone", view: id });
    for (const [name, listener] of Object.entries(listeners)) model.off(name, listener);
    document.removeEventListener("visibilitychange", onVisibility);
    resized.disconnect();
    sight.disconnect();
    unfollowTheme();
  };
}

export default { render };
