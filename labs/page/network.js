// A network as bpcore's Network.to_dict describes it: where its weights are.

export const ONE = "one";

export class Network {
  constructor({ groups, links }) {
    this.groups = groups.map(([name, size, unit]) => ({ name, size, unit, into: [] })); // from the bottom up
    this.byName = new Map(this.groups.map((group) => [group.name, group]));
    this.blocks = new Map();
    this.weights = 0;
    for (const [source, target, block] of links) this.#add(source, this.byName.get(target), JSON.stringify(block));
    this.links = this.groups.flatMap(({ name, into }) => into.map(({ source, place: { at, to, from } }) => (
      { source, target: name, first: at, to, from } // as labs/kit/stage/passes.js has them
    )));
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
}

const known = new WeakMap();

// The network of a task in plain data, made once.
export function networkOf({ network }) {
  if (!known.has(network)) known.set(network, new Network(network));
  return known.get(network);
}
