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

// Stacks the panels of a scene into its columns: {panels: [{draw, box: {x, y, w, h}}], height}. In a single column the
// curve comes first, with `space` pixels below it; space is asked for on a phone alone, where there is one column.
export function stackPanels(layout, view, width, space = 0) {
  const { split, gap, narrow } = layout, two = width >= narrow && !space;
  const first = two ? Math.round(width * split) - 14 : width, second = two ? width - first - gap : width;
  const [one, other = []] = layout.columns(view, [first, second]), panels = [];
  const stack = (column, x, top, w) => column.reduce((y, { height: h, draw }) => {
    panels.push({ draw, box: { x, y, w, h } });
    return y + h;
  }, top);
  if (two) {
    const height = Math.max(stack(one, 0, 0, first), stack(other, first + gap, 0, second));
    return { panels, height, curveEnd: 0 };
  }
  const isCurve = (panel) => panel.isCurve, others = (column) => column.filter((panel) => !panel.isCurve);
  const curveEnd = stack([...one, ...other].filter(isCurve), 0, 0, width);
  const middle = stack(others(one), 0, curveEnd + space, width);
  return { panels, height: stack(others(other), 0, middle + 20, width), curveEnd };
}
