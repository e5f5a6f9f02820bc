"""`ops-console new`: the files of something of one's own, as an example that works from the first minute."""

import ast
import builtins
import keyword
import re
from collections.abc import Mapping
from pathlib import Path

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ops_console import kpis
from ops_console.core.errors import BadInput
from ops_console.measures.definition import FIRST_OWN, OWN

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 50
_JINJA = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=False,  # noqa: S701  (it writes Python, not a page)
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)
_NEXT = """
It is number {number} and counts releases until you say otherwise. Next:
  1. In {kpi}, let the select say what counts, and DEFINITION how it is called and judged.
  2. Run .venv/bin/python -m pytest {test}
  3. Start the console again. The next refresh computes its past; it stands on the scorecard under "{group}".
"""


_CONNECTED = """
It reads a list of deployments and takes webhooks of them. Next:
  1. In {folder}/deployments.py, put their words in the place of the example's; samples show payload in, facts out.
  2. Run .venv/bin/python -m pytest {test} tests/integrations/test_samples.py
  3. Start the console again. It stands on the page Integrations, where a source of it can be set up.
"""
_FILES = ("__init__.py", "deployments.py", "collector.py", "webhook.py", "README.md")
_SAMPLES = ("deployed.json", "deployed.facts.json", "starred.json", "starred.facts.json")


@click.group("new")
def command() -> None:
    """Write the files of a KPI or of an integration of your own."""


@command.command("kpi")
@click.argument("name")
def kpi(name: str) -> None:
    """Write a KPI and its test, as an example that works. NAME is its key in snake_case, such as hotfixes."""
    folder = Path(kpis.__path__[0])
    root = folder.parents[1]
    _refuse_misnamed(name, "a KPI", "hotfixes or drift_alerts")
    if name in kpis.CATALOGUE:
        raise BadInput(f"There is a KPI {name!r} already.", remedy="Choose another name.")
    number = max(FIRST_OWN, *(definition.number + 1 for definition in kpis.CATALOGUE.values()))
    values = {"name": name, "number": number, "title": name.replace("_", " ").capitalize()}
    texts = {
        folder / f"{name}.py": _text("kpi.py", values),
        root / "tests" / "kpis" / f"test_{name}.py": _text("test_kpi.py", values),
    }
    _refuse_used(name, texts[folder / f"{name}.py"])
    for path in texts:
        _refuse_existing(root, path)
    _write(root, texts)
    written = [path.relative_to(root).as_posix() for path in texts]
    click.echo(_NEXT.format(number=number, kpi=written[0], test=written[1], group=OWN), nl=False)


@command.command("integration")
@click.argument("name")
def integration(name: str) -> None:
    """Write an integration, its samples and its test, as an example that works. NAME is its key, such as argo_cd."""
    root = Path(kpis.__path__[0]).parents[1]
    folder, tests = root / "integrations" / name, root / "tests" / "integrations" / name
    _refuse_misnamed(name, "an integration", "argo_cd or seldon")
    values = {"name": name, "title": name.replace("_", " ").capitalize()}
    mine = (*_FILES, *(f"samples/{sample}" for sample in _SAMPLES))
    texts = {folder / path: _text(f"integration/{path}", values) for path in mine}
    texts |= {tests / "__init__.py": "", tests / f"test_{name}.py": _text("integration/test.py", values)}
    for path in (folder, tests):
        _refuse_existing(root, path)
    _write(root, texts)
    place, test = (path.relative_to(root).as_posix() for path in (folder, tests))
    click.echo(_CONNECTED.format(folder=place, test=test), nl=False)


def _text(template: str, values: Mapping[str, object]) -> str:
    return _JINJA.get_template(f"{template}.jinja").render(values)


def _refuse_misnamed(name: str, what: str, examples: str) -> None:
    if not SNAKE_CASE.fullmatch(name):
        raise BadInput(f"{name[:80]!r} is no name for {what}.", remedy=f"Write it in snake_case, such as {examples}.")
    if len(name) > LONGEST:
        raise BadInput(f"The name of {what} has {LONGEST} characters at most.", remedy="Shorten it.")
    if keyword.iskeyword(name) or hasattr(builtins, name):
        raise BadInput(f"{name!r} is a word of Python.", remedy="Choose one that says what it is.")


def _refuse_used(name: str, text: str) -> None:
    """The function is called as the KPI is, and must not hide what the file imports."""
    imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    if name in {alias.name for node in imports for alias in node.names}:
        raise BadInput(f"{name!r} means something else in the file of a KPI.", remedy="Choose another name.")


def _refuse_existing(root: Path, path: Path) -> None:
    if not path.parent.is_dir():
        where = path.parent.relative_to(root)
        raise BadInput(f"There is no folder {where} in {root}.", remedy="Run the command in a copy of the source.")
    if path.exists():
        raise BadInput(f"{path.relative_to(root)} exists already.", remedy="Choose another name.")


def _write(root: Path, texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        click.echo(f"Wrote {path.relative_to(root).as_posix()}")
