// What deflate has made, as bytes again.

import { FIXED, LENGTHS, ORDER, PLACES } from "./deflate.js";

// Inflate bytes without a header, to at most `most` bytes; an error if they are damaged, or hold more.
export function inflate(bytes, most) {
  const out = new Uint8Array(most);
  let at = 0, bit = 0, length = 0;
  const take = (bits) => {
    let value = 0;
    for (let k = 0; k < bits; k++, bit++) {
      if (bit >= 8 * bytes.length) throw new Error("cut short");
      value |= ((bytes[bit >> 3] >> (bit & 7)) & 1) << k;
    }
    return value;
  };
  const put = (byte) => {
    if (length === most) throw new Error("too long");
    out[length++] = byte;
  };
  const symbol = ({ counts, symbols }) => {
    let code = 0, first = 0, place = 0;
    for (let bits = 1; bits <= 15; bits++) {
      code |= take(1);
      if (code - first < counts[bits]) return symbols[place + code - first];
      place += counts[bits];
      first = (first + counts[bits]) << 1;
      code <<= 1;
    }
    throw new Error("damaged");
  };
  for (let last = 0; !last;) {
    last = take(1);
    const kind = take(2);
    if (kind === 3) throw new Error("damaged");
    if (kind === 0) {
      bit = 8 * Math.ceil(bit / 8);
      const n = take(16);
      if ((n ^ take(16)) !== 0xffff) throw new Error("damaged");
      for (let k = 0; k < n; k++) put(take(8));
      continue;
    }
    const { literals, places } = kind === 1 ? { literals: book(FIXED.literals), places: book(FIXED.places) } : books();
    for (let code = symbol(literals); code !== 256; code = symbol(literals)) {
      if (code < 256) {
        put(code);
        continue;
      }
      const n = value(LENGTHS, code - 257), distance = value(PLACES, symbol(places));
      at = length - distance;
      if (at < 0) throw new Error("damaged");
      for (let k = 0; k < n; k++) put(out[at + k]);
    }
  }
  return out.subarray(0, length);

  function value({ base, extra }, code) {
    if (!(code < base.length)) throw new Error("damaged");
    return base[code] + take(extra[code]);
  }

  function books() {
    const many = 257 + take(5), distances = 1 + take(5), lengths = Array(19).fill(0), all = [];
    for (let k = 4 + take(4), i = 0; i < k; i++) lengths[ORDER[i]] = take(3);
    const ofLengths = book(lengths);
    while (all.length < many + distances) {
      const code = symbol(ofLengths);
      if (code < 16) all.push(code);
      else if (code === 16) all.push(...Array(3 + take(2)).fill(all.at(-1) ?? 0));
      else all.push(...Array(code === 17 ? 3 + take(3) : 11 + take(7)).fill(0));
    }
    return { literals: book(all.slice(0, many)), places: book(all.slice(many, many + distances)) };
  }
}

// Symbols in the order of their codes, and how many codes there are of each length.
function book(lengths) {
  const counts = Array(16).fill(0), symbols = [];
  for (let bits = 1; bits <= 15; bits++) {
    lengths.forEach((length, k) => {
      if (length !== bits) return;
      counts[bits]++;
      symbols.push(k);
    });
  }
  return { counts, symbols };
}
