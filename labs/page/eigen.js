// Eigenvalues and eigenvectors of a symmetrical matrix: Householder's reflections make it tridiagonal, and QL steps
// with shifts make that diagonal (as tred2 and tql2 of EISPACK do).

// { values, vectors }: vectors[k], of length 1, belongs to values[k].
export function eigen(matrix) {
  const { rows, d, e } = tridiagonal(matrix.map((row) => Float64Array.from(row)));
  diagonal(rows, d, e);
  return { values: [...d], vectors: rows };
}

// The diagonal d and what is beside it, e (from 1 on), and the directions in which the matrix has them, as rows.
function tridiagonal(a) {
  const n = a.length, d = new Float64Array(n), e = new Float64Array(n), reflections = [];
  for (let k = n - 1; k > 1; k--) { // row k becomes 0 but for the last two places
    const row = a[k], v = row.slice(0, k), size = v.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (size === 0) continue;
    const long = size * Math.sqrt(v.reduce((sum, value) => sum + (value / size) ** 2, 0)), last = v[k - 1];
    const end = last > 0 ? -long : long;
    v[k - 1] -= end;
    const half = long * (long + Math.abs(last)); // |v|^2 / 2
    const p = new Float64Array(k);
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) p[i] += a[i][j] * v[j];
    let along = 0;
    for (let i = 0; i < k; i++) along += v[i] * (p[i] /= half);
    for (let i = 0; i < k; i++) p[i] -= (along / (2 * half)) * v[i];
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) a[i][j] -= v[i] * p[j] + p[i] * v[j];
    for (let i = 0; i < k; i++) row[i] = a[i][k] = i === k - 1 ? end : 0;
    reflections.push([v, half]);
  }
  for (let k = 0; k < n; k++) {
    d[k] = a[k][k];
    e[k] = k ? a[k][k - 1] : 0;
  }
  const rows = a.map((_, k) => Float64Array.from({ length: n }, (__, i) => Number(i === k)));
  for (const [v, half] of reflections.reverse()) {
    for (const row of rows) {
      let along = 0;
      for (let i = 0; i < v.length; i++) along += row[i] * v[i];
      for (let i = 0; i < v.length; i++) row[i] -= (along / half) * v[i];
    }
  }
  return { rows, d, e };
}

// Make d the eigenvalues, and turn the rows with it.
function diagonal(rows, d, e) {
  const n = d.length;
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let first = 0; first < n; first++) {
    for (let step = 0; step < 100; step++) {
      let end = first;
      while (end < n - 1 && Math.abs(e[end]) > Number.EPSILON * (Math.abs(d[end]) + Math.abs(d[end + 1]))) end++;
      if (end === first) break;
      const slope = (d[first + 1] - d[first]) / (2 * e[first]), root = Math.hypot(slope, 1);
      let g = d[end] - d[first] + e[first] / (slope + (slope < 0 ? -root : root)), s = 1, c = 1, shift = 0, k = end - 1;
      for (; k >= first; k--) {
        const f = s * e[k], b = c * e[k], r = Math.hypot(f, g);
        e[k + 1] = r;
        if (r === 0) break;
        [s, c] = [f / r, g / r];
        const centre = d[k + 1] - shift, turn = (d[k] - centre) * s + 2 * c * b;
        shift = s * turn;
        d[k + 1] = centre + shift;
        g = c * turn - b;
        const one = rows[k], other = rows[k + 1];
        for (let i = 0; i < n; i++) {
          const value = other[i];
          other[i] = s * one[i] + c * value;
          one[i] = c * one[i] - s * value;
        }
      }
      if (k >= first) { // r was 0: the matrix falls into two
        d[k + 1] -= shift;
        e[end] = 0;
        continue;
      }
      d[first] -= shift;
      e[first] = g;
      e[end] = 0;
    }
  }
}
