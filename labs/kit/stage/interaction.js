// What every canvas needs of the page around it: the pointer and the arrow keys, the theme, names for the sliders.

// Tells what the pointer, or the keys, are on: a tip beside it says so in words, and `say` aloud. `lit(spot)` is called when that
// changes, `chosen(spot, byKey, pointed)` when it is clicked, or Enter or the space bar is pressed on it; `pointed`
// is false for a finger's first tap on it. Returns what says it anew.
// Left and right go from one to the next, up and down to what lies there, Page Up and Page Down from one kind to another.
export function followPointer(pen, canvas, tip, { lit, chosen, say = () => {} }) {
  let on = null, tapped = null;
  const distance = (s, x, y) => Math.hypot(Math.max(s.x - x, 0, x - s.x - s.w), Math.max(s.y - y, 0, y - s.y - s.h));
  const spotAt = ({ offsetX: x, offsetY: y, pointerType }) => {
    const hit = pen.spots?.findLast((s) => distance(s, x, y) === 0);
    if (hit || pointerType !== "touch") return hit;
    const [near] = [...pen.spots].sort((a, b) => distance(a, x, y) - distance(b, x, y)); // a finger is wider than a square
    return near && distance(near, x, y) < 12 ? near : undefined;
  };
  const light = (spot) => {
    const key = spot?.key ?? null;
    tip.hidden = !spot;
    if (spot) {
      tip.textContent = spot.about();
      tip.style.left = "0"; // where it has room for all it says
      const left = Math.max(0, Math.min(spot.x + spot.w / 2 - tip.offsetWidth / 2, canvas.clientWidth - tip.offsetWidth));
      const above = spot.y - tip.offsetHeight - 6;
      Object.assign(tip.style, { left: `${left}px`, top: `${above < 0 ? spot.y + spot.h + 6 : above}px` });
    }
    if (key !== on) {
      on = key;
      lit(spot ?? null);
      if (spot) say(spot.about());
    }
  };
  const goal = (key) => { // of a key, from where the keys are
    const seen = new Set(), once = pen.spots.filter((s) => !seen.has(s.key) && seen.add(s.key));
    const at = once.findIndex((s) => s.key === on), n = once.length, kind = (k) => once[k].kind;
    const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[key];
    if (key === "Home" || key === "End") return once[key === "Home" ? 0 : n - 1];
    if (at < 0) return once[step > 0 ? 0 : n - 1];
    if (key === "ArrowRight" || key === "ArrowLeft") return once[(at + step + n) % n];
    if (key.startsWith("Page")) {
      let k = at;
      while (k >= 0 && k < n && kind(k) === kind(at)) k += step;
      k = (k + n) % n;
      if (step < 0) while (k > 0 && kind(k - 1) === kind(k)) k -= 1; // to the first of them
      return once[k];
    }
    const here = once[at], [x, y] = [here.x + here.w / 2, here.y + here.h / 2];
    const far = (s) => step * (s.y + s.h / 2 - y) + 3 * Math.max(0, s.x - x, x - s.x - s.w);
    return once.filter((s) => step * (s.y + s.h / 2 - y) > 2).sort((a, b) => far(a) - far(b))[0] ?? here;
  };
  canvas.addEventListener("pointermove", (event) => light(spotAt(event)));
  canvas.addEventListener("pointerleave", () => light(null));
  canvas.addEventListener("blur", () => light(null));
  canvas.addEventListener("click", (event) => {
    const spot = spotAt(event), touch = event.pointerType === "touch"; // a finger does not hover
    if (spot) chosen(spot, false, !touch || spot.key === tapped);
    tapped = touch ? spot?.key : null;
    if (touch) light(spot);
  });
  canvas.addEventListener("keydown", (event) => {
    const { key } = event, goes = /^(Arrow(Right|Left|Up|Down)|Page(Up|Down)|Home|End)$/.test(key);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Escape") light(null);
    const choose = key === "Enter" || key === " ";
    const here = choose && pen.spots?.find((s) => s.key === on);
    if (here) chosen(here, true, true);
    if (!goes && !choose) return;
    event.preventDefault(); event.stopPropagation();
    if (goes && pen.spots?.length) light(goal(key));
  });
  return () => {
    const spot = on === null ? null : pen.spots.find((s) => s.key === on);
    if (spot && !tip.hidden) tip.textContent = spot.about();
    if (!spot && on !== null) light(null); // another task, in which there is no such thing
  };
}

// The kernel has gone: nothing that asks it can be used any more, and `message` says so and how to go on.
export function cutOff(el, message, still = "") {
  const asking = ".bp-head, .bp-choose, .bp-controls, .bp-share, .bp-ask";
  for (const part of el.closest(".bp-lab")?.querySelectorAll(asking) ?? []) part.inert = true;
  const goOn = document.querySelector(".bp-page") ? "Reload the page to begin again." : "Run the cell again to go on.";
  message.textContent = `The kernel has stopped or was restarted. ${still}${goOn}`;
}

// Calls `changed` when the page's theme does; returns what ends that. It is called again a little later, because JupyterLab
// takes its style sheets away for a moment, and then nothing has a width or a colour; and at the beginning, because Voila brings
// its own after the lab.
export function followTheme(changed) {
  const soon = () => { for (const wait of [0, 250, 1000, 3000]) setTimeout(changed, wait); };
  const themed = new MutationObserver(soon);
  soon();
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => themed.disconnect();
}

// The sliders of ipywidgets have no accessible name and tell their exponent: give both from the labelled field above each.
// Its choices show by colour alone which one holds: say it too. Its button for files counts what nobody asks.
export function nameSliders(el) {
  const lab = el.closest(".bp-lab");
  if (!lab) return;
  if (!lab.dataset.named) { // controls may come after the canvas
    lab.dataset.named = "yes";
    new MutationObserver(() => nameSliders(el)).observe(lab, { childList: true, subtree: true });
  }
  for (const part of lab.querySelectorAll("button, input, select, textarea, canvas, .noUi-handle")) {
    part.dataset.lmSuppressShortcuts = "true"; // else "a" on a button is a new cell, and two times "d" deletes the lab's own
  }
  for (const text of [...lab.querySelectorAll(".widget-upload")].flatMap((open) => [...open.childNodes])) {
    if (/ \(\d+\)$/.test(text.data)) text.data = text.data.replace(/ \(\d+\)$/, ""); // how many files it holds: none, when they are read
  }
  for (const choice of lab.querySelectorAll(":is(.bp-choice, .bp-cases) button:not([aria-pressed]), .bp-switch:not([aria-pressed])")) {
    const tell = () => choice.setAttribute("aria-pressed", ["mod-active", "bp-on"].some((on) => choice.classList.contains(on)));
    new MutationObserver(tell).observe(choice, { attributes: true, attributeFilter: ["class"] });
    tell();
  }
  for (const control of lab.querySelectorAll(".bp-control")) {
    const handle = control.querySelector(".noUi-handle"), field = control.querySelector("input"), label = control.querySelector("label");
    if (!handle || !field || handle.dataset.named) continue;
    handle.dataset.named = "yes";
    handle.setAttribute("aria-label", label.textContent);
    const tell = () => { if (handle.getAttribute("aria-valuetext") !== field.value) handle.setAttribute("aria-valuetext", field.value); };
    new MutationObserver(tell).observe(handle, { attributes: true, attributeFilter: ["aria-valuenow", "aria-valuetext"] });
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    Object.defineProperty(field, "value", { get, set(value) { set.call(this, value); tell(); } }); // no event tells of this
    field.addEventListener("change", tell);
    tell();
  }
}
