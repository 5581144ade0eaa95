// A run in pieces, as the stage takes it: what labs/kit/pieces.py is to a kernel.

// What was said at a sweep. It is worked out when that sweep is shown, and then kept.
class Said {
  constructor(sweep, say) { Object.assign(this, { 0: sweep, say }); }
  get 1() {
    this.said ??= this.say();
    return this.said;
  }
  *[Symbol.iterator]() { yield this[0]; yield this[1]; }
}

export class Pieces {
  constructor() {
    this.number = this.run = this.edition = 0;
    this.again();
  }

  newRun() { this.run += 1; this.again(); }

  again() {
    this.edition += 1;
    this.E = 0; // sweeps that were sent
    this.sent = -1; // the last kept one of them
  }

  // The next piece of a run: [content, buffers]. say(sweep, w) gives the sentences about these weights.
  next(run, say, status) {
    const { sweeps, w, every } = run.kept, { runs } = run, width = run.w.length;
    let first = sweeps.length; // of those that are new; if the history was thinned, the stage thins it too
    while (first > 0 && sweeps[first - 1] > this.sent) first -= 1;
    this.number += 1;
    const words = Array.from(sweeps.subarray(first), (sweep, k) => {
      const row = w.subarray((first + k) * width, (first + k + 1) * width);
      return new Said(sweep, () => say(sweep, row));
    });
    if (sweeps.at(-1) !== run.sweeps) words.push([run.sweeps, say(run.sweeps, run.w)]);
    const content = {
      type: "piece", number: this.number, run: this.run, edition: this.edition, E_from: this.E, w_from: first, every,
      solved: run.solved, words, ...status,
    };
    const E = Float32Array.from(run.E.subarray(this.E * runs)), rows = w.subarray(first * width);
    const now = Float32Array.from(run.w), numbers = sweeps.subarray(first);
    const buffers = [byRun(E, 1, runs), numbers, byRun(rows, width / runs, runs), now];
    this.E = run.sweeps + 1;
    this.sent = sweeps.at(-1);
    return [content, buffers];
  }
}

// Numbers that follow row by row, and in each row run by run, as one run after the other.
function byRun(numbers, width, runs) {
  if (runs === 1) return numbers;
  const rows = numbers.length / width / runs, sorted = new numbers.constructor(numbers.length);
  for (let row = 0; row < rows; row++) {
    for (let run = 0; run < runs; run++) {
      const from = (row * runs + run) * width;
      sorted.set(numbers.subarray(from, from + width), (run * rows + row) * width);
    }
  }
  return sorted;
}
