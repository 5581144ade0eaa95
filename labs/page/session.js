// A session in a page: what labs/kit/session.py, player.py and weight_edits.py are where Python runs. It is the model
// of the stage, and answers the stage's messages.

import { count } from "../kit/stage/pen.js";
import { Pieces } from "./pieces.js";
import { Run } from "./run.js";

const BUDGET = 8; // milliseconds of sweeps in a frame
const SLOWLY = 10, SLOW_UNTIL = 50; // sweeps a second of a slow start; its last sweep
const BACK = 20; // changes that can be undone
const COMPARED = 4; // kept curves; the oldest goes first
const POINTS = 1000; // of a kept curve
const SYMBOLS = { epsilon: "\u03b5", alpha: "\u03b1", weight_decay: "decay" };
const STEERED = { epsilon: "epsilon", alpha: "alpha", weight_decay: "weightDecay" }; // as run.js has them
const SILENT = ["painted", "gone", "hidden", "shown", "give_up"];
const NEEDS_LAB = "That needs the lab itself: this page has no Python.";

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Session {
  front = 0; // which of the runs side by side stands in front

  // about: what labs/kit/learning.py gives. tasks(): a promise of the page's other tasks. say(session, sweep, w):
  // the sentences about these weights. where(task, w): { name, why }, where they stand.
  constructor(kernel, about, { tasks = async () => ({}), say = () => [], where } = {}) {
    Object.assign(this, { kernel, about, tasks, words: say, where });
    Object.assign(this, {
      controls: about.controls, settings: { ...about.settings }, first: { ...about.settings }, seed: about.seed,
      speed: about.speed, instant: about.instant, playing: false, keptCurves: [], message: "", listeners: {},
      onSettings() {}, onPlaying() {}, onSweeps() {}, moves: {}, due: 0, rate: 1, untilSolved: false,
      watched: false, slowStart: false,
    });
    this.take(about.task);
    this.pieces = new Pieces();
    this.model = {
      get: () => this.scene,
      on: (name, listener) => { this.listeners[name] = listener; },
      off: (name) => { delete this.listeners[name]; },
      save_changes() {},
      send: (message) => this.receive(message),
    };
    this.begin();
  }

  take({ task, scene }) { Object.assign(this, { task, scene }); }

  // Buttons of its own: rows of [name, what it does, act].
  actions() { return []; }

  // ---- runs

  // The run that the page was exported with, learnt again.
  begin() {
    const { recipe, start, marks, sweeps, firstEvery } = this.about, run = this.newRun(recipe, firstEvery);
    if (start) run.begin(...start);
    run.learn(sweeps);
    this.replace(run, marks, []);
  }

  newRun(recipe, keepEvery = this.instant ? this.about.wholeRun / 250 : this.about.keepEvery) {
    return new Run(this.kernel, this.task, recipe, this.seed, { keepEvery });
  }

  replace(run, marks, past) {
    Object.assign(this, { run, marks, past });
    this.pieces.newRun();
    this.say("");
    this.show();
  }

  // The recipe that the settings say.
  recipe() {
    const of = (to) => Object.fromEntries(this.controls.filter((s) => s.to === to && s.name in this.settings)
      .map(({ name }) => [name, this.settings[name]]));
    const { recipe } = this.task, phases = this.phases({ weight_decay: 0, ...of("phase") });
    return { ...recipe, ...of("recipe"), phases, start: { ...recipe.start, ...of("start") } };
  }

  phases(settings) { return [{ start: 0, ...settings }]; }

  reset() {
    this.replace(this.newRun(this.recipe()), [], []);
    if (this.instant) this.run.learn(this.about.wholeRun);
    this.show();
  }

  newStart() { this.setSeed(this.seed + 1); }
  async setSeed(seed) {
    const before = this.seed;
    this.seed = seed;
    if (await this.changeTask(this.settings, before)) this.reset();
    this.onSettings();
  }

  async asInThePaper() {
    const before = this.settings;
    this.settings = { ...before, ...this.about.defaults };
    if (await this.changeTask(before)) this.reset();
    this.onSettings();
  }

  // ---- settings

  value(name) { return name in this.settings ? this.settings[name] : this[name]; }

  // A control was moved. What is moved in one go is applied in one go, in time for the next frame.
  move(name, value) {
    if (!Object.keys(this.moves).length) queueMicrotask(() => this.apply());
    this.moves[name] = value;
  }

  async apply() {
    const moves = this.moves;
    this.moves = {};
    for (const name of ["speed", "slowStart"]) if (name in moves) this[name] = moves[name];
    if ("instant" in moves && moves.instant !== this.instant) {
      this.instant = moves.instant;
      if (this.instant) this.pause();
      this.reset();
    }
    const changes = Object.entries(moves).filter(([name, v]) => name in this.settings && v !== this.settings[name]);
    const before = this.settings, seedBefore = this.seed;
    this.seed = moves.seed ?? this.seed;
    const completed = changes.map(([name, v]) => this.about.completed[name]?.[v] ?? {});
    this.settings = Object.assign({}, before, ...completed, Object.fromEntries(changes));
    const steers = (name) => this.controls.find((one) => one.name === name)?.steers;
    const anew = this.seed !== seedBefore;
    if ((changes.length || anew) && await this.changeTask(before, seedBefore)) {
      if (anew || this.instant || !changes.every(([name]) => steers(name))) this.reset();
      else for (const [name, v] of changes) this.steer(name, v);
    }
    this.onSettings();
  }

  steer(name, value) {
    this.run.steer({ [STEERED[name]]: value });
    this.mark(SYMBOLS[name], value);
    this.show();
  }

  mark(symbol, value) {
    const { sweeps } = this.run;
    if (!sweeps) return;
    const last = this.marks.at(-1), again = last?.[0] === sweeps && last[1].startsWith(symbol);
    const marks = again ? this.marks.slice(0, -1) : this.marks;
    this.marks = [...marks, [sweeps, `${symbol} ${Number(value.toPrecision(6))}`]];
  }

  // Takes the task of the settings, if they ask for another; false if it is not in the page, and nothing changes.
  async changeTask(before, seed = this.seed) {
    if (!this.asksForTask(before, seed)) return true;
    const found = await this.taskOf(this.settings, this.seed);
    if (found) {
      this.take(found);
      this.pieces.newRun();
      this.listeners["change:scene"]?.();
    } else {
      Object.assign(this, { settings: before, seed });
      this.say(NEEDS_LAB);
    }
    return Boolean(found);
  }

  asksForTask(before) {
    return this.about.taskSettings.some((name) => !isSame(this.settings[name], before[name]));
  }

  async taskOf(settings) {
    return (await this.tasks())[JSON.stringify(this.about.taskSettings.map((name) => settings[name]))];
  }

  // ---- learning

  play() {
    if (this.playing) return;
    Object.assign(this, { playing: true, due: 0, ticked: performance.now() });
    this.onPlaying();
    const tick = (now) => {
      if (!this.playing) return;
      this.tick(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause() {
    Object.assign(this, { playing: false, untilSolved: false });
    this.onPlaying();
    this.show();
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }
  step() { this.advance(1); this.show(); }
  playUntilSolved() {
    this.untilSolved = true;
    this.play();
  }

  tick(now) {
    const began = performance.now();
    const speed = this.slowStart && this.run.sweeps < SLOW_UNTIL ? Math.min(this.speed, SLOWLY) : this.speed;
    this.due = Math.min(this.due + (speed * Math.max(0, now - this.ticked)) / 1000, 0.25 * speed + 1);
    this.ticked = now;
    while (this.due >= 1 && performance.now() < began + BUDGET && this.playing) {
      const few = Math.min(Math.floor(this.due), Math.max(1, Math.floor(this.rate)));
      this.due -= few;
      this.advance(few);
    }
    this.show();
  }

  advance(sweeps) {
    const before = this.run.sweeps, began = performance.now(), { longest } = this.about;
    const n = Math.min(sweeps, Math.max(0, longest - before));
    const made = this.run.learn(n, { untilSolved: this.untilSolved });
    if (made) this.rate = 0.5 * this.rate + (0.5 * made) / (performance.now() - began + 1e-3);
    if (this.run.diverged) {
      this.halt(`Diverged: at sweep ${count(this.run.sweeps)} the error was no longer a finite number. `
        + "The last finite weights are shown. Try a smaller \u03b5, then Restart.");
    } else if (this.run.sweeps >= longest) {
      this.halt(`${count(longest)} sweeps are done, the most that a lab makes. Press Restart, or New start.`);
    } else if (this.untilSolved && made < n) this.pause();
  }

  halt(message) {
    this.pause();
    this.say(message);
  }

  // ---- weights changed by hand, and kept curves

  onWeight({ type, weight, sweep, value, more }) {
    const { run, marks, settings } = this, name = this.scene.weight_names[weight];
    const how = { sweep: sweep ?? run.sweeps, recipe: this.recipe() }, isFree = !run.recipe.held.includes(weight);
    const [was, mark] = type === "edit" ? [run.edit(weight, value, how), `${name} = ${Number(value.toPrecision(3))}`]
      : type === "cut" ? [run.cut(weight, how), `${name} cut`]
        : [run.freeze(weight, isFree, how), `${name} ${isFree ? "frozen" : "free"}`];
    const past = more && this.past.length ? this.past : [...this.past, { run: was, marks, settings }];
    this.replace(run, [[0, mark]], past.slice(-BACK));
  }

  undo() {
    if (!this.past.length) {
      this.say("no weight has been changed since the last restart; there is nothing to undo.");
      return;
    }
    const { run, marks, settings } = this.past.at(-1);
    this.settings = settings;
    this.replace(run, marks, this.past.slice(0, -1));
    this.onSettings();
  }

  keep() {
    const { run } = this, n = run.sweeps, sweeps = new Set();
    for (let k = 0; k < POINTS; k++) sweeps.add(Math.floor((k * n) / (POINTS - 1)));
    const at = [...sweeps], finite = (e) => (Number.isFinite(e) ? e : null);
    const E = at.map((t) => finite(run.E[t * run.runs + this.front]));
    const curve = { name: this.curveName(), sweeps: at, E }, same = JSON.stringify(curve);
    this.keptCurves = [...this.keptCurves.filter((kept) => JSON.stringify(kept) !== same), curve].slice(-COMPARED);
    this.send(this.compared());
  }

  curveName() {
    const other = this.controls.filter(({ name, steers }) => !steers && this.settings[name] !== this.first[name]);
    const inWords = ({ name, label, choices }) => {
      const value = this.settings[name];
      return `${label} ${choices ? choices.find(([one]) => one === value)?.[1] ?? value : value}`.trim();
    };
    const { epsilon, alpha } = this.status();
    return [`start ${this.seed}, \u03b5 ${epsilon}, \u03b1 ${alpha}`, ...other.map(inWords)].join(", ");
  }

  compared() { return { type: "compared", curves: this.keptCurves }; }

  forget({ curve, name }) {
    if (this.keptCurves[curve]?.name !== name) return; // it may have moved up since
    this.keptCurves = this.keptCurves.filter((_, k) => k !== curve);
    this.send(this.compared());
  }

  // ---- what the stage is told

  status() {
    const { epsilon, alpha, weight_decay } = this.settings, { playing, marks, message } = this;
    return { epsilon, alpha, weight_decay, playing, marks, message, held: this.run.recipe.held, veiled: [] };
  }

  show() {
    if (!this.watched) return;
    this.onSweeps();
    this.send(...this.pieces.next(this.run, (sweep, w) => this.words(this, sweep, w), this.status()));
  }

  say(message) {
    this.message = message;
    this.send({ type: "message", message });
  }

  answerWhere(sweep) {
    const { w } = this.run.at(Math.min(sweep, this.run.sweeps));
    this.send({ type: "standing", sweep, ...this.where(this.task, w) });
  }

  send(content, buffers = []) { this.listeners["msg:custom"]?.(content, buffers); }

  receive(message) {
    const { type } = message;
    if (type === "ready") {
      this.watched = true;
      this.pieces.again();
      setTimeout(() => { // the stage is not there before its `render` has returned
        for (const content of this.about.contents) this.send(content);
        if (this.keptCurves.length) this.send(this.compared());
        this.show();
      });
    } else if (["edit", "cut", "freeze"].includes(type)) this.onWeight(message);
    else if (type === "undo") this.undo();
    else if (type === "forget") this.forget(message);
    else if (type === "where") this.answerWhere(message.sweep);
    else if (!SILENT.includes(type)) this.say(NEEDS_LAB);
  }
}
