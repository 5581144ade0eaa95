// kernel.wasm in a page: its memory, and what it has to know of a network and its cases. build_wasm.py describes it;
// bpcore/engines/compiled_engine.py and kernel/plan.py do the same in Python.

import { ONE } from "./network.js";

const STACK = 1 << 18, PAGE = 1 << 16; // bytes
const CACHE = 1 << 18; // bytes of states and derivatives that fit into the processor's cache
const UNITS = ["logistic", "tanh", "linear", "softplus"];

// Make the kernel of kernel.wasm's bytes, an ArrayBuffer or Uint8Array. One is enough for all runs of a page.
export async function loadKernel(bytes) {
  const memory = new WebAssembly.Memory({ initial: 16 }), kernel = new Kernel(memory);
  const stack = new WebAssembly.Global({ value: "i32", mutable: true }, STACK);
  const malloc = (size) => kernel.take(size), free = () => {};
  const env = { memory, malloc, free, exp: Math.exp, log1p: Math.log1p, __stack_pointer: stack };
  const { instance } = await WebAssembly.instantiate(bytes, { env });
  kernel.learnAll = instance.exports.learn_all;
  return kernel;
}

// The memory: the stack, then the plan of one network and its cases, then what one call needs.
class Kernel {
  #top = STACK; #bottom = STACK; #plan = null; #places;

  constructor(memory) {
    this.memory = memory;
  }

  // Room above all that is taken: its place, or 0 if there is none.
  take(bytes) {
    const at = this.#top, end = at + Math.ceil(bytes / 64) * 64, lacking = end - this.memory.buffer.byteLength;
    try {
      if (lacking > 0) this.memory.grow(Math.ceil(lacking / PAGE));
    } catch {
      return 0;
    }
    this.#top = end;
    return at;
  }

  // Give up all that one call needed.
  release() {
    this.#top = this.#bottom;
  }

  // Places of a plan; it is written anew only if another one was in use since.
  placesOf(plan) {
    if (this.#plan === plan) return this.#places;
    this.#plan = null;
    this.#top = STACK;
    const { links, outputs, inputs, desired } = plan;
    this.#places = [this.putWholes(links), this.putWholes(outputs), this.putReals(inputs), this.putReals(desired)];
    this.#bottom = this.#top;
    this.#plan = plan;
    return this.#places;
  }

  room(numbers) {
    const at = this.take(8 * numbers);
    if (!at) throw new Error("there is not enough memory for this run");
    return at;
  }

  putReals(numbers) {
    const at = this.room(numbers.length);
    this.reals(at, numbers.length).set(numbers);
    return at;
  }

  putWholes(numbers) {
    const at = this.room(numbers.length), halves = new Int32Array(this.memory.buffer, at, 2 * numbers.length);
    numbers.forEach((number, k) => { halves[2 * k] = number; halves[2 * k + 1] = number < 0 ? -1 : 0; });
    return at;
  }

  reals(at, n) {
    return new Float64Array(this.memory.buffer, at, n);
  }
}

// Whole sweeps of one network, for one run or several side by side.
export class Engine {
  #kernel; #plan; #how;

  // w and deltaW, run by run, are copied; `runs` is how many there are, and `held` their weights that never change.
  constructor(kernel, network, cases, recipe, w, deltaW) {
    this.#kernel = kernel;
    this.network = network;
    this.runs = w.length / network.weights;
    this.w = Float64Array.from(w);
    this.deltaW = Float64Array.from(deltaW);
    this.E = new Float64Array(this.runs);
    this.worst = new Float64Array(this.runs);
    this.diverged = new Uint8Array(this.runs);
    const { tolerance, update, tied, held = [] } = recipe;
    const share = network.ofBlocks(({ uses }) => (tied === "average" ? 1 / uses : 1));
    for (const k of held) {
      share[k] = 0;
      for (let r = 0; r < this.runs; r++) this.deltaW[r * network.weights + k] = 0;
    }
    const [edge, byCase] = [tolerance?.reading === "edge", update === "case"];
    this.#how = { share, margin: tolerance?.margin ?? 0, edge: Number(edge), byCase: Number(byCase) };
    this.#plan = planOf(network, cases);
    this.sweeps(0, 0, this.#spread(0), this.#spread(0), null);
  }

  #spread(value) {
    return new Float64Array(this.runs).fill(value);
  }

  // Whether every run has diverged, or is within this distance of its desired states (0: never).
  hasEnded(within) {
    for (let r = 0; r < this.runs; r++) if (!this.diverged[r] && !(this.worst[r] < within)) return false;
    return true;
  }

  // Make n sweeps, the first of which is number `first`; fewer if all runs end. There is an epsilon and an alpha for
  // each run, in `keep` a number for each weight (null: no decay). Gives { made, E, worst, w, deltaW }: E and worst of
  // each new sweep, and the weights of those sweeps whose numbers are multiples of `every`, run by run; all of them
  // views that hold until the next call.
  sweeps(first, n, epsilon, alpha, keep, every = 1, within = 0) {
    const kernel = this.#kernel, { weights } = this.network, { runs } = this, how = this.#how, plan = this.#plan;
    const [links, outputs, inputs, desired] = kernel.placesOf(plan);
    try {
      const kept = Math.floor((first + n) / every) - Math.floor(first / every), each = runs * weights;
      const w = kernel.putReals(this.w), deltaW = kernel.putReals(this.deltaW), now = kernel.room(4 * runs);
      kernel.reals(now, 4 * runs).fill(0).set(this.diverged, runs);
      const keepAt = kernel.putReals(keep ?? new Float64Array(weights).fill(1));
      const keptW = kernel.room(kept * each), keptDeltaW = kernel.room(kept * each);
      const E = kernel.room(n * runs), worst = kernel.room(n * runs);
      const whole = kernel.putWholes([
        plan.links.length / 10, plan.outputs.length, plan.units, plan.block, plan.inputs.length / plan.cases,
        plan.cases, runs, weights, 0, runs, first, every, kept, n, how.edge, how.byCase,
      ]);
      const status = kernel.learnAll(
        links, outputs, inputs, desired, keepAt, kernel.putReals(how.share), kernel.putReals(epsilon),
        kernel.putReals(alpha), w, deltaW, now, keptW, keptDeltaW, E, worst, whole, how.margin, within,
      );
      if (status) throw new Error("there is not enough memory for the states of the units");
      this.w.set(kernel.reals(w, each));
      this.deltaW.set(kernel.reals(deltaW, each));
      const found = kernel.reals(now, 4 * runs), made = Math.max(...found.subarray(0, runs));
      this.diverged.set(found.subarray(runs, 2 * runs));
      this.E.set(found.subarray(2 * runs, 3 * runs));
      this.worst.set(found.subarray(3 * runs));
      const keptNow = Math.floor((first + made) / every) - Math.floor(first / every);
      return {
        made, E: kernel.reals(E, made * runs), worst: kernel.reals(worst, made * runs),
        w: kernel.reals(keptW, keptNow * each), deltaW: kernel.reals(keptDeltaW, keptNow * each),
      };
    } finally {
      kernel.release();
    }
  }
}

const plans = new WeakMap(); // network -> cases -> plan

// How the kernel knows a network and its cases: found once.
function planOf(network, cases) {
  if (!plans.has(network)) plans.set(network, new WeakMap());
  const known = plans.get(network);
  if (!known.has(cases)) {
    const inputs = columns(network.inputs.map(({ name }) => cases.inputs[name]));
    known.set(cases, { ...plan(network, cases), inputs, desired: columns(Object.values(cases.desired)) });
  }
  return known.get(cases);
}

// Tables of cases, (cases, units) each, as the kernel has them: unit by unit.
function columns(tables) {
  return Float64Array.from(tables.flatMap((rows) => rows[0].flatMap((_, j) => rows.map((row) => row[j]))));
}

// See bpcore/engines/kernel/plan.py.
function plan(network, cases) {
  const rows = {};
  let units = 0;
  for (const { name, size } of [...network.inputs, ...network.upward]) {
    rows[name] = units;
    units += size;
  }
  const isOn = (name) => !cases.inputs[name] || cases.inputs[name].some((states) => states.some(Boolean));
  const links = network.upward.flatMap(({ name, size, unit, into }) => {
    const biases = into.find(({ source }) => source === ONE)?.place.at ?? -1;
    const from = into.filter(({ source }) => source !== ONE && isOn(source)).map(({ source, place }) => (
      [rows[source], network.size(source), place.at, Number(network.byName.get(source).into.length > 0)]
    ));
    if (!from.length) from.push([0, 0, 0, 0]);
    return from.flatMap((source, k) => (
      [rows[name], size, UNITS.indexOf(unit), biases, ...source, Number(k === 0), Number(k === from.length - 1)]
    ));
  });
  const outputs = Object.keys(cases.desired).flatMap((name) => (
    Array.from({ length: network.size(name) }, (_, j) => rows[name] + j)
  ));
  const n = Object.values(cases.inputs)[0].length, whole = 8 * Math.ceil(n / 8);
  const block = Math.min(whole, Math.max(128, 8 * Math.floor(CACHE / (16 * units) / 8)));
  return { links, outputs, units, block, cases: n };
}
