// The two passes, equations (1) to (7), for one net: what the page needs to show any moment of a run without asking the
// kernel. The tests hold it against bpcore. States lie as [unit][case]; w is the flat weight vector of bpcore.

export const UNITS = {
  logistic: { output: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
  tanh: { output: Math.tanh, slope: (y) => 1 - y * y },
  linear: { output: (x) => x, slope: () => 1 },
  softplus: { output: (x) => (x > 30 ? x : Math.log1p(Math.exp(x))), slope: (y) => 1 - Math.exp(-y) },
};

// y - d, as far as it counts as error. tolerance: {margin, reading}, or null.
export function toleratedDifference(tolerance, y, d) {
  const { margin, reading } = tolerance ?? { margin: 0 }, far = y - d;
  if (Math.abs(far) < margin) return 0;
  return reading === "edge" ? far - Math.sign(far) * margin : far;
}

export class Net {
  // groups: [{name, size, unit}] from the bottom up. links: [{source, target, first, to, from}]; first is the place of the
  // block in w. inputs, desired: {group: [case][unit]}. tolerance: {margin, reading}, or null.
  constructor({ groups, links, inputs, desired, tolerance = null }) {
    Object.assign(this, { groups, links, inputs, desired, tolerance });
    this.cases = Object.values(inputs)[0].length;
    this.into = Object.fromEntries(groups.map((g) => [g.name, links.filter((l) => l.target === g.name)]));
    this.upward = groups.filter((g) => this.into[g.name].length);
    this.given = { one: [new Float64Array(this.cases).fill(1)] };
    for (const [name, rows] of Object.entries(inputs)) {
      this.given[name] = rows[0].map((_, i) => Float64Array.from(rows, (row) => row[i]));
    }
  }

  forward(w) {
    const x = {}, y = { ...this.given };
    for (const { name, size, unit } of this.upward) {
      x[name] = Array.from({ length: size }, (_, j) => {
        const xj = new Float64Array(this.cases);
        for (const { source, first, from } of this.into[name]) {
          for (let i = 0; i < from; i++) {
            const wji = w[first + j * from + i], yi = y[source][i];
            for (let c = 0; c < this.cases; c++) xj[c] += yi[c] * wji; // (1)
          }
        }
        return xj;
      });
      y[name] = x[name].map((xj) => xj.map(UNITS[unit].output)); // (2)
    }
    return { x, y };
  }

  // Total error, equation (3).
  error(w) {
    const { y } = this.forward(w);
    let sum = 0;
    for (const [name, rows] of Object.entries(this.desired)) {
      rows.forEach((row, c) => row.forEach((d, j) => { sum += toleratedDifference(this.tolerance, y[name][j][c], d) ** 2; }));
    }
    return sum / 2;
  }

  gradient(w, { y } = this.forward(w)) {
    const dE_dw = new Float64Array(w.length), dE_dy = {};
    for (const { name, size } of this.upward) {
      dE_dy[name] = Array.from({ length: size }, () => new Float64Array(this.cases));
    }
    for (const [name, rows] of Object.entries(this.desired)) {
      rows.forEach((row, c) => row.forEach((d, j) => { dE_dy[name][j][c] = toleratedDifference(this.tolerance, y[name][j][c], d); })); // (4)
    }
    for (const { name, unit } of [...this.upward].reverse()) {
      dE_dy[name].forEach((dEj, j) => {
        const dE_dx = dEj.map((dE, c) => dE * UNITS[unit].slope(y[name][j][c])); // (5)
        for (const { source, first, from } of this.into[name]) {
          for (let i = 0; i < from; i++) {
            const k = first + j * from + i, yi = y[source][i], back = dE_dy[source]?.[i];
            for (let c = 0; c < this.cases; c++) {
              dE_dw[k] += dE_dx[c] * yi[c]; // (6)
              if (back) back[c] += dE_dx[c] * w[k]; // (7)
            }
          }
        }
      });
    }
    return dE_dw;
  }
}
