// A canvas for any network: error, all cases and one of them in the first column; all weights in the second, and where the run
// stands.

SCENES.net = {
  editable: true, // weights can be changed by hand
  wordsRoom: 120,
  columns(width) { return width < 560 ? 1 : 2; },
  first(width) { return this.columns(width) === 2 ? Math.round(width * 0.52) - 14 : width; },
  firstHeight(scene, w) { return 306 + this.strip(scene, w).height + 30 + this.caseHeight(scene); },
  standingHeight(scene) { return scene.standings ? 124 : 0; },
  planeSide(w) { return Math.min(250, w - 100); },
  secondHeight(scene, w) {
    return matrixOf(scene, w, 300).height + 6 + this.standingHeight(scene) + (isFlat(scene) ? this.planeSide(w) + 56 : 0);
  },
  height(width, scene) {
    const w = this.first(width), two = this.columns(width) === 2;
    const [one, other] = [this.firstHeight(scene, w), this.secondHeight(scene, two ? width - w - 30 : width)];
    return two ? Math.max(one, other) : one + other + 20;
  },

  begin(view) {
    view.selected = Math.min(view.selected ?? 0, view.scene.names.length - 1);
    view.standing = null;
    view.plane = isFlat(view.scene) ? new Plane(view.scene) : null;
    view.unit = null; // that is shown in the plane, where it is not the output
  },
  reach: "cases, units and weights",
  told(view, message) { if (message.type === "standing") view.standing = message; },
  chosen(view, key) {
    if (key.startsWith("c")) view.selected = Number(key.slice(1).split(".")[0]);
    if (key.startsWith("u")) view.unit = view.unit === key ? null : key;
  },
  chosenIs: (view) => [view.selected, view.unit, view.standing?.name],
  chosenNow({ scene, states, selected, standing, plane, unit }) {
    const outputs = this.outputs(scene).map(([name, j]) => `${number(states.y[name][j][selected])}, should be ${number(scene.desired[name][selected][j])}`);
    const shown = plane && unit ? `The plane shows ${this.unitName(scene, ...this.shownUnit(scene, unit))}. ` : "";
    return `${shown}${standing ? `it is ${standing.name === "on the way" || standing.name === "solved" ? "" : "in "}${standing.name}. ` : ""}The case shown is ${scene.names[selected]}: ${outputs.slice(0, 8).join("; ")}`;
  },
  tells({ scene, standing, selected, plane, lit, unit }) {
    const inPlane = plane ? this.unitName(scene, ...this.shownUnit(scene, lit, unit)) : "";
    return { standing: standing?.name ?? "", stood: standing?.sweep ?? "", selected, plane: inPlane };
  },

  draw(pen, view) {
    const { scene, net, moment, width, lit } = view, two = this.columns(width) === 2, w = this.first(width);
    view.states = net.forward(moment.w);
    const shown = lit?.startsWith("c") ? Number(lit.slice(1).split(".")[0]) : view.selected;
    const plot = drawCurve(pen, { x: 0, y: 0, w, h: 214 }, view.record, view);
    const below = this.drawStrip(pen, { x: 0, y: 286, w }, view, shown);
    this.drawCase(pen, { x: 0, y: below + 22, w }, view, shown);
    const second = two ? { x: w + 30, y: 0, w: width - w - 30 } : { x: 0, y: this.firstHeight(scene, w) + 20, w: width };
    const matrix = matrixOf(scene, second.w, 300);
    pen.title("The weights", second.x, second.y + 8, `white +, black \u2212, area = size; largest ${number(largestOf(moment.w), 1)}`, second.x + second.w);
    drawMatrix(pen, second, matrix, moment.w, { lit, about: view.aboutWeight });
    const under = second.y + matrix.height + 6;
    this.drawStanding(pen, { ...second, y: under }, view);
    if (view.plane) this.drawPlane(pen, { ...second, y: under + this.standingHeight(scene) }, view, shown);
    return plot;
  },

  // ---- all cases: a column each, a row for each output unit

  outputs({ desired }) { return Object.entries(desired).flatMap(([name, rows]) => rows[0].map((_, j) => [name, j])); },
  strip(scene, w) {
    const outputs = this.outputs(scene).length, cases = scene.names.length;
    const columns = outputs > 1 ? Math.min(cases, 32) : Math.min(cases, cases > 100 ? 32 : 16);
    const side = Math.max(4, Math.min(outputs > 4 ? 15 : 26, Math.floor((w + 1) / columns) - 1)), lines = Math.min(Math.ceil(cases / columns), outputs > 1 ? 2 : 8);
    return { outputs, columns, side, lines, shown: Math.min(cases, lines * columns), height: lines * (outputs * (side + 1) + (outputs > 1 ? 6 : 0)) };
  },

  wrong({ scene, states }, c) {
    return this.outputs(scene).some(([name, j]) => Math.abs(states.y[name][j][c] - scene.desired[name][c][j]) >= scene.right_within);
  },

  aboutCase(view, c, o) {
    const { scene, states } = view, outputs = this.outputs(scene), [name, j] = outputs[o], d = scene.desired[name][c][j];
    return `${scene.names[c]}: ${outputs.length > 1 ? `${name} ${j + 1} ` : ""}${number(states.y[name][j][c])}, ` +
      `should be ${number(d, d % 1 ? 2 : 0)}${this.wrong(view, c) ? "; wrong" : ""}`;
  },

  drawStrip(pen, { x, y, w }, view, shown) {
    const { scene, states } = view, { theme } = pen, { outputs, columns, side, shown: many, height } = this.strip(scene, w);
    const here = scene.names.length, all = scene.all_cases ?? here;
    pen.title(many < all ? `${count(many)} of the ${count(all)} cases` : `The ${count(all)} cases`, x, y, "white = output, dot = should be on", x + w);
    for (let place = 0; place < many; place++) {
      const c = Math.floor((place * here) / many); // tables are often sorted
      const left = x + (place % columns) * (side + 1), top = y + 14 + Math.floor(place / columns) * (outputs * (side + 1) + (outputs > 1 ? 6 : 0));
      const wrong = this.wrong(view, c);
      this.outputs(scene).forEach(([name, j], o) => {
        const cy = top + o * (side + 1), v = states.y[name][j][c], d = scene.desired[name][c][j];
        pen.rect(left, cy, side, side, FIELD);
        pen.square(v, left + 1, cy + 1, side - 2);
        if (d > 0.5) pen.circle(left + side / 2, cy + side / 2, Math.max(1.2, side * 0.12), { fill: "#000" });
        pen.spot(`c${c}.${o}`, left, cy, side, side, () => this.aboutCase(view, c, o));
      });
      const high = outputs * (side + 1) - 1;
      if (wrong) pen.frame(left, top, side, high, theme.wrong, 1.5);
      if (c === shown) pen.frame(left - 1, top - 1, side + 2, high + 2, theme.accent, 2);
    }
    const right = scene.names.filter((_, c) => !this.wrong(view, c)).length;
    if (many < all) pen.text("evenly spread over the table", x, y + 14 + height + 8, { colour: theme.quiet });
    pen.text(`${count(right)} of ${here < all ? `${count(here)} of them` : count(all)} right`, x + w, y + 14 + height + 8, { align: "right", colour: theme.quiet });
    return y + 14 + height + 8;
  },

  // ---- one case: the activity of every group, from the output down

  caseHeight(scene) { return 30 + scene.groups.length * 24; },
  drawCase(pen, { x, y, w }, { scene, net, states }, c) {
    const { theme } = pen, wide = Math.max(...scene.groups.map((g) => g.size)), side = Math.min(18, (w - 70) / wide);
    pen.title(`One case: ${scene.names[c]}`, x, y, "point at a case, or click to keep it", x + w);
    [...scene.groups].reverse().forEach((g, row) => {
      const top = y + 14 + row * 24;
      pen.text(g.name, x, top + 9, { colour: theme.quiet });
      const values = Array.from({ length: g.size }, (_, j) => (states.y[g.name] ?? net.given[g.name])[j][c]);
      pen.rect(x + 66, top, g.size * side, side, FIELD);
      values.forEach((v, j) => {
        pen.square(v, x + 67 + j * side, top + 1, side - 2);
        if ((scene.desired[g.name]?.[c][j] ?? 0) > 0.5) pen.circle(x + 66 + (j + 0.5) * side, top + side / 2, 1.8, { fill: "#000" });
        pen.spot(`u${g.name}.${j}`, x + 66 + j * side, top, side, side, () => this.aboutUnit(scene, g, j, v));
      });
    });
  },
  unitName(scene, g, j) { return g.size > 1 ? `${g.name}, unit ${j + 1}` : g.name; },
  aboutUnit(scene, g, j, v) { return `${this.unitName(scene, g, j)}: ${number(v)}${isFlat(scene) && !scene.inputs[g.name] ? "; Enter keeps it in the plane" : ""}`; },

  // ---- the plane of two inputs

  // [group, place]: of the first of these keys that is one of a unit with links into it, or of the output.
  shownUnit(scene, ...keys) {
    const found = keys.filter((key) => key?.startsWith("u")).map((key) => key.slice(1).split("."))
      .map(([name, j]) => [scene.groups.find((g) => g.name === name), Number(j)]).find(([g]) => g && !scene.inputs[g.name]);
    const [output, j] = this.outputs(scene)[0];
    return found ?? [scene.groups.find((g) => g.name === output), j];
  },

  drawPlane(pen, { x, y, w }, view, shown) {
    const { scene, plane, moment, states, lit } = view, { theme } = pen, side = this.planeSide(w), top = y + 34;
    const { y: made } = plane.net.forward(moment.w), [group, unit] = this.shownUnit(scene, lit, view.unit);
    pen.title("The plane of the two inputs", x, y + 8, "light = on", x + w);
    pen.text(`${this.unitName(scene, group, unit)} at every point; on the line it is half on`, x, y + 23, { colour: theme.quiet, room: w });
    plane.draw(pen, x, top, side, made[group.name][unit], group.unit);
    const [[input, points]] = Object.entries(scene.inputs), [output, o] = scene.desired[group.name] ? [group.name, unit] : this.outputs(scene)[0];
    points.forEach((point, c) => {
      const [px, py] = plane.place(point).map((share, i) => (i ? top : x) + share * side), on = scene.desired[output][c][o] > 0.5;
      const radius = points.length > 60 ? 2.6 : 4.5;
      pen.circle(px, py, radius, { fill: on ? "#fff" : "#000", stroke: on ? "#000" : "#fff", width: 1 });
      if (this.wrong(view, c)) pen.circle(px, py, radius + 2.2, { stroke: theme.wrong, width: 1.8 });
      if (c === shown) pen.circle(px, py, radius + 4.2, { stroke: theme.accent, width: 2 });
      pen.spot(`c${c}.0`, px - 5, py - 5, 10, 10, () => this.aboutCase(view, c, 0));
    });
    const [one, other] = scene.input_names ?? [1, 2].map((i) => `${input} ${i}`);
    pen.text(`\u2192 ${one}   \u2191 ${other}`, x, top + side + 12, { colour: theme.quiet, room: side });

    const left = x + side + 14, upper = [...scene.groups].reverse().filter((g) => !scene.inputs[g.name]), heading = 15;
    const fit = rowsThatFit(upper.map((g) => g.size), x + w - left, side, heading, 5, 56);
    if (!fit) return;
    let at = top;
    for (const g of upper) {
      pen.text(g.name, left, at + 5, { colour: theme.quiet, size: 10 });
      for (let j = 0; j < g.size; j++) {
        const sx = left + (j % fit.perRow) * (fit.side + 5), sy = at + heading + Math.floor(j / fit.perRow) * (fit.side + 5), key = `u${g.name}.${j}`;
        plane.draw(pen, sx, sy, fit.side, made[g.name][j], g.unit);
        if (g === group && j === unit) pen.frame(sx - 1, sy - 1, fit.side + 2, fit.side + 2, theme.accent, 2);
        pen.spot(key, sx, sy, fit.side, fit.side, () => this.aboutUnit(scene, g, j, states.y[g.name][j][shown]));
      }
      at += heading + Math.ceil(g.size / fit.perRow) * (fit.side + 5);
    }
  },

  // ---- where the run stands, which the kernel finds out when it is asked

  drawStanding(pen, { x, y, w }, view) {
    if (!view.scene.standings) return;
    const { theme } = pen, { moment, standing } = view, now = performance.now();
    if (standing?.sweep !== moment.sweep) { // not at every frame: it takes the kernel some milliseconds
      if (!(now - view.askedAt < 500)) {
        view.askedAt = now;
        view.tell({ type: "where", sweep: moment.sweep });
      }
      clearTimeout(view.askAgain);
      view.askAgain = setTimeout(view.repaint, 600);
    }
    pen.title("Where it stands", x, y + 8, standing ? `sweep ${count(standing.sweep)}` : "", x + w);
    if (!standing) return;
    const colour = { solved: theme.right, "on the way": theme.ink }[standing.name] ?? theme.wrong;
    pen.text(standing.name, x, y + 28, { size: 13, weight: "600", colour });
    pen.paragraph(standing.why.replace(/^[^:]*: /, ""), x, y + 46, w, { colour: theme.quiet });
  },
};
