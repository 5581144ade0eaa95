// The family trees in a page: two phases, a recipe that is chosen by name, and held-out cases that the seed draws. What
// labs/family_trees/lab.py has of its own.

import { count } from "../kit/stage/pen.js";
import { holdOut } from "./cases.js";
import { Session } from "./session.js";

const FIRST = 20; // sweeps with half of epsilon

export class TreesSession extends Session {
  // ---- the task

  asksForTask(before, seed) { return seed !== this.seed || super.asksForTask(before, seed); }

  async taskOf(settings, seed) {
    const found = await super.taskOf({ ...settings, held_out: this.about.settings.held_out }, seed);
    if (!found) return null;
    const [cases, held] = holdOut(this.about.all, settings.held_out, seed), { inputs, desired, names } = cases;
    return {
      task: { ...found.task, cases, held_out: held },
      scene: {
        ...found.scene, inputs, desired, names, halfRange: settings.half_range,
        held: held?.names ?? [], heldInputs: held?.inputs ?? {}, heldDesired: held?.desired ?? {},
      },
    };
  }

  // The caption's two phases.
  phases({ epsilon, alpha, weight_decay }) {
    return [
      { start: 0, epsilon: epsilon / 2, alpha: Math.min(0.5, alpha), weight_decay },
      { start: FIRST, epsilon, alpha, weight_decay },
    ];
  }

  // ---- settings

  value(name) {
    if (name !== "recipe") return super.value(name);
    const isIt = ([, values]) => Object.entries(values).every(([one, value]) => this.settings[one] === value);
    return Object.entries(this.about.recipes).find(isIt)?.[0] ?? null;
  }

  apply() {
    const { recipe, ...moves } = this.moves;
    this.moves = { ...moves, ...this.about.recipes[recipe] };
    return super.apply();
  }

  // Before the first sweep the run begins again with the caption's first phase.
  steer(name, value) {
    if (!this.run.sweeps && !this.marks.length) {
      this.reset();
    } else if (name !== "sweeps") {
      super.steer(name, value);
      const { epsilon, alpha, weight_decay: weightDecay } = this.settings;
      this.run.steer({ epsilon, alpha, weightDecay });
    }
  }

  advance(sweeps) {
    const before = this.run.sweeps, end = this.settings.sweeps;
    super.advance(this.playing && before < end ? Math.min(sweeps, end - before) : sweeps);
    if (this.playing && before < end && end <= this.run.sweeps) {
      this.halt(`${count(end)} sweeps are made, as many as the recipe has. Play goes on.`);
    }
  }

  // ---- what is chosen on the canvas

  receive(message) {
    const { held } = this.scene, { type, case: name, person, relationship } = message;
    if (type === "hold") {
      this.move("held_out", held.includes(name) ? held.filter((one) => one !== name) : [...held, name]);
    } else if (type === "asked") this.asked = [person, relationship];
    else super.receive(message);
  }

  // What a ticket has of that.
  shown(shown) {
    const { families, relationships, asked } = this.scene, [person, relationship] = this.asked ?? asked;
    const people = families.flatMap((family) => family.people);
    return { ...shown, asked: [people[person], relationships[relationship]] };
  }
}
