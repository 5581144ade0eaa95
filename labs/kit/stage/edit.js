// A weight changed by hand: click on it, or press Enter, and type a number; drag it up and down, or press those arrow
// keys; cut it, freeze it, undo. The kernel does it.

import { placeOn } from "./interaction.js";
import { largestOf } from "./pen.js";

export function editWeights(box, pen, canvas, view) {
  const [name, field, freeze] = ["span", "input", "[data-do=freeze]"].map((part) => box.querySelector(part));
  const editable = (spot) => spot?.kind === "weight" && view.layout.editable;
  let chosen = null, drag = null, waiting = null;
  const send = (content) => view.send({ weight: chosen, sweep: view.moment.sweep, ...content });
  field.addEventListener("change", () => {
    if (Number.isFinite(field.valueAsNumber)) send({ type: "edit", value: field.valueAsNumber });
  });
  const size = () => Math.max(1, largestOf(view.moment.w));
  const close = () => { chosen = null; box.hidden = true; canvas.focus({ preventScroll: true }); };
  let stepping = false; // steps that follow each other are one change
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close();
    const step = event.target === field && { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const by = 10 ** Math.floor(Math.log10(size())) / 10, typed = field.valueAsNumber;
    const from = Number.isFinite(typed) ? typed : view.moment.w[chosen];
    field.value = (from + step * by).toFixed(3);
    send({ type: "edit", value: field.valueAsNumber, more: stepping });
    stepping = true;
  });
  field.addEventListener("input", () => { stepping = false; });
  field.addEventListener("blur", () => { stepping = false; });
  for (const button of box.querySelectorAll("button")) {
    const type = button.dataset.do;
    button.addEventListener("click", () => (type === "close" ? close() : send({ type })));
  }
  const place = () => { // beside the weight, where it was when it was chosen
    const spot = pen.spots.find((s) => s.key === `w${chosen}`);
    if (!spot) return;
    const left = Math.max(0, Math.min(spot.x + spot.w / 2 - 115, canvas.clientWidth - 232));
    const below = spot.y + spot.h + 8, top = below + 64 > canvas.clientHeight ? spot.y - 92 : below;
    Object.assign(box.style, { left: `${left}px`, top: `${top}px` });
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") return; // a finger scrolls the page, and changes no weight by that
    const { x, y } = placeOn(canvas, event);
    const spot = pen.spots?.findLast((s) => x >= s.x && x <= s.x + s.w && y >= s.y && y <= s.y + s.h);
    if (!editable(spot)) return;
    const k = spot.index;
    drag = { k, y, value: view.moment.w[k], pixel: size() / 60, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const { y } = placeOn(canvas, event);
    if (!drag || (!drag.moved && Math.abs(y - drag.y) < 4)) return;
    if (chosen !== drag.k) { chosen = drag.k; place(); }
    const value = drag.value + (drag.y - y) * drag.pixel, more = drag.moved;
    drag.moved = true;
    if (!more) {
      send({ type: "edit", value });
      return;
    }
    if (waiting === null) { // of several moves within a frame, the last counts
      requestAnimationFrame(() => { send({ type: "edit", value: waiting, more: true }); waiting = null; });
    }
    waiting = value;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drag = null; });

  return {
    choose(spot, byKey) {
      if (!editable(spot)) return;
      chosen = spot.index;
      place();
      if (!byKey) return;
      this.show(view);
      field.focus({ preventScroll: true });
      field.select();
    },
    show({ scene, moment }) {
      if (chosen !== null && !(chosen < scene.weight_names.length)) chosen = null;
      const hidden = chosen === null || !view.layout.editable;
      if (box.hidden !== hidden) box.hidden = hidden; // setting it again makes the browser look at all styles again
      if (hidden) return;
      if (name.textContent !== scene.weight_names[chosen]) name.textContent = scene.weight_names[chosen];
      freeze.setAttribute("aria-pressed", view.fixed?.has(`w${chosen}`) ?? false);
      if (document.activeElement !== field) field.value = moment.w[chosen].toFixed(3);
    },
  };
}
