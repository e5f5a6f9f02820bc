"""`ops-console new`: the files of something of one's own, as an example that works from the first minute."""

import ast
import builtins
import keyword
import re
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


@click.group("new")
def command() -> None:
    """Write the files of a KPI of your own."""


@command.command("kpi")
@click.argument("name")
def kpi(name: str) -> None:
    """Write a KPI and its test, as an example that works. NAME is its key in snake_case, such as hotfixes."""
    folder = Path(kpis.__path__[0])
    root = folder.parents[1]
    _refuse_misnamed(name)
    number = max(FIRST_OWN, *(definition.number + 1 for definition in kpis.CATALOGUE.values()))
    values = {"name": name, "number": number, "title": name.replace("_", " ").capitalize()}
    texts = {
        folder / f"{name}.py": _JINJA.get_template("kpi.py.jinja").render(values),
        root / "tests" / "kpis" / f"test_{name}.py": _JINJA.get_template("test_kpi.py.jinja").render(values),
    }
    _refuse_used(name, texts[folder / f"{name}.py"])
    _write(root, texts)
    written = [path.relative_to(root).as_posix() for path in texts]
    for path in written:
        click.echo(f"Wrote {path}")
    click.echo(_NEXT.format(number=number, kpi=written[0], test=written[1], group=OWN), nl=False)


def _refuse_misnamed(name: str) -> None:
    remedy = "Write it in snake_case, such as hotfixes or drift_alerts."
    if not SNAKE_CASE.fullmatch(name):
        raise BadInput(f"{name[:80]!r} is no name for a KPI.", remedy=remedy)
    if len(name) > LONGEST:
        raise BadInput(f"The name of a KPI has {LONGEST} characters at most.", remedy="Shorten it.")
    if keyword.iskeyword(name) or hasattr(builtins, name):
        raise BadInput(f"{name!r} is a word of Python.", remedy="Choose one that says what is measured.")
    if name in kpis.CATALOGUE:
        raise BadInput(f"There is a KPI {name!r} already.", remedy="Choose another name.")


def _refuse_used(name: str, text: str) -> None:
    """The function is called as the KPI is, and must not hide what the file imports."""
    imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    if name in {alias.name for node in imports for alias in node.names}:
        raise BadInput(f"{name!r} means something else in the file of a KPI.", remedy="Choose another name.")


def _write(root: Path, texts: dict[Path, str]) -> None:
    """Both files or neither, and none over another."""
    for path in texts:
        if not path.parent.is_dir():
            where = path.parent.relative_to(root)
            raise BadInput(f"There is no folder {where} in {root}.", remedy="Run the command in a copy of the source.")
        if path.exists():
            raise BadInput(f"{path.relative_to(root)} exists already.", remedy="Choose another name.")
    for path, text in texts.items():
        path.write_text(text, "utf-8")
