// Numbers as Python writes them. JavaScript's own functions take the larger of two digits that are equally near;
// Python takes the even one.

// repr(x) of a float.
export function repr(x) {
  const size = Math.abs(x), written = Object.is(x, -0) ? "-0" : String(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return withExponent(x.toExponential());
  return written.includes(".") ? written : `${written}.0`;
}

// f"{x:.6g}"
export function general(x, digits = 6) {
  if (x === 0 || !Number.isFinite(x)) return Object.is(x, -0) ? "-0" : String(x);
  const [longer, power] = x.toExponential(digits).split("e");
  const isTie = longer.endsWith("5") && isExact(x, digits - power) && Number(`${longer}e${power}`) === x;
  const isOdd = isTie && Number(longer.replace(".", "").at(-2)) % 2;
  const rounded = isTie && !isOdd ? `${longer.slice(0, -1)}e${power}` : x.toExponential(digits - 1);
  const [mantissa, exponent] = rounded.split("e");
  const bare = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (exponent < -4 || exponent >= digits) return withExponent(`${bare(mantissa)}e${exponent}`);
  return bare(Number(rounded).toFixed(Math.max(0, digits - 1 - exponent)));
}

// f"{x:.3f}"
export function fixed(x, digits) {
  const size = Math.abs(x), scaled = size * 10 ** digits, isTie = scaled % 1 === 0.5 && isExact(x, digits + 1);
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  return sign + (isTie ? rint(scaled) / 10 ** digits : size).toFixed(digits);
}

// f"{n:,}" of a whole number.
export const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

// The nearest whole number, the even one of two; numpy's rint.
export function rint(x) {
  const down = Math.floor(x), rest = x - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

// Whether x ends after so many binary digits, as it does if it ends after so many decimal ones.
function isExact(x, digits) {
  return Number.isInteger(x * 2 ** Math.max(0, digits));
}

function withExponent(text) {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}
