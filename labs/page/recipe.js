// A recipe as bpcore's Recipe.to_dict describes it: phases, and what steering makes of them.

const NAMES = { epsilon: "epsilon", alpha: "alpha", weightDecay: "weight_decay" };
const MOST = { epsilon: Infinity, alpha: 1, weight_decay: 1 };
const CALLED = { epsilon: "epsilon", alpha: "alpha", weight_decay: "the weight decay" };

// `value` if it is a whole number from `least` to `most`; an error in a sentence if not.
export function whole(value, what, least = 0, most = Infinity) {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const expected = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Error(`${what} is ${value}; a whole number ${expected} is expected`);
}

function checked(name, value) {
  const isWrong = (number) => !Number.isFinite(number) || number < 0 || number > MOST[name];
  const wrong = [value].flat().find(isWrong);
  if (wrong === undefined) return value;
  const expected = MOST[name] === Infinity ? "of at least 0" : `from 0 to ${MOST[name]}`;
  throw new Error(`${CALLED[name]} is ${wrong}; a number ${expected} is expected`);
}

// This recipe, if its phases are what phases can be.
export function checkedRecipe(recipe) {
  const starts = recipe.phases.map(({ start }) => whole(start, "the first sweep of a phase"));
  if (starts[0] !== 0 || starts.some((start, k) => k && start <= starts[k - 1])) {
    const found = `the phases start at sweeps [${starts.join(", ")}]`;
    throw new Error(`${found}; 0 first, then later ones in order, is expected`);
  }
  for (const phase of recipe.phases) for (const name of Object.keys(MOST)) checked(name, phase[name]);
  return recipe;
}

// The phase that holds for the change after sweep number `sweep`.
export const phaseAt = ({ phases }, sweep) => phases.findLast(({ start }) => start <= sweep);

// The first sweep after `sweep` for which another phase holds; Infinity if there is none.
export const nextPhase = ({ phases }, sweep) => phases.find(({ start }) => start > sweep)?.start ?? Infinity;

// This recipe with { epsilon, alpha, weightDecay } from `sweep` on, whatever was planned after it.
export function steered(recipe, sweep, changes) {
  const phase = { ...phaseAt(recipe, sweep), start: sweep };
  for (const [name, value] of Object.entries(changes)) {
    if (value !== undefined) phase[NAMES[name]] = checked(NAMES[name], value);
  }
  return { ...recipe, phases: [...recipe.phases.filter(({ start }) => start < sweep), phase] };
}

// The rest of this recipe after `sweep` sweeps, for a run that begins there.
export function fromSweep(recipe, sweep) {
  const later = recipe.phases.filter(({ start }) => start > sweep);
  const phases = later.map((phase) => ({ ...phase, start: phase.start - sweep }));
  return { ...recipe, phases: [{ ...phaseAt(recipe, sweep), start: 0 }, ...phases] };
}

// The share of each weight that decay keeps at each change; null if it keeps all.
export function keptByDecay(recipe, phase, network) {
  if (!phase.weight_decay) return null;
  const keep = network.ofBlocks(({ isBias }) => (isBias && !recipe.decay_biases ? 1 : 1 - phase.weight_decay));
  for (const k of recipe.held) keep[k] = 1;
  return keep;
}
