"""The tree is the map: nothing unknown at the top, small files, no names that name a pattern."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {"orchestrator", "projects", "tasks", "tests", "manage.py", "pyproject.toml", "README.md", "docker-compose.yml"}
TOP |= {"Dockerfile", "LICENSE"}
MOST_LINES = 400
FORBIDDEN = {"services.py", "utils.py", "helpers.py", "managers.py", "signals.py", "selectors.py", "common.py"}


def tracked() -> list[Path]:
    """Files that git knows, or would take; in an export without git, all."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listing.returncode:
        return [file.relative_to(ROOT) for file in ROOT.rglob("*") if file.is_file() and ".venv" not in file.parts]
    return [Path(line) for line in listing.stdout.splitlines() if (ROOT / line).exists()]


def sources(*endings: str) -> list[Path]:
    return [file for file in tracked() if file.suffix in endings and "migrations" not in file.parts]


def test_the_top_level_holds_what_the_map_says_and_nothing_else():
    top = {file.parts[0] for file in tracked()}

    assert {name for name in top if not name.startswith(".")} <= TOP


def test_no_file_is_longer_than_one_can_hold_in_mind():
    long = {str(file): n for file in sources(".py", ".js", ".html", ".css") if (n := lines(file)) > MOST_LINES}

    assert not long


def lines(file: Path) -> int:
    return len((ROOT / file).read_text().splitlines())


def test_no_module_is_named_for_a_pattern():
    assert not [str(file) for file in sources(".py") if file.name in FORBIDDEN]


@pytest.mark.parametrize("folder", ["orchestrator", "projects", "tasks"])
def test_every_module_says_in_a_sentence_what_it_is(folder):
    silent = []
    for file in sources(".py"):
        tree = ast.parse((ROOT / file).read_text())
        if file.parts[0] == folder and tree.body and not ast.get_docstring(tree):
            silent.append(str(file))

    assert not silent


def test_no_catch_all_and_no_signals_in_the_product():
    marks = (
        "except Exception",
        "except BaseException",
        "@receiver",
        "|safe",
        "mark_safe",
        "import pickle",
        "csrf_exempt",
    )
    found = [
        f"{file}: {mark}"
        for file in sources(".py", ".html")
        for mark in marks
        if file.parts[0] != "tests" and mark in (ROOT / file).read_text()
    ]

    assert not found


def test_every_direct_dependency_is_pinned_and_the_rest_constrained():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    direct = project["project"]["dependencies"] + project["dependency-groups"]["dev"]

    assert all("==" in each for each in direct)
    assert len(project["tool"]["uv"]["constraint-dependencies"]) > 30
    assert "uv.lock" not in {str(file) for file in tracked()}
