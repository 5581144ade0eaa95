// A field of numbers as a picture: blue, white and orange for less, the middle and more, and the lines of equal height.

const BLUE = [33, 102, 172], WHITE = [250, 250, 250], ORANGE = [217, 115, 13];

// Blue for share 1, white for 0, orange for -1: [red, green, blue]. They stay apart for every kind of colour vision.
export function diverging(share) {
  const size = Math.min(1, Math.abs(share)), end = share > 0 ? BLUE : ORANGE;
  return WHITE.map((white, i) => Math.round(white + size * (end[i] - white)));
}

// Where the values of a grid of n x n, from the top row down, pass a level: pieces between two places, in shares of the
// sides, each in the square between four neighbours.
export function contour(values, n, level) {
  const pieces = [], place = (k) => [((k % n) + 0.5) / n, (Math.floor(k / n) + 0.5) / n];
  for (let k = 0; k < n * (n - 1); k++) {
    if (k % n === n - 1) continue;
    const ring = [k, k + 1, k + n + 1, k + n], crossed = [], above = values[k] > level;
    if (above === values[k + 1] > level && above === values[k + n] > level && above === values[k + n + 1] > level) {
      continue;
    }
    ring.forEach((a, i) => {
      const b = ring[(i + 1) % 4];
      if (values[a] > level === values[b] > level) return;
      const share = (level - values[a]) / (values[b] - values[a]), [xa, ya] = place(a), [xb, yb] = place(b);
      crossed.push([xa + share * (xb - xa), ya + share * (yb - ya)]);
    });
    for (let i = 0; i + 1 < crossed.length; i += 2) pieces.push([crossed[i], crossed[i + 1]]);
  }
  return pieces;
}

// Draws such pieces into a box.
export function drawContour({ ctx }, pieces, { x, y, w, h }, colour, width) {
  Object.assign(ctx, { strokeStyle: colour, lineWidth: width, lineCap: "round" });
  ctx.beginPath();
  for (const [[xa, ya], [xb, yb]] of pieces) {
    ctx.moveTo(x + xa * w, y + ya * h);
    ctx.lineTo(x + xb * w, y + yb * h);
  }
  ctx.stroke();
}
