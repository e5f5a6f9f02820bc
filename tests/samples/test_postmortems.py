"""Seven post-mortems of a team that publishes them go into the console, and come out, without losing a section."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.db import transaction
from ops_console.practices.review_markdown import FENCE, Head, markdown
from ops_console.practices.review_pasting import paste
from ops_console.practices.review_versions import content
from ops_console.practices.review_writing import sections
from ops_console.records import audit
from tests.conftest import samples, skip_or_fail
from tests.practices.conftest import settled
from tests.practices.stories import ANA, TODAY, started
from tests.web.pages.builders import Workspace

pytestmark = [pytest.mark.samples, pytest.mark.xdist_group("samples of postmortems")]
NAMES = (
    "2024-02-28-decide-is-down",
    "2025-09-29-flags-is-down",
    "2025-10-03-surveys-sdk-bug",
    "2025-10-21-feature-flags-recurring-outages",
    "2025-11-15-persons-db-migration",
    "2025-11-26-shai-hulud-attack",
    "2026-01-17-replay-sdk-fetch-wrapper-incident",
)


@pytest.fixture(params=NAMES)
def document(request: pytest.FixtureRequest) -> str:
    path: Path = samples() / "postmortems" / "posthog" / f"{request.param}.md"
    if not path.is_file():
        skip_or_fail("samples", f"no post-mortems in {samples()}")
    return path.read_text("utf-8")


@pytest.fixture
def session(sqlite: Engine):  # type: ignore[no-untyped-def]
    with transaction(sqlite) as opened:
        settled(opened)
        yield opened


def pasted(session: Session, document: str) -> str:
    """What the review says as Markdown after the document was taken over."""
    rows = Workspace(session)
    review = started(session, rows.incident(rows.model(), TODAY))
    paste(session, review, document, ANA)
    assert paste(session, review, document, ANA) == 0
    return markdown(Head("Review", (), ZoneInfo("UTC")), content(session, review))


def headings(text: str) -> list[str]:
    """Every heading outside of code, in the order in which they stand."""
    found, is_code = [], False
    for line in text.splitlines():
        is_code ^= bool(FENCE.match(line))
        if not is_code and (heading := re.match(r"#{1,6}\s+(.+?)\s*#*$", line)):
            found.append(heading[1].lower())
    return found


def test_every_heading_comes_out_again(session: Session, document: str) -> None:
    assert set(headings(document)) <= set(headings(pasted(session, document)))


def test_every_line_comes_out_again(session: Session, document: str) -> None:
    out = pasted(session, document)
    lost = [line for line in document.splitlines() if not line.startswith("#") and line.strip() not in out]
    assert lost == []


def test_no_part_holds_all_of_a_document_that_has_parts(session: Session, document: str) -> None:
    rows = Workspace(session)
    review = started(session, rows.incident(rows.model(), TODAY))
    paste(session, review, document, ANA)
    longest = max(len(each.text) for each in sections(session, audit.number(review)))
    assert len(headings(document)) < 2 or longest < 0.8 * len(document)
