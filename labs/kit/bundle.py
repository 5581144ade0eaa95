"""One ES module made of several files: a page can load no second file.

Each file becomes a function that is called once and returns what the file exports, so names at the top of a file stay
its own. Understood are ``import { a, b } from "./file.js";``, ``import "./file.js";``, ``export`` before a const, a
function or a class, and ``export default`` in the last file.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"([^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|(?:async )?function|class) (\w+))", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_DEFINED = re.compile(r"^(?:export )?(?:const|let|(?:async )?function|class) (\w+)", re.MULTILINE)


@cache
def bundle(*files):
    """Put files and all that they import into one module, in the order in which they need each other.

    Parameters
    ----------
    *files : path
        The last one may have a default export, which is that of the module.

    Returns
    -------
    source : str

    Raises
    ------
    ValueError
        If a file is missing, imports what another does not export, defines a name twice, or imports itself by way of
        others.
    """
    made = {}  # path -> (name of the constant that holds its exports, names it exports)
    parts = [part for file in files for part in _modules(Path(file).resolve(), made, ())]
    name, exports = made[Path(files[-1]).resolve()]
    return "\n".join([*parts, *([f"export default {name}.default;"] if "default" in exports else []), ""])


def _modules(path, made, importers):
    """Yield the source of each module that a file needs and that is not in `made`, its own last."""
    if path in importers:
        circle = " imports ".join(file.name for file in [*importers[importers.index(path) :], path])
        raise ValueError(f"{circle}; imports that go one way are expected")
    if path in made:
        return
    if not path.exists():
        raise ValueError(f"{importers[-1].name if importers else 'a lab'} imports {path.name}, which does not exist")
    source, imports = path.read_text(encoding="utf-8"), []
    for found in _IMPORT.finditer(source):
        names, other = (found[1] or "").replace(",", " ").split(), (path.parent / found[2]).resolve()
        yield from _modules(other, made, (*importers, path))
        constant, exported = made[other]
        for name in names:
            if name not in exported:
                raise ValueError(f"{path.name} imports {name}, which {other.name} does not export")
        imports += [(names, constant)]
    defined = Counter([*_DEFINED.findall(source), *(name for names, _ in imports for name in names)])
    if twice := [name for name, times in defined.items() if times > 1]:
        raise ValueError(f"{path.name} defines {twice[0]} twice")
    exports = _EXPORT.findall(source) + ["default"] * len(_DEFAULT.findall(source))
    body = _DEFAULT.sub("const byDefault = ", _EXPORT.sub("", _IMPORT.sub("", source)))
    if left := re.search(r"^(?:import|export) .*", body, re.MULTILINE):
        raise ValueError(f'{path.name}: "{left[0]}" is not understood; see bundle.py for what is')
    made[path] = (constant := f"module{len(made) + 1}"), exports
    takes = [f"const {{ {', '.join(names)} }} = {module};" for names, module in imports if names]
    gives = ", ".join("default: byDefault" if name == "default" else name for name in exports)
    begin, end = f"// {path.name}\nconst {constant} = (() => {{", f"return {{ {gives} }};\n}})();"
    yield "\n".join([begin, *takes, body.strip(), end])
