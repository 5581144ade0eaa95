// The two passes, equations (1) to (7): what the page needs to show any moment of a run without asking the kernel. The
// tests compare it with bpcore. States lie as [unit][case]; w is the flat weight vector of bpcore.

const UNITS = {
  logistic: { output: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
  tanh: { output: Math.tanh, slope: (y) => 1 - y * y },
  linear: { output: (x) => x, slope: () => 1 },
  softplus: { output: (x) => (x > 30 ? x : Math.log1p(Math.exp(x))), slope: (y) => 1 - Math.exp(-y) },
};

// y - d, as far as it counts as error. tolerance: {margin, reading}, or null.
function toleratedDifference(tolerance, y, d) {
  const { margin, reading } = tolerance ?? { margin: 0 }, difference = y - d;
  if (Math.abs(difference) < margin) return 0;
  return reading === "edge" ? difference - Math.sign(difference) * margin : difference;
}

export class Net {
  // groups: [{name, size, unit}] from the bottom up. links: [{source, target, first, to, from}]; first is the place of
  // the block in w, and links that share weights have the same one. inputs, desired: {group: [case][unit]}.
  // tolerance: {margin, reading}, or null.
  constructor({ groups, links, inputs, desired, tolerance = null }) {
    Object.assign(this, { groups, links, inputs, desired, tolerance });
    this.cases = Object.values(inputs)[0].length;
    this.into = Object.fromEntries(groups.map(({ name }) => [name, links.filter(({ target }) => target === name)]));
    this.upward = groups.filter(({ name }) => this.into[name].length);
    this.given = { one: [new Float64Array(this.cases).fill(1)] };
    for (const [name, rows] of Object.entries(inputs)) {
      this.given[name] = rows[0].map((_, i) => Float64Array.from(rows, (row) => row[i]));
    }
  }

  // The forward pass: {x, y}, total inputs and outputs of every group.
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
    let sum = 0;
    this.forEachDifference(this.forward(w), (_name, _j, _c, difference) => { sum += difference ** 2; });
    return sum / 2;
  }

  // Calls act(name, j, c, y - d) for every desired state.
  forEachDifference({ y }, act) {
    for (const [name, rows] of Object.entries(this.desired)) {
      rows.forEach((row, c) => row.forEach((d, j) => {
        act(name, j, c, toleratedDifference(this.tolerance, y[name][j][c], d));
      }));
    }
  }

  // The backward pass: {dE_dx, dE_dw}. dE_dw is the sum over all links that share a weight.
  backward(w, states = this.forward(w)) {
    const { y } = states, dE_dw = new Float64Array(w.length), dE_dy = {}, dE_dx = {};
    for (const { name, size } of this.upward) {
      dE_dy[name] = Array.from({ length: size }, () => new Float64Array(this.cases));
    }
    this.forEachDifference(states, (name, j, c, difference) => { dE_dy[name][j][c] = difference; }); // (4)
    for (const { name, unit } of [...this.upward].reverse()) {
      dE_dx[name] = dE_dy[name].map((dEj, j) => dEj.map((dE, c) => dE * UNITS[unit].slope(y[name][j][c]))); // (5)
      dE_dx[name].forEach((dE, j) => {
        for (const { source, first, from } of this.into[name]) {
          for (let i = 0; i < from; i++) {
            const k = first + j * from + i, yi = y[source][i], below = dE_dy[source]?.[i];
            for (let c = 0; c < this.cases; c++) {
              dE_dw[k] += dE[c] * yi[c]; // (6)
              if (below) below[c] += dE[c] * w[k]; // (7)
            }
          }
        }
      });
    }
    return { dE_dx, dE_dw };
  }

  gradient(w) { return this.backward(w).dE_dw; }
}

const atStep = (name, t) => (name === "one" ? name : `${name} at ${t}`);

// A synchronous iterative net as a layered one: every group stands once for each step, and the links of all steps share
// their weights. Step 0 is before the first. groups, links: of one step. before: {group: states} at step 0.
// given(name, t), desired(name, t): the states of one case, or nothing.
export function unrolled({ groups, links, before, tolerance }, steps, given = () => null, desired = () => null) {
  const fed = new Set(links.map(({ target }) => target));
  const net = { groups: [], links: [], inputs: {}, desired: {}, tolerance };
  for (let t = 0; t <= steps; t++) {
    for (const { name, size, unit } of groups) {
      const at = atStep(name, t), d = desired(name, t);
      net.groups.push({ name: at, size, unit });
      if (t === 0) net.inputs[at] = [given(name, t) ?? before[name]];
      else if (!fed.has(name)) net.inputs[at] = [given(name, t) ?? new Array(size).fill(0)];
      if (d) net.desired[at] = [d];
    }
    if (t === 0) continue;
    for (const { source, target, ...block } of links) {
      net.links.push({ source: atStep(source, t - 1), target: atStep(target, t), ...block });
    }
  }
  return new Net(net);
}

// The states of an unrolled net of one case, [step]{group: [unit]}; 0 for groups that have none.
export function byStep(states, groups, steps) {
  return Array.from({ length: steps + 1 }, (_, t) => Object.fromEntries(groups.map(({ name, size }) => (
    [name, states[atStep(name, t)]?.map((unit) => unit[0]) ?? new Array(size).fill(0)]
  ))));
}
