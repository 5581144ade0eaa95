// Hinton diagrams: one row a unit, one square a weight, the bias apart at the end.

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

// All weights of a net as one matrix: a row for each unit with links into it, a column for each unit they come from,
// the bias last. `most`: pixels that the rows may take. Returns what drawMatrix needs, and its height with 36 pixels
// for a title.
export function matrixOf({ groups, links }, w, most) {
  const to = groups.filter((g) => links.some((l) => l.target === g.name));
  const from = [...groups.filter((g) => links.some((l) => l.source === g.name)), { name: "one", size: 1 }];
  const units = (some) => some.reduce((n, g) => n + g.size, 0);
  const rows = units(to), columns = units(from), gap = 3;
  const side = Math.min(34, (w - 46 - gap * from.length) / columns, most / rows);
  return { to, from, links, side, gap, height: 52 + rows * side + gap * to.length };
}

export function drawMatrix(pen, { x, y }, { to, from, links, side, gap, height }, w, { kept, lit, about, choose }) {
  const quiet = { size: 12, colour: pen.theme.quiet }, left = x + 46, top = y + 36, few = from.length < 6;
  const largest = Math.max(1e-9, largestOf(w));
  const drawBlock = ({ first, to: rows, from: columns }, bx, by) => {
    pen.rect(bx, by, columns * side, rows * side, FIELD);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++) {
        const k = first + j * columns + i, px = bx + i * side, py = by + j * side;
        pen.square(w[k] / largest, px + 0.5, py + 0.5, side - 1);
        if (k === kept || lit === `w${k}`) pen.frame(px - 1, py - 1, side + 2, side + 2, pen.theme.accent, 2);
        pen.spot({ kind: "weight", index: k }, px, py, side, side, () => about(k), choose && (() => choose(k)));
      }
    }
  };
  const nameColumns = ({ name, size }, bx) => {
    const isBias = name === "one";
    if (isBias && side < 20) pen.text("bias", bx + side, y + height - 12, { align: "right", ...quiet }); // below
    else if (few) pen.text(isBias ? "bias" : name, bx + (size * side) / 2, y + 27, { align: "center", ...quiet });
  };
  let bx = left;
  for (const source of from) {
    nameColumns(source, bx);
    let by = top;
    for (const target of to) {
      const link = links.find((l) => l.source === source.name && l.target === target.name);
      if (link) drawBlock(link, bx, by);
      by += target.size * side + gap;
    }
    bx += source.size * side + gap;
  }
  let by = top;
  for (const { name, size } of to) {
    pen.text(name, x, by + (size * side) / 2, quiet);
    by += size * side + gap;
  }
  if (!few) pen.text(`from ${from[0].name} \u2026 ${from.at(-2).name}`, left, y + 27, quiet);
}
