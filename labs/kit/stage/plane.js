// The plane of a net's two inputs: what each unit makes of every point in it, with the cases as points.

import { contour, diverging, drawContour } from "./field.js";
import { Net } from "./passes.js";

const RANGES = { logistic: [0, 1], tanh: [-1, 1] }; // of a unit's output; for other units, what it is in the plane

const STEPS = 100; // of colour, to each side
const COLOURS = Array.from({ length: 2 * STEPS + 1 }, (_, k) => diverging((0.85 * (k - STEPS)) / STEPS));

export const isFlat = ({ inputs }) => Object.keys(inputs).length === 1 && Object.values(inputs)[0][0].length === 2;

export class Plane {
  constructor({ groups, links, inputs, held_out: heldOut }) {
    const [[name, rows]] = Object.entries(inputs), weights = links.reduce((n, l) => n + l.to * l.from, 0);
    const n = Math.round(Math.max(16, Math.min(48, Math.sqrt(1.2e6 / weights)))); // points a side: 60 frames a second
    this.n = n;
    this.ends = [0, 1].map((i) => {
      const all = [...rows, ...(heldOut?.inputs[name] ?? [])].map((row) => row[i]);
      const least = Math.min(...all), most = Math.max(...all), rim = 0.15 * (most - least || 1);
      return [least - rim, most + rim];
    });
    const along = (i, k) => this.ends[i][0] + ((k + 0.5) / n) * (this.ends[i][1] - this.ends[i][0]);
    const points = Array.from({ length: n ** 2 }, (_, k) => [along(0, k % n), along(1, n - 1 - Math.floor(k / n))]);
    this.net = new Net({ groups, links, inputs: { [name]: points }, desired: {} });
    if (heldOut) this.heldOut = new Net({ groups, links, inputs: heldOut.inputs, desired: {} });
    this.picture = Object.assign(document.createElement("canvas"), { width: this.n, height: this.n });
    this.brush = this.picture.getContext("2d");
    this.pixels = this.brush.createImageData(this.n, this.n);
  }

  // Where two inputs lie, as shares of the sides, from the left and from the top.
  place([u, v]) {
    const [[u0, u1], [v0, v1]] = this.ends;
    return [(u - u0) / (u1 - u0), (v1 - v) / (v1 - v0)];
  }

  // Draws what a unit makes of the plane: blue where it is on, orange where it is off, and a line where it is half on.
  draw(pen, left, top, side, values, unit) {
    let [low, high] = RANGES[unit] ?? [Infinity, -Infinity];
    if (low > high) for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
    const { ctx, theme } = pen, { data } = this.pixels, middle = (low + high) / 2, half = (high - low) / 2 || 1;
    for (let k = 0; k < values.length; k++) {
      const [r, g, b] = COLOURS[Math.round(STEPS * Math.max(-1, Math.min(1, (values[k] - middle) / half))) + STEPS];
      data[4 * k] = r; data[4 * k + 1] = g; data[4 * k + 2] = b; data[4 * k + 3] = 255;
    }
    this.brush.putImageData(this.pixels, 0, 0);
    ctx.drawImage(this.picture, left, top, side, side);
    const box = { x: left, y: top, w: side, h: side };
    drawContour(pen, this.outline(values, middle), box, "#1d1d1d", side > 100 ? 2 : 1);
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.line;
    ctx.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  }

  // The line where the values pass a level, see `contour`.
  outline(values, level) { return contour(values, this.n, level); }
}

// How large the squares of all units can be if they stand in rows, group by group, with `heading` pixels above each
// group: {side, perRow}. They are made a little smaller if that takes fewer rows.
export function rowsThatFit(sizes, w, h, heading, gap, most) {
  let best = null;
  for (let side = most; side >= 12 && side > 0.75 * (best?.side ?? 0); side -= 1) {
    const perRow = Math.floor((w + gap) / (side + gap));
    const lines = sizes.reduce((n, size) => n + Math.ceil(size / perRow), 0);
    const fits = perRow > 0 && sizes.length * heading + lines * (side + gap) - gap <= h;
    if (fits && !(lines >= best?.lines)) best = { side, perRow, lines };
  }
  return best;
}
