// What is kept of the sweeps: arrays that grow, and weights within some memory. bpcore/kept.py does the same in Python.

// Rows of numbers that grow at the end; `rows` is a view of what is there.
export class Rows {
  #array;

  constructor(width, Kind = Float64Array) {
    this.width = width;
    this.length = 0;
    this.#array = new Kind(64 * width);
  }

  get rows() {
    return this.#array.subarray(0, this.length * this.width);
  }

  row(k) {
    return this.#array.subarray(k * this.width, (k + 1) * this.width);
  }

  add(numbers) {
    const from = this.length * this.width, end = from + numbers.length;
    if (end > this.#array.length) {
      const larger = new this.#array.constructor(Math.max(end, 2 * this.#array.length));
      larger.set(this.rows); // views that were handed out stay as they were
      this.#array = larger;
    }
    this.#array.set(numbers, from);
    this.length = end / this.width;
  }

  cut(length) {
    this.#array = this.#array.slice(0, length * this.width); // later rows shall not change views of these
    this.length = length;
  }

  only(places) {
    const before = this.#array;
    this.#array = new before.constructor(before.length);
    places.forEach((k, at) => {
      this.#array.set(before.subarray(k * this.width, (k + 1) * this.width), at * this.width);
    });
    this.length = places.length;
  }
}

// Weights of every k-th sweep. If they would take more bytes than given, every second is dropped and k doubles.
export class Kept {
  constructor(w, deltaW, every, bytes) {
    this.every = every;
    this.atMost = Math.max(2, Math.floor(bytes / (16 * w.length)));
    this.sweeps = new Rows(1, Uint32Array);
    this.w = new Rows(w.length);
    this.deltaW = new Rows(w.length);
    this.single = new Rows(w.length, Float32Array); // w again, as a page takes it
    this.#add([0], w, deltaW);
  }

  // Sweeps that may be made before the next `add`.
  get atOnce() {
    return this.every * Math.floor(this.atMost / 2);
  }

  // Add the weights after those sweeps from `first` to `first + made` that are kept.
  add(first, { made, w, deltaW }) {
    const numbers = [];
    for (let k = Math.floor(first / this.every) + 1; k * this.every <= first + made; k++) numbers.push(k * this.every);
    this.#add(numbers, w, deltaW);
    while (this.sweeps.length > this.atMost) {
      this.every *= 2;
      const places = [...this.sweeps.rows.keys()].filter((k) => this.sweeps.rows[k] % this.every === 0);
      for (const rows of [this.sweeps, this.w, this.deltaW, this.single]) rows.only(places);
    }
  }

  #add(numbers, w, deltaW) {
    this.sweeps.add(numbers);
    this.w.add(w);
    this.deltaW.add(deltaW);
    this.single.add(w);
  }

  // Forget what came after this sweep.
  cut(sweep) {
    const length = this.before(sweep) + 1;
    for (const rows of [this.sweeps, this.w, this.deltaW, this.single]) rows.cut(length);
  }

  // Place of the last kept sweep that is not after this one.
  before(sweep) {
    return this.sweeps.rows.findLastIndex((kept) => kept <= sweep);
  }
}
