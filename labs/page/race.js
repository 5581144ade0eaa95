// The race in a page: several runs side by side, each with its own epsilon and alpha. What labs/epsilon_alpha/lab.py
// has of its own, without the map and the surface, which take Python.

import { Session } from "./session.js";

const MOST_LANES = 6;

export class RaceSession extends Session {
  get lanes() { return this.settings.lanes; }

  phases() {
    const [epsilon, alpha] = [0, 1].map((part) => this.lanes.map((lane) => lane[part]));
    return [{ start: 0, epsilon, alpha, weight_decay: 0 }];
  }

  async taskOf(settings, seed) { return super.taskOf({ ...settings, lanes: this.about.settings.lanes }, seed); }

  value(name) {
    const [epsilon, alpha] = this.lanes[this.front];
    return { epsilon, alpha }[name] ?? super.value(name);
  }

  apply() {
    const { epsilon, alpha, ...moves } = this.moves;
    this.moves = moves;
    if (epsilon !== undefined || alpha !== undefined) this.steerLane({ epsilon, alpha });
    return super.apply();
  }

  // Give the lane in front another epsilon and alpha, from the next sweep on.
  steerLane({ epsilon = this.value("epsilon"), alpha = this.value("alpha") }) {
    const before = this.lanes[this.front], moved = [epsilon, alpha];
    this.settings = { ...this.settings, lanes: this.lanes.map((lane, k) => (k === this.front ? moved : lane)) };
    const [{ epsilon: epsilons, alpha: alphas }] = this.phases();
    this.run.steer({ epsilon: epsilons, alpha: alphas });
    [["\u03b5", epsilon], ["\u03b1", alpha]].forEach(([symbol, value], k) => {
      if (value !== before[k] && this.run.sweeps) this.marks = [...this.marks, [this.run.sweeps, `${symbol} ${value}`]];
    });
    this.pieces.again(); // what is said names epsilon and alpha
    this.onSettings();
    this.show();
  }

  // Begin again with these lanes.
  anew(lanes, front) {
    this.settings = { ...this.settings, lanes };
    this.front = front;
    this.reset();
    this.onSettings();
  }

  asInThePaper() {
    this.front = 0;
    return super.asInThePaper();
  }

  actions() {
    return [[
      ["Add a lane", "One more lane, from the same start", () => this.addLane()],
      ["Remove it", "Begin again without the chosen lane", () => this.removeLane()],
    ]];
  }

  addLane() {
    if (this.lanes.length >= MOST_LANES) {
      this.say(`There are ${MOST_LANES} lanes, and no more colours to tell them apart.`);
    } else this.anew([...this.lanes, [this.value("epsilon"), this.value("alpha")]], this.lanes.length);
  }

  removeLane() {
    if (this.lanes.length < 2) return;
    const lanes = this.lanes.filter((_, k) => k !== this.front);
    this.anew(lanes, Math.min(this.front, lanes.length - 1));
  }

  status() {
    const [epsilon, alpha] = this.lanes[this.front];
    return { ...super.status(), epsilon, alpha, lanes: this.lanes, lane: this.front };
  }

  receive(message) {
    if (message.type === "lane") {
      this.front = message.lane;
      this.onSettings();
      this.show();
    } else if (message.type === "cell") { // a click on the map plays that cell, in the lane in front
      const { epsilons, alphas } = this.scene, place = [epsilons[message.column], alphas[message.row]];
      this.anew(this.lanes.map((lane, k) => (k === this.front ? place : lane)), this.front);
      this.play();
    } else super.receive(message);
  }

  // What a ticket has of the lane in front, and the other way.
  shown(shown) { return { ...shown, lane: this.front + 1 }; }
  choose({ lane }) { this.front = lane - 1; }
}
