// A weight changed by hand: click on it and type a number, or drag it up and down; cut it, freeze it, undo. The kernel does it.

function editWeights(box, pen, canvas, view) {
  const name = box.querySelector("span"), field = box.querySelector("input");
  const editable = (key) => key?.startsWith("w") && /^w\d+$/.test(key) && view.layout.editable;
  let chosen = null, drag = null, waiting = null;
  const tell = (content) => view.tell({ weight: chosen, sweep: view.moment.sweep, ...content });
  field.addEventListener("change", () => { if (Number.isFinite(field.valueAsNumber)) tell({ type: "edit", value: field.valueAsNumber }); });
  const close = () => { chosen = null; box.hidden = true; };
  box.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { close(); canvas.focus(); }
  });
  for (const button of box.querySelectorAll("button")) {
    button.addEventListener("click", () => (button.dataset.do === "close" ? close() : tell({ type: button.dataset.do })));
  }
  const place = () => { // beside the weight, where it was when it was chosen
    const spot = pen.spots.find((s) => s.key === `w${chosen}`);
    if (!spot) return;
    const left = Math.max(0, Math.min(spot.x + spot.w / 2 - 115, canvas.clientWidth - 232));
    const below = spot.y + spot.h + 8, top = below + 64 > canvas.clientHeight ? spot.y - 92 : below;
    Object.assign(box.style, { left: `${left}px`, top: `${top}px` });
  };

  canvas.addEventListener("pointerdown", ({ offsetX: x, offsetY: y, pointerId }) => {
    const spot = pen.spots?.findLast((s) => x >= s.x && x <= s.x + s.w && y >= s.y && y <= s.y + s.h);
    if (!editable(spot?.key)) return;
    const k = Number(spot.key.slice(1));
    drag = { k, y, value: view.moment.w[k], pixel: Math.max(1, ...Array.from(view.moment.w, Math.abs)) / 60, moved: false };
    canvas.setPointerCapture(pointerId);
  });
  canvas.addEventListener("pointermove", ({ offsetY: y }) => {
    if (!drag || (!drag.moved && Math.abs(y - drag.y) < 4)) return;
    if (chosen !== drag.k) { chosen = drag.k; place(); }
    const value = drag.value + (drag.y - y) * drag.pixel, more = drag.moved;
    drag.moved = true;
    if (!more) tell({ type: "edit", value });
    else if (waiting === null) requestAnimationFrame(() => { tell({ type: "edit", value: waiting, more: true }); waiting = null; });
    if (more) waiting = value;
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drag = null; });

  return {
    choose(_, key) {
      if (!editable(key)) return;
      chosen = Number(key.slice(1));
      place();
    },
    show({ scene, moment }) {
      if (chosen !== null && !(chosen < scene.weight_names.length)) chosen = null;
      box.hidden = chosen === null || !view.layout.editable;
      if (box.hidden) return;
      if (name.textContent !== scene.weight_names[chosen]) name.textContent = scene.weight_names[chosen];
      if (document.activeElement !== field) field.value = moment.w[chosen].toFixed(3);
    },
  };
}
