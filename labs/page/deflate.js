// zlib's deflate at level 9, byte for byte, so that a page writes the same ticket as a lab: matches that are looked for
// again one byte later (deflate_slow), and blocks with Huffman codes, ties broken as in trees.c.

const WINDOW = 32768, FARTHEST = WINDOW - 262, LONGEST = 258, SHORTEST = 3, TOO_FAR = 4096; // of a match
const CHAIN = 4096, GOOD = 32; // matches that are tried; a quarter of them once one is this long
const SYMBOLS = 16383; // of a block
const END = 256;
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const PLACE_EXTRA = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER_OF_LENGTHS = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

// First value of each code.
const bases = (extra, least) => extra.map((_, k) => extra.slice(0, k).reduce((sum, bits) => sum + 2 ** bits, least));
export const LENGTHS = { extra: LENGTH_EXTRA, base: [...bases(LENGTH_EXTRA, SHORTEST).slice(0, 28), LONGEST] };
export const PLACES = { extra: PLACE_EXTRA, base: bases(PLACE_EXTRA, 1) };
export const ORDER = ORDER_OF_LENGTHS;

// Lengths of the fixed codes.
export const FIXED = {
  literals: Array.from({ length: 288 }, (_, k) => (k < 144 ? 8 : k < 256 ? 9 : k < 280 ? 7 : 8)),
  places: Array(30).fill(5),
};

const codeOf = ({ base }, value) => base.findLastIndex((first) => first <= value);

// Bytes of a text, deflated without a header.
export function deflate(bytes) {
  const out = new Bits(), symbols = [];
  const flush = (last) => writeBlock(out, symbols.splice(0), last);
  findMatches(bytes, (symbol) => {
    symbols.push(symbol);
    if (symbols.length === SYMBOLS) flush(false);
  });
  flush(true);
  return out.bytes();
}

// Give `take` every symbol: a literal byte, or [length, distance].
function findMatches(bytes, take) {
  const n = bytes.length, head = new Int32Array(1 << 15), before = new Int32Array(n); // 0: none, as zlib has it
  const insert = (at) => {
    const hash = ((bytes[at] << 10) ^ (bytes[at + 1] << 5) ^ bytes[at + 2]) & 0x7fff, last = head[hash];
    before[at] = last;
    head[hash] = at;
    return last;
  };
  let length = SHORTEST - 1, from = 0, pending = false;
  for (let at = 0; at < n;) {
    const last = at + SHORTEST <= n ? insert(at) : 0, lastLength = length, lastFrom = from;
    length = SHORTEST - 1;
    if (last && lastLength < LONGEST && at - last <= FARTHEST) {
      [length, from] = longestMatch(bytes, before, at, last, lastLength, from);
      if (length === SHORTEST && at - from > TOO_FAR) length = SHORTEST - 1;
    }
    if (lastLength >= SHORTEST && length <= lastLength) {
      take([lastLength, at - 1 - lastFrom]);
      for (const end = at + lastLength - 1; ++at < end;) if (at + SHORTEST <= n) insert(at);
      pending = false;
      length = SHORTEST - 1;
    } else {
      if (pending) take(bytes[at - 1]);
      pending = true;
      at += 1;
    }
  }
  if (pending) take(bytes[n - 1]);
}

function longestMatch(bytes, before, at, last, lastLength, lastFrom) {
  const left = bytes.length - at, enough = Math.min(LONGEST, left), limit = Math.max(0, at - FARTHEST);
  let best = lastLength, from = lastFrom, k = last, tries = lastLength >= GOOD ? CHAIN >> 2 : CHAIN;
  do {
    if (bytes[k + best] !== bytes[at + best]) continue;
    let length = 0;
    while (length < enough && bytes[k + length] === bytes[at + length]) length++;
    if (length <= best) continue;
    [best, from] = [length, k];
    if (length >= enough) break;
  } while ((k = before[k]) > limit && --tries);
  return [Math.min(best, left), from];
}

// ---- blocks

function writeBlock(out, symbols, last) {
  const literals = new Tree(286, 15, 257, LENGTHS.extra), places = new Tree(30, 15, 0, PLACES.extra);
  literals.counts[END] = 1;
  for (const symbol of symbols) {
    if (typeof symbol === "number") literals.counts[symbol]++;
    else {
      literals.counts[257 + codeOf(LENGTHS, symbol[0])]++;
      places.counts[codeOf(PLACES, symbol[1])]++;
    }
  }
  literals.build();
  places.build();
  const told = [...runsOf(literals), ...runsOf(places)], ofLengths = new Tree(19, 7, 16, [2, 3, 7]);
  for (const [code] of told) ofLengths.counts[code]++;
  ofLengths.build();
  const lengths = 1 + Math.max(3, ORDER.findLastIndex((code) => ofLengths.lengths[code]));
  const own = literals.bits() + places.bits() + ofLengths.bits() + 3 * lengths + 14;
  const fixed = literals.bits(FIXED.literals) + places.bits(FIXED.places);
  const isFixed = (fixed + 10) >> 3 <= (own + 10) >> 3;
  out.add((isFixed ? 2 : 4) + Number(last), 3);
  if (!isFixed) {
    out.add(literals.last - 256, 5);
    out.add(places.last, 5);
    out.add(lengths - 4, 4);
    for (const code of ORDER.slice(0, lengths)) out.add(ofLengths.lengths[code], 3);
    const codes = codesOf(ofLengths.lengths);
    for (const [code, more] of told) {
      out.add(codes[code], ofLengths.lengths[code]);
      if (code >= 16) out.add(more, [2, 3, 7][code - 16]);
    }
  }
  const [ofLiterals, ofPlaces] = isFixed ? [FIXED.literals, FIXED.places] : [literals.lengths, places.lengths];
  writeSymbols(out, symbols, [codesOf(ofLiterals), ofLiterals], [codesOf(ofPlaces), ofPlaces]);
}

function writeSymbols(out, symbols, [literals, ofLiterals], [places, ofPlaces]) {
  const literal = (code) => out.add(literals[code], ofLiterals[code]);
  for (const symbol of symbols) {
    if (typeof symbol === "number") literal(symbol);
    else {
      const [length, distance] = symbol, l = codeOf(LENGTHS, length), p = codeOf(PLACES, distance);
      literal(257 + l);
      out.add(length - LENGTHS.base[l], LENGTHS.extra[l]);
      out.add(places[p], ofPlaces[p]);
      out.add(distance - PLACES.base[p], PLACES.extra[p]);
    }
  }
  literal(END);
}

// Lengths of codes, as a block tells them: [length], [16, more] repeats the last, [17, more] and [18, more] are zeros.
function runsOf({ lengths, last }) {
  const told = [];
  for (let k = 0, before = -1; k <= last;) {
    const length = lengths[k], least = length && length !== before ? 4 : 3, most = length ? least + 3 : 138;
    let n = 1;
    while (n < most && k + n <= last && lengths[k + n] === length) n++;
    k += n;
    if (length && length !== before) {
      told.push([length]);
      n -= 1;
    }
    if (n < 3) told.push(...Array(n).fill([length]));
    else told.push(length ? [16, n - 3] : n <= 10 ? [17, n - 3] : [18, n - 11]);
    before = length;
  }
  return told;
}

// A Huffman code. `extra` bits follow the codes from `first` on.
class Tree {
  constructor(size, longest, first, extra) {
    Object.assign(this, { size, longest, first, extra, counts: Array(size).fill(0), lengths: Array(size).fill(0) });
  }

  // Bits that all symbols take.
  bits(lengths = this.lengths) {
    return this.counts.reduce((sum, count, k) => sum + count * (lengths[k] + (this.extra[k - this.first] ?? 0)), 0);
  }

  build() {
    const counts = [...this.counts], depth = [], heap = [0], parent = [], order = [];
    counts.forEach((count, k) => { if (count) heap.push(k); });
    this.last = heap.at(-1);
    if (heap.length === 1) this.last = -1;
    while (heap.length < 3) { // at least two codes
      const k = this.last < 2 ? ++this.last : 0;
      counts[k] = 1;
      heap.push(k);
    }
    heap.forEach((k) => { depth[k] = 0; });
    const isSmaller = (a, b) => counts[a] < counts[b] || (counts[a] === counts[b] && depth[a] <= depth[b]);
    const sink = (k) => {
      const node = heap[k];
      for (let j = 2 * k; j < heap.length; j *= 2) {
        if (j + 1 < heap.length && isSmaller(heap[j + 1], heap[j])) j++;
        if (isSmaller(node, heap[j])) break;
        heap[k] = heap[j];
        k = j;
      }
      heap[k] = node;
    };
    for (let k = (heap.length - 1) >> 1; k; k--) sink(k);
    for (let node = this.size; heap.length > 2; node++) {
      const a = heap[1], moved = heap.pop();
      heap[1] = moved;
      sink(1);
      const b = heap[1];
      order.push(a, b);
      counts[node] = counts[a] + counts[b];
      depth[node] = Math.max(depth[a], depth[b]) + 1;
      parent[a] = parent[b] = node;
      heap[1] = node;
      sink(1);
    }
    this.#setLengths(order, heap[1], parent);
  }

  #setLengths(order, root, parent) {
    const lengths = [], many = Array(this.longest + 1).fill(0), leaves = order.filter((k) => k < this.size);
    let over = 0;
    lengths[root] = 0;
    for (const k of order.toReversed()) {
      lengths[k] = lengths[parent[k]] + 1;
      if (lengths[k] > this.longest) {
        lengths[k] = this.longest;
        over++;
      }
    }
    for (const k of leaves) many[this.lengths[k] = lengths[k]]++;
    if (!over) return;
    for (; over > 0; over -= 2) {
      const bits = many.findLastIndex((n, length) => n && length < this.longest);
      many[bits]--;
      many[bits + 1] += 2;
      many[this.longest]--;
    }
    for (let bits = this.longest; bits; bits--) { // the rarest have the longest
      for (const k of leaves.splice(0, many[bits])) this.lengths[k] = bits;
    }
  }
}

// Codes of these lengths, the first bit lowest.
function codesOf(lengths) {
  const next = [0];
  for (let bits = 1; bits <= 15; bits++) {
    next[bits] = (next[bits - 1] + (bits > 1 ? lengths.filter((length) => length === bits - 1).length : 0)) << 1;
  }
  return lengths.map((length) => {
    let code = length ? next[length]++ : 0, turned = 0;
    for (let k = 0; k < length; k++, code >>= 1) turned = (turned << 1) | (code & 1);
    return turned;
  });
}

class Bits {
  #bytes = []; #held = 0; #many = 0;

  add(value, bits) {
    this.#held |= value << this.#many;
    this.#many += bits;
    for (; this.#many >= 8; this.#many -= 8, this.#held >>>= 8) this.#bytes.push(this.#held & 255);
  }

  bytes() {
    return Uint8Array.from(this.#many ? [...this.#bytes, this.#held & 255] : this.#bytes);
  }
}
