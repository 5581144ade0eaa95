// The balance: why the sizes 1 : 2 : 4 detect symmetry. At each hidden unit the left half of the chosen pattern walks
// out from 0 and the right half walks back; only a mirror image comes home. Ticks on the line are the ends of all left
// halves: where two of them coincide, two different halves look the same to this unit.

import { FIELD, number, signed, subscript } from "../kit/stage/pen.js";
import { arcCells } from "./arcs.js";

const ROW = 48, SHOWN = 4; // height of a unit's line; units that are drawn, at most
// Shares of the largest sum, for so many halves: sums that are nearer than `apart` count as one, and a gap of `clear`
// is enough for every pattern. With more pairs the gaps of a solution are smaller: 1 of 9 for 2 : 3 : 4, 1 of 27 for
// some families of eight inputs.
const gapsOf = (halves) => {
  const smaller = Math.min(1, (8 / halves) ** 1.8);
  return { apart: 0.04 * smaller, clear: 0.1 * smaller };
};

// For hidden unit j: the sums of the two halves of a pattern, those of every possible left half, in order, and whether
// weights at mirrored places are opposite, so that a mirror image cancels.
export function balanceOf(cells, j, pattern) {
  const { inputs, weight } = cells, half = inputs / 2;
  const w = Array.from({ length: inputs }, (_, i) => weight("hidden", j, i).value);
  const sum = (from, to) => w.slice(from, to).reduce((all, wi, i) => all + wi * pattern[from + i], 0);
  const halves = Array.from({ length: 2 ** half }, (_, h) => (
    w.slice(0, half).reduce((all, wi, i) => all + wi * ((h >> (half - 1 - i)) & 1), 0)
  ));
  const largest = Math.max(...w.map(Math.abs));
  const isMirror = w.every((wi, i) => Math.abs(wi + w.at(-1 - i)) < 0.1 * largest);
  return { left: sum(0, half), right: sum(half, inputs), halves, isMirror };
}

// How many of the sums differ, the smallest distance between two that do, and whether that tells all halves apart.
export function different(halves) {
  const sorted = [...halves].sort((a, b) => a - b), most = Math.max(1e-9, ...halves.map(Math.abs));
  const { apart, clear } = gapsOf(halves.length);
  const gaps = sorted.slice(1).map((v, k) => v - sorted[k]), real = gaps.filter((gap) => gap > apart * most);
  const gap = real.length ? Math.min(...real) : 0;
  return { number: real.length + 1, gap, isClear: real.length + 1 === halves.length && gap > clear * most };
}

// Both sums and what is left of them, with so many digits that small ones add up for the reader too.
function inWords(left, right) {
  const digits = Math.max(Math.abs(left), Math.abs(right)) < 2 ? 2 : 1;
  return [left, right, left + right].map((v) => signed(v, digits));
}

export const balanceHeight = (hidden) => 44 + ROW * Math.min(SHOWN, hidden);

export function drawBalance(pen, { x, y, w }, view) {
  const { theme } = pen, cells = arcCells(view), { scene, shown: c } = view, pattern = scene.inputs.input[c];
  const units = Array.from({ length: Math.min(SHOWN, cells.hidden) }, (_, j) => balanceOf(cells, j, pattern));
  const ends = units.flatMap(({ left, right, halves }) => [left, left + right, ...halves]);
  const most = Math.max(0.01, ...ends.map(Math.abs));
  const middle = x + 26 + (w - 26) * 0.5, scale = (w - 26) * 0.46 / most, px = (v) => middle + v * scale;
  pen.title("The balance", x, y + 8, "left half walks out, right half back", x + w);
  units.forEach(({ left, right, halves, isMirror }, j) => {
    const top = y + 26 + ROW * j, sum = left + right, alike = different(halves);
    pen.text(`h${subscript(j + 1)}`, x, top + 15, { colour: theme.quiet });
    pen.rect(x + 26, top + 6, w - 26, 20, FIELD);
    for (const half of halves) pen.line(px(half), top, px(half), top + 6, theme.ink, 1);
    const bar = (from, by, at) => {
      pen.rect(Math.min(px(from), px(from + by)), at, Math.abs(by) * scale, 8, by < 0 ? "#000" : "#fff");
    };
    bar(0, left, top + 7.5);
    bar(left, right, top + 16.5);
    pen.line(middle, top + 4, middle, top + 28, theme.accent, 1, [2, 2]);
    pen.line(px(sum), top + 15, px(sum), top + 29, theme.accent, 2);
    const [out, back, end] = inWords(left, right);
    pen.text(`left ${out}, right ${back}: ${end}`, x + 26, top + 37, { size: 12, room: (w - 26) * 0.66 });
    pen.text(`${alike.number} of ${halves.length} differ`, x + w, top + 37, {
      align: "right", size: 12, room: w * 0.3, colour: alike.isClear && isMirror ? theme.right : theme.quiet,
    });
    pen.spot({ kind: "balance", index: j }, x + 26, top, w - 26, 28, () => aboutBalance(view, j));
  });
}

export function aboutBalance(view, j) {
  const { scene, shown: c } = view, { left, right, halves } = balanceOf(arcCells(view), j, scene.inputs.input[c]);
  const { number: n, gap } = different(halves);
  const [out, back, sum] = inWords(left, right);
  const apart = gap ? `, at least ${number(gap, 1)} apart` : "";
  return `h${j + 1}: left half ${out}, right half ${back}, sum ${sum}; ${n} of ${halves.length} sums differ${apart}`;
}
