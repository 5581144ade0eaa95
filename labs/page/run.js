// A run, or several side by side: learnt, steered, looked at and changed by hand. bpcore/history.py is the same in
// Python, and labs/kit/weight_edits.py has what a hand does to a weight.

import { Engine } from "./engine.js";
import { Kept, Rows } from "./kept.js";
import { networkOf } from "./network.js";
import { startingWeights } from "./random.js";
import { fromSweep, keptByDecay, nextPhase, phaseAt, steered, whole } from "./recipe.js";

const LAB_KEEPS = 4096; // kept weights of a run, at most

// The weights that a task's seed draws, run by run: all runs side by side begin at the same place.
export function drawnStart(task, recipe, seed, runs = 1) {
  const network = networkOf(task), w = startingWeights(network, seed, recipe.start);
  return Float64Array.from({ length: runs * w.length }, (_, k) => w[k % w.length]);
}

export class Run {
  #kernel; #engine; #E; #worst; #kept; #bytes; #first; #solvedAt; #divergedAt; #steering;

  // task and recipe are plain data, as to_dict of bpcore's Task and Recipe give them. There are as many runs side by
  // side as a phase has numbers for epsilon or alpha. Weights are kept every `keepEvery` sweeps, within `keepBytes`
  // (by default as a lab keeps them).
  constructor(kernel, task, recipe = task.recipe, seed = 0, { keepEvery = 1, keepBytes } = {}) {
    this.#kernel = kernel;
    this.task = task;
    this.network = networkOf(task);
    this.recipe = recipe;
    this.seed = seed;
    this.runs = Math.max(...recipe.phases.flatMap(({ epsilon, alpha }) => [epsilon.length ?? 1, alpha.length ?? 1]));
    this.keepEvery = keepEvery; // to begin with
    this.#bytes = keepBytes ?? LAB_KEEPS * 16 * this.network.weights;
    this.begin(drawnStart(task, recipe, seed, this.runs));
  }

  // Begin at these weights, run by run, sweep 0.
  begin(w, deltaW = new Float64Array(w.length), recipe = this.recipe) {
    const wrong = [...w, ...deltaW].find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw new Error(`w holds ${wrong}; finite numbers are expected`);
    if (w.length !== this.runs * this.network.weights || deltaW.length !== w.length) {
      throw new Error(`${w.length} weights are given; ${this.runs} times ${this.network.weights} are expected`);
    }
    this.recipe = this.#first = recipe;
    this.#engine = this.#makeEngine(w, deltaW);
    this.#E = new Rows(this.runs);
    this.#worst = new Rows(this.runs);
    this.#kept = new Kept(w, deltaW, this.keepEvery, this.#bytes);
    this.#steering = [];
    this.#solvedAt = Array(this.runs).fill(-1);
    this.#divergedAt = Array(this.runs).fill(-1);
    this.#note(this.#engine);
  }

  #makeEngine(w, deltaW) {
    return new Engine(this.#kernel, this.network, this.task.cases, this.recipe, w, deltaW);
  }

  // ---- what there is

  // Sweeps made so far.
  get sweeps() { return this.#E.length - 1; }

  // E of sweeps 0 to now, equation (3); of several runs, all of them for each sweep.
  get E() { return this.#E.rows; }

  // Largest distance of any output from its desired state, likewise.
  get worst() { return this.#worst.rows; }

  // The weights now, and their velocities; run by run.
  get w() { return this.#engine.w; }
  get deltaW() { return this.#engine.deltaW; }

  // Kept weights, row by row, in each row run by run: in single precision, as a page shows them, and as they are.
  get kept() {
    const { sweeps, single, w, every } = this.#kept;
    return { sweeps: sweeps.rows, w: single.rows, exact: w.rows, every };
  }

  // Where the run began: { w, deltaW }.
  get start() {
    return { w: this.#kept.w.row(0), deltaW: this.#kept.deltaW.row(0) };
  }

  // First sweep after which every answer is right, -1 never: of the first run, and of each.
  get solvedAt() { return this.#solvedAt[0]; }
  get solved() { return [...this.#solvedAt]; }

  // Whether the error of every run is no longer a finite number, and since which sweep (-1: it is one).
  get diverged() { return this.#divergedAt.every((sweep) => sweep >= 0); }
  get divergedAt() { return [...this.#divergedAt]; }

  // The phase that holds from the next sweep on: { epsilon, alpha, weight_decay, start }.
  get phase() { return phaseAt(this.recipe, this.sweeps); }

  // First and end of the stretches of sweeps in which each run that was solved waited for the others.
  get waits() {
    const { runs, sweeps, E, worst, task } = this, found = [];
    const waited = (t) => {
      let any = false;
      for (let k = t * runs; k < (t + 1) * runs; k++) {
        if (!(worst[k] < task.right_within)) continue;
        if (E[k + runs] !== E[k] || worst[k + runs] !== worst[k]) return false;
        any = true;
      }
      return any;
    };
    for (let t = 0; t < sweeps; t++) {
      if (!waited(t)) continue;
      if (found.length && found.at(-1)[1] === t) found.at(-1)[1] = t + 1; else found.push([t, t + 1]);
    }
    return found;
  }

  // { w, deltaW } after `sweep` sweeps, learnt again from the kept sweep before it if it was not kept.
  at(sweep) {
    whole(sweep, "the sweep", 0, this.sweeps);
    if (sweep === this.sweeps) return { w: Float64Array.from(this.w), deltaW: Float64Array.from(this.deltaW) };
    const k = this.#kept.before(sweep), first = this.#kept.sweeps.rows[k];
    const engine = this.#makeEngine(this.#kept.w.row(k), this.#kept.deltaW.row(k));
    if (first < sweep) this.#again(engine, first, sweep);
    return { w: engine.w, deltaW: engine.deltaW };
  }

  #again(engine, first, end) {
    this.#E.row(first).forEach((E, r) => { if (Number.isNaN(E)) engine.diverged[r] = 1; });
    const waits = this.runs > 1 ? this.waits.filter(([a, b]) => a < end && b > first) : [];
    let at = first;
    for (const [a, b] of [...waits, [end, end]]) {
      at = this.#sweep(engine, at, Math.max(a, first), 0);
      at = this.#sweep(engine, at, Math.min(b, end), this.task.right_within);
    }
  }

  // ---- learning

  // Make up to n sweeps: fewer if every run diverges, or is solved and that was asked for. Gives how many were made.
  learn(n, { untilSolved = false } = {}) {
    const before = this.sweeps, end = before + whole(n, "the number of sweeps"), kept = this.#kept;
    this.#sweep(this.#engine, before, end, untilSolved ? this.task.right_within : 0, kept, (first, found) => {
      this.#note(found);
      kept.add(first, found);
    });
    return this.sweeps - before;
  }

  // Sweeps from `at` to `end` with an engine, phase by phase; gives where it came to.
  #sweep(engine, at, end, within, kept, take) {
    while (at < end && !engine.hasEnded(within)) {
      const phase = phaseAt(this.recipe, at), [epsilon, alpha] = [phase.epsilon, phase.alpha].map((v) => this.#each(v));
      const n = Math.min(end, nextPhase(this.recipe, at), at + (kept?.atOnce ?? Infinity)) - at;
      const keep = keptByDecay(this.recipe, phase, this.network);
      const found = engine.sweeps(at, n, epsilon, alpha, keep, kept ? kept.every : 2 * end, within);
      take?.(at, found);
      at += found.made;
    }
    return at;
  }

  #each(value) {
    if (value.length !== undefined && value.length !== this.runs) {
      throw new Error(`epsilon and alpha are given for ${value.length} runs, but there are ${this.runs}`);
    }
    return value.length === undefined ? new Float64Array(this.runs).fill(value) : Float64Array.from(value);
  }

  #note({ E, worst }) {
    const from = this.#E.length, { runs, task } = this;
    this.#E.add(E);
    this.#worst.add(worst);
    for (let k = 0; k < E.length; k++) {
      const r = k % runs, sweep = from + (k - r) / runs;
      if (this.#solvedAt[r] < 0 && worst[k] < task.right_within) this.#solvedAt[r] = sweep;
      if (this.#divergedAt[r] < 0 && Number.isNaN(E[k])) this.#divergedAt[r] = sweep;
    }
  }

  // Change { epsilon, alpha, weightDecay } from the next sweep on.
  steer(changes) {
    this.recipe = steered(this.recipe, this.sweeps, changes);
    this.#steering.push([this.sweeps, changes]);
  }

  // Be the run as it was after `sweep` sweeps; what came later is dropped.
  goBack(sweep) {
    const { w, deltaW } = this.at(sweep);
    this.#steering = this.#steering.filter(([at]) => at <= sweep);
    this.recipe = this.#steering.reduce((recipe, [at, changes]) => steered(recipe, at, changes), this.#first);
    this.#E.cut(sweep + 1);
    this.#worst.cut(sweep + 1);
    this.#kept.cut(sweep);
    const untilHere = (at) => (at > sweep ? -1 : at);
    this.#solvedAt = this.#solvedAt.map(untilHere);
    this.#divergedAt = this.#divergedAt.map(untilHere);
    const engine = this.#makeEngine(w, deltaW);
    engine.E.set(this.#E.row(sweep));
    engine.worst.set(this.#worst.row(sweep));
    engine.E.forEach((E, r) => { engine.diverged[r] = Number(Number.isNaN(E)); });
    this.#engine = engine;
  }

  // ---- by hand. Each begins a run at sweep 0, from the weights after `sweep` sweeps (now by default), and gives the
  // run as it was before, for an undo. `recipe` is what holds from there: by default the phase that holds now.

  // Give weight k another value; learning goes on from there.
  edit(k, value, how = {}) {
    if (!Number.isFinite(value)) throw new Error(`the value of a weight is ${value}; a number is expected`);
    return this.#change(k, value, this.recipe.held, how);
  }

  // Keep learning and decay from changing weight k; or free it again.
  freeze(k, yes = true, how = {}) {
    return this.#change(k, null, yes ? [...this.recipe.held, k] : this.recipe.held.filter((held) => held !== k), how);
  }

  // Cut a link: its weight is 0 and stays so.
  cut(k, how = {}) {
    return this.#change(k, 0, [...this.recipe.held, k], how);
  }

  #change(k, value, held, { sweep = this.sweeps, recipe }) {
    whole(k, "the place of a weight", 0, this.network.weights - 1);
    const at = Math.min(sweep, this.sweeps), { w, deltaW } = this.at(at), before = this.#asItIs();
    for (let r = 0; r < this.runs && value !== null; r++) {
      w[r * this.network.weights + k] = value;
      deltaW[r * this.network.weights + k] = 0;
    }
    const holds = recipe ? fromSweep(recipe, at) : { ...this.recipe, phases: [{ ...this.phase, start: 0 }] };
    this.keepEvery = this.#kept.every;
    this.begin(w, deltaW, { ...holds, held: [...new Set(held)].sort((a, b) => a - b) });
    return before;
  }

  // Another Run that has all of this one: `begin` here leaves it as it is.
  #asItIs() {
    const run = new Run(this.#kernel, this.task, this.#first, this.seed, { keepBytes: this.#bytes });
    Object.assign(run, { recipe: this.recipe, keepEvery: this.keepEvery });
    run.#engine = this.#engine;
    [run.#E, run.#worst, run.#kept, run.#steering] = [this.#E, this.#worst, this.#kept, this.#steering];
    [run.#solvedAt, run.#divergedAt] = [this.#solvedAt, this.#divergedAt];
    return run;
  }
}
