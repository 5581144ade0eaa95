// The controls of a page that learns, made of the declared settings as plain data. Their classes are those of the
// widgets of a lab, so they look the same.

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function button(text, title, act, className = "") {
  const made = element("button", { type: "button", textContent: text, title });
  made.className = `jupyter-button ${className}`.trim();
  made.addEventListener("click", act);
  return made;
}

export const row = (...parts) => element("div", { className: "bp-row" }, ...parts);

let fields = 0; // so that each has an id of its own

// A number that can be dragged or typed: {element, set, rename}. `onMove(value)` is called when the person moves it.
export function slider({ name, label, help, least, most, paper, logarithmic, whole, step, decimals }, value, onMove) {
  const place = logarithmic ? Math.log10 : Number, inRange = (v) => Math.min(Math.max(v, least), most);
  const rounded = (v) => (whole ? Math.round(v) : Number(v.toPrecision(3))); // as in a lab: three digits
  const share = (v) => (place(inRange(v)) - place(least)) / (place(most) - place(least));
  const track = element("input", { type: "range", className: "bp-slider", title: help ?? "" });
  const field = element("input", { type: "number", id: `bp-${name}-${++fields}`, title: help ?? "" });
  const title = element("label", { textContent: label, htmlFor: field.id });
  const tick = step ?? (logarithmic ? 0.01 : whole ? 1 : (most - least) / 100);
  Object.assign(track, { min: place(least), max: place(most), step: tick });
  Object.assign(field, { min: least, max: most, step: whole ? tick : "any" });
  track.setAttribute("aria-label", label);
  const show = (v) => {
    field.value = decimals ? v.toFixed(Math.max(decimals, String(v).split(".")[1]?.length ?? 0)) : v;
    track.value = place(inRange(v));
    track.style.setProperty("--bp-share", share(v));
    track.setAttribute("aria-valuetext", v);
  };
  const move = (v) => { show(v); onMove(v); };
  let last = value; // that was set
  const set = (v) => { last = v; show(v); };
  track.addEventListener("input", () => move(rounded(logarithmic ? 10 ** track.valueAsNumber : track.valueAsNumber)));
  field.addEventListener("change", () => {
    const typed = inRange(field.valueAsNumber);
    if (Number.isFinite(typed)) move(whole ? Math.round(typed) : typed); else show(last);
  });
  const mark = element("div", { className: "widget-html-content" });
  if (typeof paper === "number") {
    const sign = element("i", { textContent: "\u25b2", title: `the paper: ${paper}` });
    sign.style.left = `${100 * share(paper)}%`;
    mark.append(sign);
  }
  const made = element("div", { className: "bp-control" },
    element("div", { className: "widget-text" }, title, field),
    element("div", { className: "widget-slider" }, track),
    element("div", { className: "bp-mark" }, mark));
  made.dataset.setting = name;
  set(value);
  return { element: made, set };
}

// Buttons of which one is down; none, if the value is not among the choices.
export function choice({ name, label, choices }, value, onMove) {
  const buttons = choices.map(([one, word, what]) => button(word, what, () => onMove(one), "widget-toggle-button"));
  const set = (v) => buttons.forEach((made, k) => {
    made.classList.toggle("mod-active", choices[k][0] === v);
    made.setAttribute("aria-pressed", choices[k][0] === v);
  });
  const box = element("div", {}, ...buttons), title = label ? [element("label", { textContent: label })] : [];
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label || name);
  const made = element("div", { className: `bp-choice ${label ? "bp-named" : "bp-unnamed"}` }, ...title, box);
  made.dataset.setting = name;
  set(value);
  return { element: made, set };
}

// A small button that is down for one value and up for another.
export function toggle({ name, switch: [text, up, down, what] }, value, onMove) {
  const made = button(text, what, () => onMove(made.getAttribute("aria-pressed") === "true" ? up : down), "bp-switch");
  const set = (v) => {
    made.classList.toggle("mod-active", v === down);
    made.setAttribute("aria-pressed", v === down);
  };
  made.dataset.setting = name;
  set(value);
  return { element: made, set };
}

// The control that fits a setting; nothing for one that has none.
export function control(setting, value, onMove) {
  if (setting.choices) return choice(setting, value, onMove);
  return setting.most === undefined ? null : slider(setting, value, onMove);
}

// All controls of a session, in the three parts of a lab: {parts, update}.
export function controlsOf(session, { speed, seed, instant, slowStart, note, buttonBack, whatItSets, switched }) {
  const made = {}, move = (name) => (value) => session.move(name, value);
  const make = (setting) => {
    const found = control(setting, session.value(setting.name), move(setting.name));
    if (found) made[setting.name] = found;
    return found ? [found.element] : [];
  };
  const settings = session.controls, later = settings.filter(({ first }) => !first);
  const steering = later.filter(({ steers }) => steers), anew = later.filter(({ steers }) => !steers);
  const sliders = steering.filter((s) => !s.choices).flatMap(make);
  const switches = switched.map((name) => settings.find((s) => s.name === name && s.switch)).map((setting) => {
    const one = toggle(setting, session.value(setting.name), move(setting.name)), { set } = made[setting.name] ?? {};
    made[setting.name] = { set: (v) => { set?.(v); one.set(v); } };
    return one.element;
  });
  const fold = (title, ...parts) => [
    element("div", { className: "bp-note bp-fold" },
      element("details", {}, element("summary", { textContent: title }))),
    element("div", { className: "bp-folded" }, ...parts),
  ];
  const slow = made.slowStart = toggle(slowStart, session.slowStart, move("slowStart"));
  const rest = [
    ...sliders.slice(2), ...make(speed), row(slow.element), ...(instant ? make(instant) : []),
    ...steering.filter((s) => s.choices).flatMap(make),
    ...session.actions().map((actions) => row(...actions.map((action) => button(...action)))),
    ...(switches.length ? fold("What was changed \u2026", row(...switches)) : []),
    ...fold("New run \u2026",
      row(
        button("New start", "Other starting weights", () => session.newStart()),
        button(buttonBack, whatItSets, () => session.asInThePaper()),
      ),
      element("div", { className: "bp-note" }, element("div", { className: "widget-html-content", textContent: note })),
      ...anew.filter((s) => !s.choices).flatMap(make), ...make(seed), ...anew.filter((s) => s.choices).flatMap(make)),
  ];
  const part = (name, parts) => element("div", { className: name }, ...parts);
  return {
    parts: [
      part("bp-first", settings.filter(({ first }) => first).flatMap(make)),
      part("bp-steer", sliders.slice(0, 2)), part("bp-rest", rest),
    ],
    update() { for (const [name, { set }] of Object.entries(made)) set(session.value(name)); },
  };
}
