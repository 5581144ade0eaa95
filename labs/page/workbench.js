// The workbench in a page: its hidden groups follow from two sliders. What labs/workbench/lab.py has of its own.

import { Session } from "./session.js";

export class WorkbenchSession extends Session {
  value(name) {
    const { hidden } = this.settings;
    return { hidden_units: hidden?.[0] ?? 0, hidden_groups: hidden?.length ?? 0 }[name] ?? super.value(name);
  }

  apply() {
    const { hidden_units: units, hidden_groups: groups, ...moves } = this.moves, before = this.settings.hidden ?? [];
    if (before.length) [this.last] = before; // of hidden groups, while there are any
    if (units !== undefined || groups !== undefined) {
      moves.hidden = Array(groups ?? Math.max(1, before.length)).fill(units ?? this.last ?? 4);
    }
    this.moves = moves;
    return super.apply();
  }
}
