// What every canvas needs of the page around it: the pointer and the arrow keys, the theme, names for the sliders.

// Tells what the pointer, or the arrow keys, are on: a tip beside it says so in words. `lit(key)` is called when that
// changes, `chosen(key)` when it is clicked, or Enter or the space bar is pressed on it. Returns what says it anew.
function followPointer(pen, canvas, tip, { lit, chosen }) {
  let on = null;
  const spotAt = ({ offsetX: x, offsetY: y }) =>
    pen.spots?.findLast((s) => x >= s.x && x <= s.x + s.w && y >= s.y && y <= s.y + s.h);
  const light = (spot) => {
    const key = spot?.key ?? null;
    tip.hidden = !spot;
    if (spot) {
      tip.textContent = spot.about();
      const left = Math.max(0, Math.min(spot.x + spot.w / 2 - tip.offsetWidth / 2, canvas.clientWidth - tip.offsetWidth));
      const above = spot.y - tip.offsetHeight - 6;
      Object.assign(tip.style, { left: `${left}px`, top: `${above < 0 ? spot.y + spot.h + 6 : above}px` });
    }
    if (key !== on) { on = key; lit(key); }
  };
  canvas.addEventListener("pointermove", (event) => light(spotAt(event)));
  canvas.addEventListener("pointerleave", () => light(null));
  canvas.addEventListener("blur", () => light(null));
  canvas.addEventListener("click", (event) => { const spot = spotAt(event); if (spot) chosen(spot.key); });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], choose = event.key === "Enter" || event.key === " ";
    if (event.key === "Escape") light(null);
    if (choose && on !== null) chosen(on);
    if (!step && !choose) return;
    event.preventDefault(); event.stopPropagation();
    if (!step) return;
    const once = pen.spots.filter((s, k) => pen.spots.findIndex((o) => o.key === s.key) === k);
    const at = once.findIndex((s) => s.key === on);
    light(once[at < 0 && step < 0 ? once.length - 1 : (at + step + once.length) % once.length]);
  });
  return () => {
    const spot = on === null ? null : pen.spots.find((s) => s.key === on);
    if (spot && !tip.hidden) tip.textContent = spot.about();
  };
}

// Calls `changed` when JupyterLab's theme does; returns what ends that. It is called again a little later, because JupyterLab
// takes its style sheets away for a moment, and then nothing has a width or a colour.
function followTheme(changed) {
  const themed = new MutationObserver(() => { for (const wait of [0, 250, 1000, 3000]) setTimeout(changed, wait); });
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  return () => themed.disconnect();
}

// The sliders of ipywidgets have no accessible name and tell their exponent: give both from the labelled field above each.
// Its choices show by colour alone which one holds: say it too.
function nameSliders(el) {
  const lab = el.closest(".bp-lab");
  if (!lab) return;
  if (!lab.dataset.named) { // controls may come after the canvas
    lab.dataset.named = "yes";
    new MutationObserver(() => nameSliders(el)).observe(lab, { childList: true, subtree: true });
  }
  for (const choice of lab.querySelectorAll(":is(.bp-choice, .bp-cases) button:not([aria-pressed])")) {
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
