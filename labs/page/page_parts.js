// What pages that learn have in common: their data become a session; the button for light and dark.

import { button } from "./controls.js";
import { Session } from "./session.js";

export const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// A task and its scene, put together again of what labs/kit/learning.py has written once; `first` is that of the page.
function unpack({ task, scene, cases, shared }, pool, first = {}) {
  const own = pool[cases];
  return {
    task: { ...task, cases: own },
    scene: { ...first.scene, ...scene, ...Object.fromEntries(shared.map((part) => [part, own[part]])) },
  };
}

// A promise of all tasks that the settings lead to, by those settings; made when it is first asked for.
function tasksOf({ task, pool, settings, taskSettings }, others) {
  let promise = null;
  const here = JSON.stringify(taskSettings.map((name) => settings[name]));
  return () => (promise ??= inflated(others).then(({ tasks, pool: more }) => {
    const found = { [here]: task, ...tasks }, all = [...pool, ...more];
    return Object.fromEntries(Object.entries(found).map(([key, packed]) => [key, unpack(packed, all, task)]));
  }));
}

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

// The session of what labs/kit/learning.py has written.
export function sessionOf(kernel, about, { others, say, where, kinds = {} } = {}) {
  const start = about.start?.map((text) => new Float64Array(bytesOf(text).buffer));
  const data = { ...about, start, task: unpack(about.task, about.pool) };
  const Kind = kinds[data.kind] ?? Session;
  return new Kind(kernel, data, { say, where, tasks: others ? tasksOf(about, others) : undefined });
}

// The look is the system's, until the person chooses.
export function lookButton() {
  const dark = matchMedia("(prefers-color-scheme: dark)"), { dataset } = document.body;
  const look = (isDark) => {
    dataset.jpThemeLight = String(!isDark);
    made.textContent = isDark ? "Light" : "Dark";
    made.title = `Show the page ${isDark ? "light" : "dark"}`;
  };
  const made = button("", "", () => look(dataset.jpThemeLight === "true"));
  dark.addEventListener("change", () => look(dark.matches));
  look(dark.matches);
  return made;
}
