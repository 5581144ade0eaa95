// A network as bpcore's Network.to_dict describes it: where its weights are, and the forward pass.

export const ONE = "one";

const OUTPUT = {
  logistic: (x) => 1 / (1 + Math.exp(Math.min(-x, 709))), // (2)
  tanh: Math.tanh,
  linear: (x) => x,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

export class Network {
  constructor({ groups, links }) {
    this.groups = groups.map(([name, size, unit]) => ({ name, size, unit, into: [] })); // from the bottom up
    this.byName = new Map(this.groups.map((group) => [group.name, group]));
    this.blocks = new Map();
    this.weights = 0;
    for (const [source, target, block] of links) this.#add(source, this.byName.get(target), JSON.stringify(block));
    this.inputs = this.groups.filter(({ into }) => !into.length);
    this.upward = this.groups.filter(({ into }) => into.length);
  }

  #add(source, target, block) {
    if (!this.blocks.has(block)) {
      this.blocks.set(block, { at: this.weights, to: target.size, from: this.size(source), isBias: false, uses: 0 });
      this.weights += target.size * this.size(source);
    }
    const place = this.blocks.get(block);
    place.isBias ||= source === ONE;
    place.uses += 1;
    target.into.push({ source, place });
  }

  size(name) {
    return name === ONE ? 1 : this.byName.get(name).size;
  }

  // Where the weights from one group to another are: { at, to, from }.
  between(source, target) {
    return this.byName.get(target).into.find((link) => link.source === source)?.place;
  }

  // Numbers of the weight vector that are the same within a block: value(block) for each.
  ofBlocks(value) {
    const all = new Float64Array(this.weights);
    for (const place of this.blocks.values()) all.fill(value(place), place.at, place.at + place.to * place.from);
    return all;
  }

  // States of all groups for one case, { group: array }, from weights that begin at `first` of `w`.
  forward(w, inputs, first = 0) {
    const y = { [ONE]: [1], ...inputs };
    for (const { name, size, unit, into } of this.upward) {
      const states = y[name] = new Float64Array(size), output = OUTPUT[unit];
      for (let j = 0; j < size; j++) {
        let x = 0;
        for (const { source, place } of into) {
          const from = y[source], row = first + place.at + j * place.from;
          for (let i = 0; i < from.length; i++) x += w[row + i] * from[i]; // (1)
        }
        states[j] = output(x);
      }
    }
    return y;
  }
}

const known = new WeakMap();

// The network of a task in plain data, made once.
export function networkOf({ network }) {
  if (!known.has(network)) known.set(network, new Network(network));
  return known.get(network);
}
