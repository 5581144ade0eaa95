// numpy's random numbers to the last bit: SeedSequence and PCG64, and what bpcore draws with them.

const WORD = 0xffffffffn, DOUBLE = (1n << 64n) - 1n, QUAD = (1n << 128n) - 1n;
const MULTIPLIER = 47026247687942121848144207491837523525n;

// numpy.random.SeedSequence(seed).generate_state(4, uint64): a seed of any size is mixed into 256 bits.
export function seedWords(seed) {
  const entropy = [];
  for (let left = BigInt(seed); left || !entropy.length; left >>= 32n) entropy.push(Number(left & WORD));
  let mixer = 0x43b0d7e5;
  const hash = (value) => {
    value ^= mixer;
    mixer = Math.imul(mixer, 0x931e8875);
    value = Math.imul(value, mixer);
    return (value ^ (value >>> 16)) >>> 0;
  };
  const mix = (x, y) => {
    const mixed = (Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y)) | 0;
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  const pool = Array.from({ length: 4 }, (_, k) => hash(entropy[k] ?? 0));
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) if (from !== to) pool[to] = mix(pool[to], hash(pool[from]));
  }
  for (const word of entropy.slice(4)) for (let to = 0; to < 4; to++) pool[to] = mix(pool[to], hash(word));
  let spreader = 0x8b51f9dd;
  const words = Array.from({ length: 8 }, (_, k) => {
    let value = pool[k % 4] ^ spreader;
    spreader = Math.imul(spreader, 0x58f38ded);
    value = Math.imul(value, spreader);
    return BigInt((value ^ (value >>> 16)) >>> 0);
  });
  return [0, 2, 4, 6].map((k) => words[k] | (words[k + 1] << 32n));
}

// numpy.random.default_rng(seed), as far as bpcore uses it.
export class Generator {
  #state; #increment; #half = null;

  constructor(seed) {
    const [high, low, sequenceHigh, sequenceLow] = seedWords(seed);
    this.#increment = ((((sequenceHigh << 64n) | sequenceLow) << 1n) | 1n) & QUAD;
    this.#state = 0n;
    this.#step();
    this.#state = (this.#state + ((high << 64n) | low)) & QUAD;
    this.#step();
  }

  #step() {
    this.#state = (this.#state * MULTIPLIER + this.#increment) & QUAD;
  }

  // The next 64 bits.
  next64() {
    this.#step();
    const value = ((this.#state >> 64n) ^ this.#state) & DOUBLE, turn = this.#state >> 122n;
    return ((value >> turn) | (value << ((64n - turn) & 63n))) & DOUBLE;
  }

  // The next 32 bits: numpy gives the lower half of 64 first, then the upper one.
  next32() {
    if (this.#half !== null) {
      const half = this.#half;
      this.#half = null;
      return half;
    }
    const both = this.next64();
    this.#half = both >> 32n;
    return both & WORD;
  }

  // A number from 0 to below 1.
  random() {
    return Number(this.next64() >> 11n) / 9007199254740992;
  }

  // A whole number from 0 to `most`, below 2^31: as many bits as that takes are drawn until they are not more.
  upTo(most) {
    if (!most) return 0;
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = Number(this.next32() & BigInt(mask));
      if (value <= most) return value;
    }
  }

  // Generator.permutation(n).
  permutation(n) {
    const order = Array.from({ length: n }, (_, k) => k);
    for (let k = n - 1; k > 0; k--) {
      const j = this.upTo(k);
      [order[k], order[j]] = [order[j], order[k]];
    }
    return order;
  }
}

// Starting weights of a seed, as bpcore.start draws them: every weight in order, from -1 to 1, times half the range.
export function startingWeights(network, seed, { half_range: halfRange, biases }) {
  const generator = new Generator(seed), isBias = network.ofBlocks((block) => Number(block.isBias));
  const w = Float64Array.from({ length: network.weights }, () => halfRange * (-1 + 2 * generator.random()));
  return biases === "zero" ? w.map((value, k) => (isBias[k] ? 0 : value)) : w;
}
