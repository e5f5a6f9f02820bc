"""The weekly review of the demo says all of it, in every channel, within their limits."""

import pytest

from integrations.email.html import LIMIT, html
from integrations.slack.message import message
from ops_console.contracts.document import Table
from ops_console.core.db import reading
from ops_console.core.periods import Grain, latest_complete
from ops_console.demo.story import LONDON
from ops_console.reporting.collecting import take
from ops_console.reporting.composing import document
from ops_console.reporting.packing import package
from ops_console.reporting.snapshot import Snapshot
from reports.weekly_review import REPORT
from tests.demo.conftest import Demo
from tests.demo.stories import ANCHOR
from tests.reporting.snapshots import facts

pytestmark = pytest.mark.xdist_group("demo")
WEEK = latest_complete(ANCHOR, Grain.WEEK, LONDON)


def of_week(demo: Demo, back: int = 0) -> Snapshot:
    period = WEEK.previous(back)
    told = facts(report=REPORT.key, title=REPORT.title, period=period.label, taken_at=ANCHOR)
    with reading(demo.engine) as session:
        return take(session, told, period)


@pytest.mark.parametrize("back", [0, 9])
def test_it_fits_slack_whole(demo: Demo, back: int) -> None:
    """The last week, and one of the bad month."""
    assert message(document(REPORT, of_week(demo, back), "https://console.example/reports/1")).fits()


def test_every_part_of_the_agenda_is_there(demo: Demo) -> None:
    made = document(REPORT, of_week(demo), "https://console.example/reports/1")
    keys = ["incidents", "slos", "cost", "oncall", "gates", "changes", "actions", "decisions", "data"]
    assert [part.key for part in made.sections] == keys
    assert made.title.startswith("MLOps weekly review: Week ")
    captions = {block.caption for part in made.sections for block in part.blocks if isinstance(block, Table)}
    assert {"By purpose", "Overdue actions"} <= captions


def test_what_the_month_cost_is_beside_the_week(demo: Demo) -> None:
    taken = of_week(demo)
    (month,) = taken.month
    week = taken.reading("cost_vs_budget")
    assert month.period.grain is Grain.MONTH and month.n is not None
    assert week is not None and week.n is None
    assert 0 < (week.k or 0) < (month.k or 0)


def test_the_mail_is_not_cut_and_its_pictures_and_pdf_are_small(demo: Demo) -> None:
    made = package(document(REPORT, of_week(demo, 9), "https://console.example/reports/1"))
    body = html(made.document, dict.fromkeys(made.images, "cid:1"))
    assert len(body.encode()) <= LIMIT
    assert made.images and all(len(image) <= 60_000 for image in made.images.values())
    assert [len(each.content) <= 2_000_000 for each in made.attachments] == [True]
