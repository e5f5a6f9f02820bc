"""`ops-console new integration`: folder, samples and test, and no name that could not work."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ops_console import kpis
from ops_console.cli.new import command
from ops_console.core.errors import BadInput

KEY = "argo_cd"


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source tree with nothing in it."""
    for folder in ("ops_console/kpis", "integrations", "tests/integrations"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr(kpis, "__path__", [str(tmp_path / "ops_console/kpis")])
    return tmp_path


def new(name: str) -> str:
    return CliRunner().invoke(command, ["integration", name], catch_exceptions=False).output


def files(tree: Path) -> list[str]:
    return sorted(path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file())


def test_it_says_what_it_wrote_and_what_comes_next(tree: Path) -> None:
    told = new(KEY)
    assert {f"integrations/{KEY}/{name}" for name in ("__init__.py", "collector.py", "webhook.py", "README.md")} | {
        f"integrations/{KEY}/samples/deployed.facts.json",
        f"tests/integrations/{KEY}/test_{KEY}.py",
    } <= set(files(tree))
    assert all(f"Wrote {name}\n" in told for name in files(tree))
    assert f"pytest tests/integrations/{KEY}" in told


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Argo-CD", "is no name for an integration. Write it in snake_case"),
        ("../github", "is no name for an integration"),
        ("a" * 51, "The name of an integration has 50 characters at most"),
        ("import", "is a word of Python"),
    ],
)
def test_a_bad_name_is_refused_and_nothing_is_written(tree: Path, name: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        new(name)
    assert files(tree) == []


@pytest.mark.parametrize("taken", [f"integrations/{KEY}", f"tests/integrations/{KEY}"])
def test_a_folder_that_is_there_is_kept(tree: Path, taken: str) -> None:
    (tree / taken).mkdir()
    with pytest.raises(BadInput, match=f"{taken} exists already"):
        new(KEY)
    assert files(tree) == []
