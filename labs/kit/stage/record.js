// What the page holds of a run: the error of every sweep, the weights of the kept ones, and what was said about them.
// It grows at its end; the kernel sends everything again when a piece is missing.

export class Growing {
  constructor(Type) { this.array = new Type(1024); this.length = 0; }
  add(values) {
    if (this.length + values.length > this.array.length) this.grow(2 * (this.length + values.length));
    this.array.set(values, this.length);
    this.length += values.length;
  }
  grow(room) {
    const larger = new this.array.constructor(room);
    larger.set(this.array.subarray(0, this.length));
    this.array = larger;
  }
}

export class RunRecord {
  constructor(edition = -1) {
    this.edition = edition; // all sent again is a new edition
    this.E = new Growing(Float32Array);
    this.sweeps = new Growing(Uint32Array);
    this.w = new Growing(Float32Array);
    this.words = []; // [sweep, [[mark, sentence], ...]], where they change
    this.marks = []; // [sweep, text]: a slider was moved
    this.now = null; // weights after the last sweep, kept or not
    this.top = 0; // largest finite E so far
  }

  get sweep() { return Math.max(0, this.E.length - 1); }

  // Keep only the sweeps that are multiples of `every`: the kernel's history was thinned likewise.
  thin(every) {
    const { sweeps, w } = this, n = w.length / sweeps.length;
    this.sweeps = new Growing(Uint32Array);
    this.w = new Growing(Float32Array);
    this.w.grow(w.length);
    for (let k = 0; k < sweeps.length; k++) {
      if (sweeps.array[k] % every) continue;
      this.sweeps.add(sweeps.array.subarray(k, k + 1));
      this.w.add(w.array.subarray(k * n, (k + 1) * n));
    }
  }

  // Take the part of run number `run` of a piece; false if it does not follow what is here.
  take(piece, [E, sweeps, w, now], run = 0) {
    if (this.every && this.every !== piece.every) this.thin(piece.every);
    if (piece.E_from !== this.E.length || piece.w_from !== this.sweeps.length) return false;
    this.E.add(E);
    this.sweeps.add(sweeps);
    this.w.add(w);
    this.words.push(...piece.words);
    Object.assign(this, { marks: piece.marks, solved: piece.solved[run], every: piece.every, now });
    for (const e of E) if (e > this.top && e < Infinity) this.top = e;
    return true;
  }

  // The moment at sweep t: the last kept one at or before it, or now.
  at(t) {
    if (t >= this.sweep) return { sweep: this.sweep, w: this.now, ...this.errorAndWords(this.sweep) };
    let low = 0, high = this.sweeps.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.sweeps.array[middle] <= t) low = middle; else high = middle - 1;
    }
    const n = this.now.length, sweep = this.sweeps.array[low];
    return { sweep, w: this.w.array.subarray(low * n, (low + 1) * n), ...this.errorAndWords(sweep) };
  }

  errorAndWords(sweep) {
    const last = this.words.findLast(([since]) => since <= sweep);
    return { E: this.E.array[sweep], words: last ? last[1] : [] };
  }
}
