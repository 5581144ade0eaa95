"""CITATION.cff is complete, and of the version that the project is."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_it_names_the_version_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.search(r"^version: (.+)$", CITATION, re.MULTILINE).group(1) == project["version"]
    assert re.search(r"^license: (.+)$", CITATION, re.MULTILINE).group(1) == project["license"]


def test_it_has_what_the_format_and_its_readers_ask_for():
    keys = set(re.findall(r"^([a-z-]+):", CITATION, re.MULTILINE))
    needed = {"cff-version", "message", "title", "type", "authors", "version", "date-released", "abstract", "keywords"}
    assert needed | {"license", "references"} <= keys
    assert re.search(r"^date-released: \d{4}-\d\d-\d\d$", CITATION, re.MULTILINE)


def test_every_source_of_the_table_of_replications_is_there():
    page = (ROOT / "docs" / "replications.md").read_text(encoding="utf-8")
    table, _, sources = page.partition("## Sources")
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", table)}
    listed = {int(number) for number in re.findall(r"^(\d+)\. ", sources, re.MULTILINE)}
    assert cited == listed == set(range(1, len(listed) + 1))


def test_every_row_of_the_tables_has_a_source_or_a_command():
    page = (ROOT / "docs" / "replications.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if cells[0] not in {"who", "the paper"}:
            assert re.search(r"\[\d+\]|`python", cells[-1]), row
