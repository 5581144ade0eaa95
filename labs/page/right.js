// Right answers, by the outputs: one { y, d } for each unit, with its states and its desired states in all cases.

function counted(answers, isRight) {
  let right = 0;
  for (let c = 0; c < answers[0].y.length; c++) if (isRight(c)) right++;
  return right;
}

// Cases in which every output is near enough to its desired state.
export function rightOf(answers, { right_within: within }) {
  return counted(answers, (c) => answers.every(({ y, d }) => Math.abs(y[c] - d[c]) < within));
}

// Cases in which each output that should be on is above all that should be off.
export function strongestOf(answers) {
  return counted(answers, (c) => {
    let on = Infinity, off = -Infinity;
    for (const { y, d } of answers) {
      if (d[c] > 0.5) on = Math.min(on, y[c]); else off = Math.max(off, y[c]);
    }
    return on > off;
  });
}
