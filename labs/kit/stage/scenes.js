// The scenes by the kind of lab: what README.md describes. Each scene.js adds its own.

export const SCENES = {};

export function addScene(kind, scene) {
  SCENES[kind] = scene;
}
