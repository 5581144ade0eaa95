// Drawing in the paper's language: a grey field, white is positive or active, black is negative, AREA is size.

export const FIELD = "#9a9a9a"; // the same in the light and the dark theme
export const CAPTION = 13; // pixels of a caption
export const number = (v, digits = 2) => (v < 0 ? "\u2212" : "") + Math.abs(v).toFixed(digits);
export const signed = (v, digits = 1) => {
  const size = Math.abs(v).toFixed(digits);
  return (Number(size) === 0 ? "" : v < 0 ? "\u2212" : "+") + size;
};
// Also of more values than a call can have arguments.
export const largestOf = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const WHOLE = new Intl.NumberFormat("en-US"); // made once: toLocaleString makes one a call
export const count = (n) => WHOLE.format(Math.round(n));
export const subscript = (n) => [...String(n)].map((digit) => String.fromCharCode(0x2080 + Number(digit))).join("");

// The opaque colour that lies behind an element: not the same in a notebook and in a page of Voila. It fills the
// canvas, which is opaque itself: a browser without a graphics card shows that with a third of the work.
function groundOf(element) {
  for (let part = element; part; part = part.parentElement) {
    const colour = getComputedStyle(part).backgroundColor;
    if (/^rgb\(/.test(colour)) return colour; // rgba(...) lets through what is behind it
  }
  return null;
}

export function readTheme(element) {
  const style = getComputedStyle(element.isConnected ? element : document.body); // a cell out of sight has none
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const dark = document.body.dataset.jpThemeLight === "false";
  return {
    dark,
    ink: read("--jp-ui-font-color1", "#212121"),
    quiet: read("--jp-ui-font-color2", "#666"),
    line: dark ? "#555" : "#ccc",
    faint: dark ? "#3a3a3a" : "#e8e8e8",
    paper: groundOf(element) ?? read("--jp-layout-color0", "#fff"),
    accent: dark ? "#7db3ec" : "#2563a8",
    right: dark ? "#74c47a" : "#23772b",
    wrong: dark ? "#ea5f45" : "#b3361d",
    held: dark ? "#e0a84e" : "#a86a00", // cases that are held out
    positive: dark ? "#e6e6e6" : "#b4b4b4", // arcs: the pale one excites, the dark one inhibits
    negative: dark ? "#6e6e6e" : "#1d1d1d",
    font: read("--jp-ui-font-family", "system-ui, sans-serif"),
  };
}

// The name of a spot, as `lit` and data-lit have it: "w3" for weight 3.
const SHORT = { weight: "w", case: "c", unit: "u", person: "p", relationship: "r" };
export const spotKey = (kind, index = "", part = undefined) => (
  `${SHORT[kind] ?? kind}${index}${part === undefined ? "" : `.${part}`}`
);

export class Pen {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d", { alpha: false });
  }

  begin(width, height, theme) {
    const ratio = (window.devicePixelRatio || 1) * (this.canvas.currentCSSZoom ?? 1);
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      Object.assign(this.canvas.style, { width: `${width}px`, height: `${height}px` });
    }
    this.theme = theme;
    this.spots = this.canvas.spots = []; // what the pointer and the arrow keys can be on
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.fillStyle = theme.paper;
    this.ctx.fillRect(0, 0, width, height);
  }

  // Something on the canvas that the pointer and the keys can be on: what it is ({kind, index, part}), where it lies,
  // about(), which says what it is, and choose(), which a click or Enter calls, if there is one.
  spot({ kind, index = "", part }, x, y, w, h, about, choose = null) {
    this.spots.push({ kind, index, part, key: spotKey(kind, index, part), x, y, w, h, about, choose });
  }

  // room: wider text is written smaller; within: wider text is condensed. back: colour of a box behind it. halo: a rim
  // of paper, where lines may pass.
  text(text, x, y, how = {}) {
    const { size = CAPTION, colour = this.theme.ink, align = "left", weight = "normal" } = how, { ctx } = this;
    const { room = Infinity, within, back = null, halo = false } = how;
    ctx.font = `${weight} ${size}px ${this.theme.font}`;
    const wide = ctx.measureText(text).width;
    if (wide > room) ctx.font = `${weight} ${Math.max(7.5, (size * room) / wide)}px ${this.theme.font}`;
    ctx.textAlign = align;
    ctx.textBaseline = "middle";
    if (back) {
      const width = ctx.measureText(text).width + 6, before = { center: width / 2, right: width - 3 }[align] ?? 3;
      const left = x - before;
      ctx.fillStyle = back;
      ctx.fillRect(left, y - size * 0.65, width, size * 1.3);
    }
    if (halo) {
      Object.assign(ctx, { strokeStyle: this.theme.paper, lineWidth: 4, lineJoin: "round" });
      ctx.strokeText(text, x, y, within);
    }
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y, within);
  }

  // Text that is not wider than the room, of which the end may be left out.
  shortened(text, room, size) {
    this.ctx.font = `${size}px ${this.theme.font}`;
    if (this.ctx.measureText(text).width <= room) return text;
    let length = text.length - 1;
    while (length > 1 && this.ctx.measureText(`${text.slice(0, length)}\u2026`).width > room) length -= 1;
    return `${text.slice(0, length).trimEnd()}\u2026`;
  }

  title(text, x, y, note = "", right = null) {
    this.text(text, x, y, { size: 14, weight: "600", room: right === null ? Infinity : right - x });
    const room = right - x - this.ctx.measureText(text).width - 12; // measured in the title's own font
    this.ctx.font = `${CAPTION}px ${this.theme.font}`;
    if (!note || this.ctx.measureText(note).width >= room) return;
    this.text(note, right, y, { align: "right", colour: this.theme.quiet });
  }

  // Text in lines no wider than `w`.
  paragraph(text, x, y, w, how = {}) {
    const lines = [""], fits = (line) => this.ctx.measureText(line).width <= w;
    this.ctx.font = `${CAPTION}px ${this.theme.font}`;
    for (const word of text.split(" ")) {
      const line = lines.at(-1), longer = line ? `${line} ${word}` : word;
      if (line && !fits(longer)) lines.push(word); else lines[lines.length - 1] = longer;
    }
    lines.forEach((line, k) => this.text(line, x, y + 17 * k, how));
  }

  rect(x, y, w, h, colour) { this.ctx.fillStyle = colour; this.ctx.fillRect(x, y, w, h); }

  // A box with round corners.
  box(x, y, w, h, { fill = null, stroke = null, width = 1, radius = 4, share = 1 } = {}) {
    const { ctx } = this;
    ctx.beginPath(); ctx.roundRect(x + 0.5, y + 0.5, w - 1, h - 1, radius);
    if (fill) { ctx.globalAlpha = share; ctx.fillStyle = fill; ctx.fill(); ctx.globalAlpha = 1; }
    if (stroke) { ctx.strokeStyle = stroke; ctx.lineWidth = width; ctx.stroke(); }
  }

  // Text that runs down from (x, y), turned by a share of a quarter turn.
  slanted(text, x, y, turn, how) {
    this.ctx.save();
    this.ctx.translate(x, y);
    this.ctx.rotate((turn * Math.PI) / 2);
    this.text(text, 0, 0, how);
    this.ctx.restore();
  }

  frame(x, y, w, h, colour, width = 1) {
    this.ctx.strokeStyle = colour; this.ctx.lineWidth = width;
    this.ctx.strokeRect(x + width / 2, y + width / 2, w - width, h - width);
  }

  line(x1, y1, x2, y2, colour, width = 1, dash = []) {
    const { ctx } = this;
    ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.setLineDash(dash);
    ctx.beginPath(); ctx.moveTo(x1, y1); ctx.lineTo(x2, y2); ctx.stroke();
    ctx.setLineDash([]);
  }

  circle(x, y, radius, { fill = null, stroke = null, width = 1.3 } = {}) {
    const { ctx } = this;
    ctx.beginPath(); ctx.arc(x, y, radius, 0, 2 * Math.PI);
    if (fill) { ctx.fillStyle = fill; ctx.fill(); }
    if (stroke) { ctx.strokeStyle = stroke; ctx.lineWidth = width; ctx.stroke(); }
  }

  // A square of area `share` (0 to 1) of the cell whose upper left corner and side are given: white, or black below 0.
  square(value, x, y, side) {
    const a = Math.sqrt(Math.min(1, Math.abs(value))) * side;
    if (a >= 0.5) this.rect(x + (side - a) / 2, y + (side - a) / 2, a, a, value < 0 ? "#000" : "#fff");
  }
}
