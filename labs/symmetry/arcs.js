// A net of inputs, one row of hidden units and an output, drawn as the paper draws Fig. 1: weights on the arcs, biases
// in the units. The weights of the lower arcs stand in rows above the inputs, one row a hidden unit, so that none hides
// another.

import { FIELD, signed, subscript } from "../kit/stage/pen.js";

// The weights of such a net by their places: weight(target, j, i) and bias(target, j) give {k, value}.
export function arcCells({ net, moment }) {
  const first = (source, target) => net.links.find((l) => l.source === source && l.target === target).first;
  const [inputs, hidden] = net.groups.map((group) => group.size), cell = (k) => ({ k, value: moment.w[k] });
  const hiddenAt = first("input", "hidden"), outputAt = first("hidden", "output");
  return {
    inputs, hidden,
    weight: (target, j, i) => cell(target === "hidden" ? hiddenAt + j * inputs + i : outputAt + j * hidden + i),
    bias: (target, j) => cell(first("one", target) + j),
  };
}

export function drawArcs(pen, { x, y, w, h }, { inputs, hidden, weight, bias, about, states, lit }) {
  const { theme } = pen, many = hidden > 4;
  const rowHeight = many ? 15 : 19, size = many ? 9 : 10.5;
  const inputY = y + h - 22, rowsTop = inputY - 18 - hidden * rowHeight, outY = y + 20;
  const hiddenY = Math.max(outY + 58, Math.min(outY + 92, rowsTop - 48));
  const spread = (n) => Array.from({ length: n }, (_, i) => x + 26 + ((i + 0.5) * (w - 26)) / n);
  const inX = spread(inputs), hidX = spread(hidden), outX = x + 26 + (w - 26) / 2, radius = many ? 15 : 18;
  const all = hidX.flatMap((_, j) => [weight("output", 0, j), ...inX.map((__, i) => weight("hidden", j, i))]);
  const largest = Math.max(1e-9, ...all.map(({ value }) => Math.abs(value)));
  const isLit = (k) => lit === `w${k}`;
  const arc = (x1, y1, x2, y2, { k, value }) => {
    const ink = isLit(k) ? theme.accent : value < 0 ? theme.negative : theme.positive;
    pen.line(x1, y1, x2, y2, ink, 0.6 + (4.4 * Math.abs(value)) / largest);
  };

  hidX.forEach((hx, j) => {
    inX.forEach((ix, i) => arc(hx, hiddenY, ix, rowsTop - 3, weight("hidden", j, i)));
    arc(outX, outY, hx, hiddenY, weight("output", 0, j));
  });
  pen.line(outX, rowsTop - 2, outX, inputY + 14, theme.quiet, 1, [2, 3]);
  const boxWidth = Math.min(44, (w - 26) / inputs - 3);
  for (let j = 0; j < hidden; j++) {
    const top = rowsTop + j * rowHeight;
    pen.text(`h${subscript(j + 1)}`, x, top + rowHeight / 2 - 1, { colour: theme.quiet, size });
    for (let i = 0; i < inputs; i++) {
      const { k, value } = weight("hidden", j, i), left = inX[i] - boxWidth / 2;
      valueBox(pen, value, { x: left, y: top, w: boxWidth, h: rowHeight - 3 }, size, isLit(k));
      pen.spot({ kind: "weight", index: k }, left, top, boxWidth, rowHeight - 3, () => about(k));
    }
  }
  const short = (value) => signed(value, Math.abs(value) < (many ? 10 : 100) ? 1 : 0);
  const unit = (cx, cy, r, { k, value }) => {
    const stroke = isLit(k) ? theme.accent : theme.ink;
    pen.circle(cx, cy, r, { fill: theme.paper, stroke, width: isLit(k) ? 2 : 1.3 });
    pen.text(short(value), cx, cy, { align: "center", size: many ? 9.5 : 11 });
    pen.spot({ kind: "weight", index: k }, cx - r, cy - r, 2 * r, 2 * r, () => about(k));
  };
  hidX.forEach((hx, j) => {
    const { k, value } = weight("output", 0, j), share = many ? 0.62 : 0.5;
    const ax = outX + (hx - outX) * share, ay = outY + (hiddenY - outY) * share;
    const colour = isLit(k) ? theme.accent : theme.ink;
    pen.text(short(value), ax, ay, { align: "center", back: theme.paper, size, colour });
    pen.spot({ kind: "weight", index: k }, ax - 18, ay - 8, 36, 16, () => about(k));
    unit(hx, hiddenY, radius, bias("hidden", j));
  });
  unit(outX, outY, 19, bias("output", 0));
  pen.text("output", outX + 26, outY, { colour: theme.quiet });
  pen.text("in a circle:", x, outY - 8, { colour: theme.quiet, size: 12 });
  pen.text("the unit\u2019s bias", x, outY + 8, { colour: theme.quiet, size: 12, room: w / 2 - 10 });
  inX.forEach((ix, i) => pen.circle(ix, inputY, 9, { fill: states[i] > 0.5 ? "#fff" : FIELD, stroke: theme.ink }));
  pen.text("middle of the input", outX, inputY + 19, { align: "center", colour: theme.quiet, size: 12 });
}

function valueBox(pen, value, { x, y, w, h }, size, isLit) {
  const { accent, dark } = pen.theme, isNegative = value < 0;
  const rim = isLit ? accent : isNegative ? (dark ? "#888" : "#1d1d1d") : "#aaa";
  pen.rect(x, y, w, h, isNegative ? "#1d1d1d" : "#fff");
  pen.frame(x, y, w, h, rim, isLit ? 2 : 1);
  const ink = isNegative ? "#fff" : "#1d1d1d";
  pen.text(signed(value), x + w / 2, y + h / 2 + 0.5, { align: "center", size, colour: ink });
}
