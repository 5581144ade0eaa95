// A net of inputs, one row of hidden units and an output, drawn as the paper draws Fig. 1: weights on the arcs, biases in
// the units. The weights of the lower arcs stand in rows above the inputs, one row a hidden unit, so that none hides another.

import { FIELD, signed, subscript } from "../kit/stage/pen.js";

export function drawArcs(pen, { x, y, w, h }, { inputs, hidden, weight, bias, about, states, lit }) {
  const { theme } = pen, many = hidden > 4;
  const rowHeight = many ? 15 : 19, size = many ? 9 : 10.5;
  const inputY = y + h - 22, rowsTop = inputY - 18 - hidden * rowHeight, outY = y + 20;
  const hiddenY = Math.max(outY + 58, Math.min(outY + 92, rowsTop - 48));
  const inX = Array.from({ length: inputs }, (_, i) => x + 26 + ((i + 0.5) * (w - 26)) / inputs);
  const hidX = Array.from({ length: hidden }, (_, j) => x + 26 + ((j + 0.5) * (w - 26)) / hidden);
  const outX = x + 26 + (w - 26) / 2, radius = many ? 15 : 18;
  const all = [];
  for (let j = 0; j < hidden; j++) { all.push(weight("output", 0, j)); for (let i = 0; i < inputs; i++) all.push(weight("hidden", j, i)); }
  const largest = Math.max(1e-9, ...all.map((a) => Math.abs(a.value)));
  const arc = (x1, y1, x2, y2, { k, value }) => {
    const ink = value < 0 ? theme.negative : theme.positive;
    pen.line(x1, y1, x2, y2, lit === `w${k}` ? theme.accent : ink, 0.6 + (4.4 * Math.abs(value)) / largest);
  };

  for (let j = 0; j < hidden; j++) {
    for (let i = 0; i < inputs; i++) arc(hidX[j], hiddenY, inX[i], rowsTop - 3, weight("hidden", j, i));
    arc(outX, outY, hidX[j], hiddenY, weight("output", 0, j));
  }
  pen.line(outX, rowsTop - 2, outX, inputY + 14, theme.quiet, 1, [2, 3]);
  const boxWidth = Math.min(44, (w - 26) / inputs - 3);
  for (let j = 0; j < hidden; j++) {
    const top = rowsTop + j * rowHeight;
    pen.text(`h${subscript(j + 1)}`, x, top + rowHeight / 2 - 1, { colour: theme.quiet, size });
    for (let i = 0; i < inputs; i++) {
      const { k, value } = weight("hidden", j, i), left = inX[i] - boxWidth / 2;
      valueBox(pen, value, left, top, boxWidth, rowHeight - 3, size, lit === `w${k}`);
      pen.spot({ kind: "weight", index: k }, left, top, boxWidth, rowHeight - 3, () => about(k));
    }
  }
  const short = (value) => signed(value, Math.abs(value) < (many ? 10 : 100) ? 1 : 0);
  const node = (cx, cy, r, k, value, fill) => {
    pen.circle(cx, cy, r, { fill, stroke: lit === `w${k}` ? theme.accent : theme.ink, width: lit === `w${k}` ? 2 : 1.3 });
    pen.text(short(value), cx, cy, { align: "center", size: many ? 9.5 : 11 });
    pen.spot({ kind: "weight", index: k }, cx - r, cy - r, 2 * r, 2 * r, () => about(k));
  };
  for (let j = 0; j < hidden; j++) {
    const up = weight("output", 0, j), b = bias("hidden", j);
    const f = many ? 0.62 : 0.5, ax = outX + (hidX[j] - outX) * f, ay = outY + (hiddenY - outY) * f;
    pen.text(short(up.value), ax, ay, { align: "center", back: theme.paper, size, colour: lit === `w${up.k}` ? theme.accent : theme.ink });
    pen.spot({ kind: "weight", index: up.k }, ax - 18, ay - 8, 36, 16, () => about(up.k));
    node(hidX[j], hiddenY, radius, b.k, b.value, theme.paper);
  }
  const top = bias("output", 0);
  node(outX, outY, 19, top.k, top.value, theme.paper);
  pen.text("output", outX + 26, outY, { colour: theme.quiet });
  inX.forEach((cx, i) => pen.circle(cx, inputY, 9, { fill: states ? (states[i] > 0.5 ? "#fff" : FIELD) : null, stroke: theme.ink }));
  pen.text("middle of the input", outX, inputY + 19, { align: "center", colour: theme.quiet, size: 10 });
}

function valueBox(pen, value, x, y, w, h, size, lit) {
  const { theme } = pen;
  pen.rect(x, y, w, h, value < 0 ? "#1d1d1d" : "#fff");
  pen.frame(x, y, w, h, lit ? theme.accent : value < 0 ? (theme.dark ? "#888" : "#1d1d1d") : "#aaa", lit ? 2 : 1);
  pen.text(signed(value), x + w / 2, y + h / 2 + 0.5, { align: "center", size, colour: value < 0 ? "#fff" : "#1d1d1d" });
}
