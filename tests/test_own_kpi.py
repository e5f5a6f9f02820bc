"""A KPI of one's own, made exactly as the README says, in a copy of the tree."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine

from ops_console.core.db import engine_for
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from tests.test_architecture import FOLDERS, ROOT, files
from tests.web import company

SECTION = (ROOT / "README.md").read_text("utf-8").split("### A KPI of your own\n")[1].split("\n## ")[0]
NEW, TEST, MEASURE = re.findall(r"^\$ (.+)$", SECTION, re.M)
(LINE,) = re.findall(r"```python\n(.+)\n```", SECTION)
KEY, TITLE = NEW.split()[-1], NEW.split()[-1].capitalize()
PAGES = {
    "scorecard": "/kpis?period=2026-10",
    "kpi": f"/kpis/{KEY}?period=2026-10",
    "api": "/api/v1/kpis?period=2026-10",
    "help": "/help/definitions",
    "report": "/reports/monthly_operations/preview?period=2026-10",
}
BROKEN = {
    "wrong_instant": ("col(Release.live_at).label", "col(Release.started_at).label"),
    "wrong_model": ("col(Release.entry_id)", "literal(0)"),
    "wrong_place": (" == PRODUCTION", ' == "staging"'),
    "nothing_counts": ("else_=null()", 'else_=literal("nothing counts")'),
    "everything_counts": ("why_not.label", "null().label"),
}
"""Ways to break the select: what stands there, and what a slip would make of it."""
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("own kpi")]


@dataclass(frozen=True)
class Copy:
    """The tree again, with the environment where the README expects it and a workspace of its own."""

    folder: Path
    url: str

    @property
    def kpi(self) -> Path:
        return self.folder / "ops_console" / "kpis" / f"{KEY}.py"

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        own = {"PYTHONPATH": str(self.folder), "OPS_CONSOLE_DATABASE_URL": self.url}
        kept = {name: value for name, value in os.environ.items() if name != "OPS_CONSOLE_TEST_POSTGRES"}
        words = shlex.split(command)
        return subprocess.run(words, cwd=self.folder, env=kept | own, capture_output=True, text=True, check=False)

    def done(self, command: str) -> str:
        finished = self.run(command)
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    def change(self, pattern: str, text: str) -> None:
        """Put a text in place of the one that the pattern finds."""
        changed, number = re.subn(pattern, text.replace("\\", r"\\"), self.kpi.read_text("utf-8"), flags=re.M)
        assert number == 1
        self.kpi.write_text(changed, "utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    folder = tmp_path_factory.mktemp("copy")
    for path in files(*FOLDERS, "app.py", "pyproject.toml", suffix=""):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (folder / ".venv").symlink_to(sys.prefix)
    with time_machine.travel(company.NOW):
        company.as_bytes(folder / "company.db")
    return Copy(folder, f"sqlite:///{folder / 'company.db'}")


@pytest.fixture(scope="module")
def made(copy: Copy) -> Copy:
    """The steps of the README, one after the other."""
    copy.done(NEW)
    copy.change(r"^    why_not = .*$", LINE)
    copy.done(TEST)
    engine = engine_for(copy.url)
    with time_machine.travel(company.NOW):
        import_rows(engine, list(_hotfixes()), Delivery("deployments", source="test", covers_until=company.NOW))
    engine.dispose()
    copy.done(MEASURE)
    return copy


def _hotfixes() -> Iterator[dict[str, str]]:
    fixed = {"model": "ranker", "environment": "production", "status": "succeeded", "kind": "hotfix"}
    for day in ("03", "17"):
        yield fixed | {"external_id": day, "version": f"9.{day}", "finished_at": f"2026-10-{day}T08:00:00Z"}


@pytest.fixture(scope="module")
def shown(made: Copy) -> dict[str, str]:
    """What the console says at each of the pages."""
    asked = " ".join(shlex.quote(address) for address in PAGES.values())
    told = json.loads(made.done(f".venv/bin/python -m tests.web.looking {made.url} {asked}"))
    return {name: told[address] for name, address in PAGES.items()}


def test_it_stands_on_the_scorecard_under_your_own(shown: dict[str, str]) -> None:
    row = shown["scorecard"].split("Your own</th>")[1]
    assert re.search(rf">{TITLE}</a></th>\s*<td class=\"n figure\"><strong>2</strong>", row)


def test_it_has_a_page_with_the_rows_behind_it_and_those_left_out(shown: dict[str, str]) -> None:
    assert "2 counted, 12 left out" in shown["kpi"] and "no hotfix" in shown["kpi"]


def test_the_api_knows_its_definition_and_reading(shown: dict[str, str]) -> None:
    found = {kpi["key"]: kpi for kpi in json.loads(shown["api"])["kpis"]}[KEY]
    assert (found["title"], found["reading"]["value"], found["reading"]["excluded"]) == (TITLE, 2, {"no hotfix": 12})


def test_the_help_defines_it(shown: dict[str, str]) -> None:
    assert f'id="{KEY}"' in shown["help"] and "Releases that went live in production" in shown["help"]


def test_the_monthly_report_lists_it_and_its_formula(shown: dict[str, str]) -> None:
    scorecard, method = shown["report"].split("Scorecard</h2>")[1].split("Method</h2>")
    assert TITLE in scorecard and TITLE in method


def test_its_files_pass_the_lint(made: Copy) -> None:
    made.done(f".venv/bin/python -m ruff check --no-cache ops_console/kpis/{KEY}.py tests/kpis/test_{KEY}.py")
    made.done(f".venv/bin/python -m ruff format --check --no-cache ops_console/kpis/{KEY}.py")


@pytest.fixture(scope="module")
def judged(made: Copy, shown: dict[str, str]) -> str:
    """What pytest says of the KPI among all others, and of a broken copy of it for each way to break it."""
    tests = made.folder / "tests" / "kpis"
    works, test = made.kpi.read_text("utf-8"), (tests / f"test_{KEY}.py").read_text("utf-8")
    for name, (right, wrong) in BROKEN.items():
        assert works.count(right) == 1
        made.kpi.with_stem(name).write_text(works.replace(right, wrong).replace(KEY, name), "utf-8")
        (tests / f"test_{name}.py").write_text(test.replace(KEY, name), "utf-8")
    kinds = " or ".join((KEY, *BROKEN))
    asked = " ".join(f"tests/kpis/test_{name}.py" for name in ("catalogue", KEY, *BROKEN))
    return made.run(f".venv/bin/python -m pytest -n 0 {asked} -k 'not postgres and ({kinds})'").stdout


def test_it_keeps_every_promise_of_a_kpi(judged: str) -> None:
    assert "FAILED tests/kpis/test_catalogue.py" not in judged and f"FAILED tests/kpis/test_{KEY}.py" not in judged
    assert " passed" in judged


@pytest.mark.parametrize("name", BROKEN)
def test_its_test_fails_when_the_select_is_broken(judged: str, name: str) -> None:
    assert f"FAILED tests/kpis/test_{name}.py" in judged
