// What every canvas needs of the page around it: the pointer and the arrow keys, the theme, names for the sliders.

const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

const distance = (s, x, y) => Math.hypot(Math.max(s.x - x, 0, x - s.x - s.w), Math.max(s.y - y, 0, y - s.y - s.h));

// Where an event is on the canvas, in its own pixels: offsetX is in those of the page, if the lab is zoomed.
export function placeOn(canvas, { clientX, clientY }) {
  const { left, top, width } = canvas.getBoundingClientRect(), zoom = width / canvas.clientWidth || 1;
  return { x: (clientX - left) / zoom, y: (clientY - top) / zoom };
}

function spotAt(spots, { x, y }, pointerType) {
  const hit = spots?.findLast((s) => distance(s, x, y) === 0);
  if (hit || pointerType !== "touch") return hit;
  const [near] = [...spots].sort((a, b) => distance(a, x, y) - distance(b, x, y)); // a finger is wider than a square
  return near && distance(near, x, y) < 12 ? near : undefined;
}

// The spot a key leads to from the one with key `on`. Left and right go from one to the next, up and down to the
// nearest in that direction, Page Up and Page Down to the first of another kind.
function spotByKey(spots, on, key) {
  const found = new Set(), once = spots.filter((s) => !found.has(s.key) && found.add(s.key));
  const at = once.findIndex((s) => s.key === on), n = once.length, kind = (k) => once[k].kind, step = STEPS[key];
  if (key === "Home" || key === "End") return once[key === "Home" ? 0 : n - 1];
  if (at < 0) return once[step > 0 ? 0 : n - 1];
  if (key === "ArrowRight" || key === "ArrowLeft") return once[(at + step + n) % n];
  if (key.startsWith("Page")) {
    let k = at;
    while (k >= 0 && k < n && kind(k) === kind(at)) k += step;
    k = (k + n) % n;
    if (step < 0) while (k > 0 && kind(k - 1) === kind(k)) k -= 1;
    return once[k];
  }
  const here = once[at], x = here.x + here.w / 2, y = here.y + here.h / 2;
  const below = (s) => step * (s.y + s.h / 2 - y), aside = (s) => Math.max(0, s.x - x, x - s.x - s.w);
  const far = (s) => below(s) + 3 * aside(s);
  return once.filter((s) => below(s) > 2).sort((a, b) => far(a) - far(b))[0] ?? here;
}

// Follows the pointer and the keys over the spots of a canvas. A tip beside a spot, and `announce`, say what it is.
// onPoint(spot) is called when that changes; onChoose(spot, byKey, pointed) for a click, Enter or the space bar, where
// `pointed` is false for a finger's first tap. Returns a function that renews the tip after the canvas was painted.
export function followPointer(pen, canvas, tip, { onPoint, onChoose, announce = () => {} }) {
  let on = null, tapped = null; // keys of spots
  const point = (spot) => {
    tip.hidden = !spot;
    if (spot) {
      tip.textContent = spot.about();
      tip.style.left = "0"; // where it has room for all its text
      const left = Math.min(spot.x + spot.w / 2 - tip.offsetWidth / 2, canvas.clientWidth - tip.offsetWidth);
      const above = spot.y - tip.offsetHeight - 6, top = above < 0 ? spot.y + spot.h + 6 : above;
      Object.assign(tip.style, { left: `${Math.max(0, left)}px`, top: `${top}px` });
    }
    const key = spot?.key ?? null;
    if (key === on) return;
    on = key;
    onPoint(spot ?? null);
    if (spot) announce(spot.about());
  };
  const spotUnder = (event) => spotAt(pen.spots, placeOn(canvas, event), event.pointerType);
  canvas.addEventListener("pointermove", (event) => point(spotUnder(event)));
  canvas.addEventListener("pointerleave", () => point(null));
  canvas.addEventListener("blur", () => point(null));
  canvas.addEventListener("click", (event) => {
    const touch = event.pointerType === "touch"; // a finger does not hover
    const named = touch ? null : pen.spots?.find((s) => s.key === on); // what the tip says is what is chosen
    const spot = named ?? spotUnder(event);
    if (spot) onChoose(spot, false, !touch || spot.key === tapped);
    tapped = touch ? spot?.key : null;
    if (touch) point(spot);
  });
  canvas.addEventListener("keydown", (event) => {
    const { key } = event, moves = key in STEPS || key === "Home" || key === "End";
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") point(null);
    const chooses = key === "Enter" || key === " ";
    const here = chooses && pen.spots?.find((s) => s.key === on);
    if (here) onChoose(here, true, true);
    if (!moves && !chooses) return;
    event.preventDefault();
    event.stopPropagation();
    if (moves && pen.spots?.length) point(spotByKey(pen.spots, on, key));
  });
  return () => {
    const spot = on === null ? null : pen.spots.find((s) => s.key === on);
    if (spot && !tip.hidden) tip.textContent = spot.about();
    if (!spot && on !== null) point(null); // another task, in which there is no such thing
  };
}

// Disables every control that needs the kernel, which has gone; `message` says so and how to go on.
export function disable(el, message, still = "") {
  const needKernel = ".bp-head, .bp-choose, .bp-controls, .bp-share, .bp-ask";
  for (const part of el.closest(".bp-lab")?.querySelectorAll(needKernel) ?? []) part.inert = true;
  const isPage = document.querySelector(".bp-page");
  const goOn = isPage ? "Reload the page to begin again." : "Run the cell again to go on.";
  message.textContent = `The kernel has stopped or was restarted. ${still}${goOn}`;
}

// Calls `onChange` when the page's theme changes; returns a function that stops it. It is called again a little later,
// because JupyterLab takes its style sheets away for a moment, and then nothing has a width or a colour; and at the
// beginning, because Voila brings its own after the lab.
export function followTheme(onChange) {
  const soon = () => { for (const wait of [0, 250, 1000, 3000]) setTimeout(onChange, wait); };
  const observer = new MutationObserver(soon);
  soon();
  const attributeFilter = ["data-jp-theme-light", "data-jp-theme-name"];
  observer.observe(document.body, { attributes: true, attributeFilter });
  return () => observer.disconnect();
}

const CHOICES = ":is(.bp-choice, .bp-cases) button:not([aria-pressed]), " +
  ":is(.bp-switch, .bp-larger):not([aria-pressed])";

// Makes the widgets of ipywidgets accessible. A slider has no name, and its value is an exponent: both are taken from
// the labelled field above it. Which choice is on is shown by colour alone: it becomes aria-pressed. The button for
// files counts files, which means nothing here.
export function nameSliders(el) {
  const lab = el.closest(".bp-lab");
  if (!lab) return;
  if (!lab.dataset.named) { // controls may come after the canvas
    lab.dataset.named = "yes";
    new MutationObserver(() => nameSliders(el)).observe(lab, { childList: true, subtree: true });
  }
  for (const part of lab.querySelectorAll("button, input, select, textarea, canvas, summary, .noUi-handle")) {
    part.dataset.lmSuppressShortcuts = "true"; // else "a" on a button makes a cell, and "d" twice deletes one
  }
  for (const text of [...lab.querySelectorAll(".widget-upload")].flatMap((upload) => [...upload.childNodes])) {
    if (/ \(\d+\)$/.test(text.data)) text.data = text.data.replace(/ \(\d+\)$/, "");
  }
  for (const choice of lab.querySelectorAll(CHOICES)) {
    const isOn = () => ["mod-active", "bp-on"].some((name) => choice.classList.contains(name));
    const update = () => choice.setAttribute("aria-pressed", isOn());
    new MutationObserver(update).observe(choice, { attributes: true, attributeFilter: ["class"] });
    update();
  }
  for (const control of lab.querySelectorAll(".bp-control")) nameSlider(control);
}

function nameSlider(control) {
  const [handle, field, label] = [".noUi-handle", "input", "label"].map((part) => control.querySelector(part));
  if (!handle || !field || handle.dataset.named) return;
  handle.dataset.named = "yes";
  handle.setAttribute("aria-label", label.textContent);
  const update = () => {
    if (handle.getAttribute("aria-valuetext") !== field.value) handle.setAttribute("aria-valuetext", field.value);
  };
  const attributeFilter = ["aria-valuenow", "aria-valuetext"];
  new MutationObserver(update).observe(handle, { attributes: true, attributeFilter });
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  const setAndUpdate = (value) => { set.call(field, value); update(); };
  Object.defineProperty(field, "value", { get, set: setAndUpdate }); // no event tells of a value set by the program
  field.addEventListener("change", update);
  update();
}
