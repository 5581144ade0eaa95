// Runs a Python file in Pyodide, the Python of a browser: node in_pyodide.js PYODIDE ROOT SCRATCH FILE
// PYODIDE is a folder with Pyodide and its numpy; ROOT of the project is /root_of_lab there, SCRATCH /scratch.
const fs = require("fs");
const path = require("path");

const [pyodide, root, scratch, file] = process.argv.slice(2);
const { loadPyodide, version } = require(path.join(pyodide, "pyodide.js"));

async function main() {
  const lock = path.join(scratch, "pyodide-lock.json");
  fs.writeFileSync(lock, JSON.stringify({ info: { version, arch: "wasm32" }, packages: {} }));
  const python = await loadPyodide({ indexURL: pyodide + path.sep, lockFileURL: lock });
  const wheel = fs.readdirSync(pyodide).find((name) => /^numpy-.*\.whl$/.test(name));
  python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(pyodide, wheel))), "wheel");
  for (const [there, here] of [["/root_of_lab", root], ["/scratch", scratch]]) {
    python.FS.mkdirTree(there);
    python.FS.mount(python.FS.filesystems.NODEFS, { root: here }, there);
  }
  python.runPython("import sys; sys.path.insert(0, '/root_of_lab'); sys.dont_write_bytecode = True");
  await python.runPythonAsync(fs.readFileSync(file, "utf8"));
}

main().catch((wrong) => {
  console.error(wrong);
  process.exit(1);
});
