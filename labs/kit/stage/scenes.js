// The scenes: how the canvas of each kind of lab is laid out, and what it says of itself. README.md describes a scene.

export const SCENES = {};

const DEFAULTS = {
  split: 0.52, // share of the first column
  gap: 30, // pixels between the columns
  narrow: 560, // on a narrower canvas the second column stands below the first
  editable: false, // whether weights can be changed by hand
  wordsRoom: null, // pixels kept free for the sentences about what was learnt
  begin() {},
  prepare() {},
  onMessage() {},
  onPiece() {},
  onKey() {},
  dataset: () => ({}),
};

export function addScene(kind, scene) {
  SCENES[kind] = { ...DEFAULTS, ...scene };
}

// Stacks the panels of a scene into its columns: {panels: [{draw, box: {x, y, w, h}}], height}.
export function stackPanels(layout, view, width) {
  const { split, gap, narrow } = layout, two = width >= narrow;
  const first = two ? Math.round(width * split) - 14 : width, second = two ? width - first - gap : width;
  const columns = layout.columns(view, [first, second]), panels = [];
  const stack = (column, x, top, w) => column.reduce((y, { height: h, draw }) => {
    panels.push({ draw, box: { x, y, w, h } });
    return y + h;
  }, top);
  const bottom = stack(columns[0], 0, 0, first);
  const end = stack(columns[1] ?? [], two ? first + gap : 0, two ? 0 : bottom + 20, second);
  return { panels, height: Math.max(bottom, end) };
}
