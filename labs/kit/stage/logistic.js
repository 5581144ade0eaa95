// The function of a unit, the logistic of equation (2) or tanh, with one unit on it: a dot at its total input and
// output, and the tangent there, whose slope is the share of the error that equation (5) lets back through the unit.

import { number, signed } from "./pen.js";

const REACH = 8; // total inputs beyond this are drawn at the edge: there the curve is flat
const CURVES = {
  logistic: {
    low: 0, of: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y), says: "y(1 \u2212 y)", about: "equation (2)",
  },
  tanh: { low: -1, of: Math.tanh, slope: (y) => 1 - y * y, says: "1 \u2212 y\u00b2", about: "tanh" },
};

const SMALLEST = 0.0001; // slope that is given as a number

// A small share in words that a student reads: .098, .0021, or "less than .0001".
export const share = (v) => {
  if (v >= 0.0995) return number(v, 2).replace(/^0/, "");
  return v >= SMALLEST ? number(v, v < 0.00995 ? 4 : 3).replace(/^0/, "") : "less than .0001";
};

export const aboutCurve = ({ name, x, y, unit = "logistic" }) => {
  const { slope, says } = CURVES[unit];
  return `${name}: total input ${signed(x, 1) || "0"}, output ${number(y, 2)}, slope ${says} ${share(slope(y))}`;
};

export const hasCurve = (unit) => unit in CURVES;

// Draws a title, the curve, and the numbers of a unit beside it. unit: the name of its function.
export function drawLogistic(pen, { x: left, y: top, w, h }, { name, x, y, unit = "logistic" }) {
  const { low, of, slope: slopeOf, says, about } = CURVES[unit];
  const { theme } = pen, plotWidth = Math.min(190, w * 0.52), plotTop = top + 24, plotHeight = h - 44;
  const px = (v) => left + 22 + ((Math.max(-REACH, Math.min(REACH, v)) + REACH) / (2 * REACH)) * (plotWidth - 22);
  const py = (v) => plotTop + ((1 - v) / (1 - low)) * plotHeight;
  pen.title("From total input to output", left, top + 8, about, left + w);
  for (const level of [low, 1]) {
    pen.line(px(-REACH), py(level), px(REACH), py(level), theme.faint);
    pen.text(number(level, 0), left + 12, py(level), { align: "right", size: 11, colour: theme.quiet });
  }
  pen.line(px(0), py(low), px(0), py(1), theme.faint);
  for (const v of [-REACH, 0, REACH]) {
    pen.text(signed(v, 0) || "0", px(v), py(low) + 11, { align: "center", size: 11, colour: theme.quiet });
  }
  const { ctx } = pen;
  Object.assign(ctx, { strokeStyle: theme.ink, lineWidth: 1.6 });
  ctx.beginPath();
  for (let k = 0; k <= 64; k++) ctx.lineTo(px(REACH * (k / 32 - 1)), py(of(REACH * (k / 32 - 1))));
  ctx.stroke();

  const at = Math.max(-REACH, Math.min(REACH, x)), slope = slopeOf(y), reach = 2.2; // of the tangent, to each side
  ctx.save();
  ctx.beginPath();
  ctx.rect(px(-REACH), plotTop - 5, px(REACH) - px(-REACH), plotHeight + 10);
  ctx.clip();
  pen.line(px(at - reach), py(y - reach * slope), px(at + reach), py(y + reach * slope), theme.accent, 2.2);
  ctx.restore();
  pen.circle(px(at), py(y), 4.5, { fill: theme.accent, stroke: theme.paper });

  const beside = left + plotWidth + 18, outside = Math.abs(x) > REACH ? " (off the picture)" : "";
  const lines = [
    [name, { weight: "600" }], [`x = ${signed(x, 1) || "0"}${outside}`], [`y = ${number(y, 2)}`],
    [`${says} ${slope >= SMALLEST ? "= " : ""}${share(slope)}`, { colour: theme.accent, weight: "600" }],
  ];
  const room = left + w - beside;
  lines.forEach(([text, how], k) => pen.text(text, beside, plotTop + 4 + 17 * k, { size: 12, room, ...how }));
}
