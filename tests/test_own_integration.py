"""An integration of one's own, made exactly as the README says, in a copy of the tree."""

import json
import re
import shutil
import sys

import pytest

from ops_console.core.db import engine_for
from ops_console.records.schema import metadata
from tests.test_architecture import FOLDERS, ROOT, files
from tests.test_own_kpi import Copy

SECTION = (ROOT / "README.md").read_text("utf-8").split("### An integration of your own\n")[1].split("\n### ")[0]
NEW, TEST = re.findall(r"^\$ (.+)$", SECTION, re.M)
KEY = NEW.split()[-1]
pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("own integration")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The steps of the README, one after the other."""
    folder = tmp_path_factory.mktemp("copy")
    for path in files(*FOLDERS, "app.py", "pyproject.toml", suffix=""):
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (folder / ".venv").symlink_to(sys.prefix)
    copy = Copy(folder, f"sqlite:///{folder / 'empty.db'}")
    engine = engine_for(copy.url)
    metadata.create_all(engine)
    engine.dispose()
    copy.done(NEW)
    copy.done(TEST)
    return copy


def test_it_stands_among_the_integrations_and_can_be_set_up(made: Copy) -> None:
    addresses = ("/integrations", f"/integrations/{KEY}/new")
    told = json.loads(made.done(f".venv/bin/python -m tests.web.looking {made.url} {' '.join(addresses)}"))
    title = KEY.replace("_", " ").capitalize()
    assert f"Set up {title}" in told[addresses[0]] and "bronze" in told[addresses[0]]
    assert "Address of the API" in told[addresses[1]]


def test_what_it_claims_is_tested(made: Copy) -> None:
    made.done(".venv/bin/python -m pytest tests/integrations/test_grades.py")


def test_its_files_pass_the_lint(made: Copy) -> None:
    mine = f"integrations/{KEY} tests/integrations/{KEY}"
    made.done(f".venv/bin/python -m ruff check --no-cache {mine}")
    made.done(f".venv/bin/python -m ruff format --check --no-cache {mine}")
    made.done(".venv/bin/lint-imports --no-cache")
