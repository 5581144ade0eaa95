// The kernel without Python, as a page can use it: node kernel_in_page.js kernel.wasm TOLD. Prints what one run learns.
const fs = require("fs");

const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const told = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const memory = new WebAssembly.Memory({ initial: 256 });
let top = 1 << 20; // below is the stack

function take(bytes) {
  const at = top;
  top += Math.ceil(bytes / 64) * 64;
  return at;
}

const env = {
  memory, malloc: take, free: () => {}, exp: Math.exp, log1p: Math.log1p,
  __stack_pointer: new WebAssembly.Global({ value: "i32", mutable: true }, 1 << 20),
};
const { learn_all: learn } = new WebAssembly.Instance(module_, { env }).exports;

function put(Kind, numbers, convert) {
  const at = take(8 * numbers.length);
  new Kind(memory.buffer, at, numbers.length).set(numbers.map(convert));
  return at;
}

const wholes = (numbers) => put(BigInt64Array, numbers, BigInt), reals = (numbers) => put(Float64Array, numbers, Number);
const zeros = (n) => reals(Array(n).fill(0)), n_w = told.w[0].length, n = told.sweeps;
const w = reals(told.w.flat()), E = zeros(n);
const whole = [
  told.links.length, told.outputs.length, told.units, told.block, told.inputs.length, told.inputs[0].length, 1, n_w, 0, 1,
  0, 1, 0, n, +told.edge, 0,
];
const status = learn(
  wholes(told.links.flat().map(Number)), wholes(told.outputs), reals(told.inputs.flat()), reals(told.desired.flat()),
  reals(told.keep), reals(told.share), reals([told.epsilon]), reals([told.alpha]), w, zeros(n_w), zeros(4), 0, 0, E,
  zeros(n), wholes(whole), told.margin, 0,
);
if (status) throw new Error(`learn_all gave ${status}`);
console.log(JSON.stringify({
  imports: WebAssembly.Module.imports(module_).map(({ name }) => name),
  E: [...new Float64Array(memory.buffer, E, n)], w: [...new Float64Array(memory.buffer, w, n_w)],
}));
