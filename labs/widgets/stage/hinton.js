// A Hinton diagram: one row a unit, one square a weight, the bias apart at the end.

// rows: [{name, cells: [{k, value, about}], bias: {k, value, about}}]; side is that of a cell.
function drawHinton(pen, x, y, rows, { side, gap, columns, largest, lit }) {
  const label = 30, biasAt = x + label + columns * side + 12;
  rows.forEach((row, r) => {
    const top = y + r * (side + gap);
    pen.text(row.name, x, top + side / 2);
    if (row.cells.length) pen.rect(x + label, top, row.cells.length * side, side, FIELD);
    pen.rect(biasAt, top, side, side, FIELD);
    const place = ({ k, value, about }, left) => {
      pen.square(value / largest, left + 1.5, top + 1.5, side - 3);
      if (lit === `w${k}`) pen.frame(left, top, side, side, pen.theme.accent, 2);
      pen.spot(`w${k}`, left, top, side, side, about);
    };
    row.cells.forEach((cell, i) => place(cell, x + label + i * side));
    place(row.bias, biasAt);
  });
  return { bias: biasAt + side / 2, height: rows.length * (side + gap) - gap, cells: x + label };
}
