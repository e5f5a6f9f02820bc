"""`ops-console new kpi`: two files that stand on their own, and no name that could not work."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ops_console import kpis
from ops_console.cli.new import command
from ops_console.core.errors import BadInput
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import FIRST_OWN

ROOT = Path(__file__).parents[2]
KEY = "drift_alerts"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree with nothing in it."""
    for folder in ("ops_console/kpis", "tests/kpis"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(kpis, "__path__", [str(tmp_path / "ops_console/kpis")])
    return tmp_path


def new(name: str) -> str:
    return CliRunner().invoke(command, ["kpi", name], catch_exceptions=False).output


def files(tree: Path) -> list[str]:
    return sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*.py"))


def test_it_says_what_it_wrote_and_what_comes_next(tree: Path) -> None:
    told = new(KEY)
    assert files(tree) == [f"ops_console/kpis/{KEY}.py", f"tests/kpis/test_{KEY}.py"]
    assert all(f"Wrote {name}\n" in told for name in files(tree))
    assert f"Run .venv/bin/python -m pytest tests/kpis/test_{KEY}.py" in told and '"Your own"' in told


def test_it_takes_the_first_number_behind_the_catalogue_that_is_free(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(KEY)
    assert f"number={max(FIRST_OWN, *(each.number + 1 for each in CATALOGUE.values()))}," in _text(tree, KEY)
    monkeypatch.setitem(CATALOGUE, "forty", CATALOGUE["mttr"].__class__(**_fields(number=40)))
    new("second")
    assert "number=41," in _text(tree, "second")


def _fields(**changes: object) -> dict[str, object]:
    one = CATALOGUE["mttr"]
    return {name: getattr(one, name) for name in type(one).__slots__} | changes


def _text(tree: Path, key: str) -> str:
    return (tree / f"ops_console/kpis/{key}.py").read_text("utf-8")


@pytest.mark.parametrize("name", [KEY, "a" * 50])
def test_the_files_are_formatted(tree: Path, name: str) -> None:
    new(name)
    words = (sys.executable, "-m", "ruff", "format", "--check", "--config", ROOT / "pyproject.toml", ".")
    done = subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_function_of_the_files_is_typed(tree: Path) -> None:
    new(KEY)
    nodes = [node for name in files(tree) for node in ast.walk(ast.parse((tree / name).read_text("utf-8")))]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    assert len(functions) > 3
    assert all(each.returns and all(argument.annotation for argument in each.args.args) for each in functions)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Hot-Fixes", "is no name for a KPI. Write it in snake_case"),
        ("hot__fixes", "is no name for a KPI"),
        ("2fast", "is no name for a KPI"),
        ("größe", "is no name for a KPI"),
        ("../mttr", "is no name for a KPI"),
        ("", "is no name for a KPI"),
        ("a" * 51, "has 50 characters at most"),
        ("lambda", "is a word of Python"),
        ("sum", "is a word of Python"),
        ("select", "means something else in the file of a KPI"),
        ("mttr", "There is a KPI 'mttr' already"),
    ],
)
def test_a_bad_name_is_refused_and_nothing_is_written(tree: Path, name: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        new(name)
    assert files(tree) == []


@pytest.mark.parametrize("taken", [f"ops_console/kpis/{KEY}.py", f"tests/kpis/test_{KEY}.py"])
def test_a_file_that_is_there_is_kept(tree: Path, taken: str) -> None:
    (tree / taken).write_text("mine", "utf-8")
    with pytest.raises(BadInput, match=f"{taken} exists already"):
        new(KEY)
    assert files(tree) == [taken] and (tree / taken).read_text("utf-8") == "mine"


def test_an_installed_copy_has_no_place_for_tests(tree: Path) -> None:
    (tree / "tests/kpis").rmdir()
    with pytest.raises(BadInput, match=r"There is no folder tests/kpis in .* Run the command in a copy of the source"):
        new(KEY)
    assert files(tree) == []
