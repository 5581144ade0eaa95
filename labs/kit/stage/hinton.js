// A Hinton diagram: one row a unit, one square a weight, the bias apart at the end.

import { FIELD, largestOf } from "./pen.js";

// rows: [{name, cells: [{k, value, about}], bias: {k, value, about}}]; side is that of a cell.
export function drawHinton(pen, x, y, rows, { side, gap, columns, largest, lit }) {
  const label = 30, biasAt = x + label + columns * side + 12;
  rows.forEach((row, r) => {
    const top = y + r * (side + gap);
    pen.text(row.name, x, top + side / 2);
    if (row.cells.length) pen.rect(x + label, top, row.cells.length * side, side, FIELD);
    pen.rect(biasAt, top, side, side, FIELD);
    const place = ({ k, value, about }, left) => {
      pen.square(value / largest, left + 1.5, top + 1.5, side - 3);
      if (lit === `w${k}`) pen.frame(left, top, side, side, pen.theme.accent, 2);
      pen.spot({ kind: "weight", index: k }, left, top, side, side, about);
    };
    row.cells.forEach((cell, i) => place(cell, x + label + i * side));
    place(row.bias, biasAt);
  });
  return { bias: biasAt + side / 2, height: rows.length * (side + gap) - gap, cells: x + label };
}

// All weights of a net as one matrix: a row for each unit with links into it, a column for each unit they come from, the bias
// last. `most`: pixels that the rows may take. Returns what drawMatrix needs, and its height with 36 pixels for a title.
export function matrixOf({ groups, links }, w, most) {
  const to = groups.filter((g) => links.some((l) => l.target === g.name));
  const from = [...groups.filter((g) => links.some((l) => l.source === g.name)), { name: "one", size: 1 }];
  const rows = to.reduce((n, g) => n + g.size, 0), columns = from.reduce((n, g) => n + g.size, 0), gap = 3;
  const side = Math.min(34, (w - 46 - gap * from.length) / columns, most / rows);
  return { to, from, links, side, gap, height: 52 + rows * side + gap * to.length };
}

export function drawMatrix(pen, { x, y }, { to, from, links, side, gap, height }, w, { kept, lit, about, choose }) {
  const { theme } = pen, largest = Math.max(1e-9, largestOf(w)), left = x + 46, top = y + 36, few = from.length < 6;
  let cx = left;
  from.forEach((g) => {
    const bias = g.name === "one", under = bias && side < 20, middle = cx + (g.size * side) / 2;
    if (few || under) {
      pen.text(bias ? "bias" : g.name, under ? cx + side : middle, under ? y + height - 12 : y + 27, { align: under ? "right" : "center", size: 10, colour: theme.quiet });
    }
    let cy = top;
    to.forEach((target) => {
      const link = links.find((l) => l.source === g.name && l.target === target.name);
      if (link) {
        pen.rect(cx, cy, g.size * side, target.size * side, FIELD);
        for (let j = 0; j < link.to; j++) {
          for (let i = 0; i < link.from; i++) {
            const k = link.first + j * link.from + i, px = cx + i * side, py = cy + j * side;
            pen.square(w[k] / largest, px + 0.5, py + 0.5, side - 1);
            if (k === kept || lit === `w${k}`) pen.frame(px - 1, py - 1, side + 2, side + 2, theme.accent, 2);
            pen.spot({ kind: "weight", index: k }, px, py, side, side, () => about(k), choose && (() => choose(k)));
          }
        }
      }
      cy += target.size * side + gap;
    });
    cx += g.size * side + gap;
  });
  let cy = top;
  to.forEach((g) => { pen.text(g.name, x, cy + (g.size * side) / 2, { size: 10, colour: theme.quiet }); cy += g.size * side + gap; });
  if (!few) pen.text(`from ${from[0].name} \u2026 ${from.at(-2).name}`, left, y + 27, { size: 10, colour: theme.quiet });
}
