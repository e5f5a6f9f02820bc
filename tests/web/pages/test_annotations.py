"""What people write beside the chart of a KPI: added, changed, withdrawn, shown and hidden."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.core.db import reading, transaction
from ops_console.measures.definition import Bounds
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.annotations import Annotation
from ops_console.scorecard.targets import set_target
from tests.web.pages.conftest import page, send

HERE = "/kpis/lead_time?period=2026-10"
ADD = "/kpis/lead_time/annotations?period=2026-10"
NOTE = {"note-text": "Code <b>freeze</b>", "note-kind": "note", "note-from": "2026-09-10", "note-scope": "workspace"}


@pytest.fixture
def sqlite(company_database: Engine) -> Engine:
    return company_database


def add(editor: FlaskClient, to: str = ADD, **changes: str) -> tuple[int, str]:
    return send(editor, HERE, to, **NOTE | {f"note-{name}": value for name, value in changes.items()})


def kept(engine: Engine) -> list[Annotation]:
    with reading(engine) as session:
        return list(session.scalars(select(Annotation).order_by(Annotation.id)))  # type: ignore[arg-type]


def chart(text: str) -> str:
    """The drawing and its table."""
    return text.split("<figure")[1].split("</figure>")[0]


def section(text: str) -> str:
    return text.split('id="annotations"')[1].split("</section>")[0]


def test_an_editor_writes_one_down_and_everybody_sees_it(editor: FlaskClient, sqlite: Engine) -> None:
    status, leads_to = add(editor)
    assert (status, leads_to) == (303, "/kpis/lead_time?period=2026-10#annotations")
    (row,) = kept(sqlite)
    assert (row.text, row.kpi, row.made_by) == ("Code <b>freeze</b>", "lead_time", "editor@example.com")
    assert (row.from_at, row.until_at) == (datetime(2026, 9, 9, 23, tzinfo=UTC), None)
    text = page(editor, HERE)
    assert "Annotations (1)" in text and "editor@example.com, 4 Nov 2026" in section(text)
    assert "10 Sep 2026: Code &lt;b&gt;freeze" in chart(text)
    assert "freeze" not in chart(page(editor, "/kpis/mttr?period=2026-10"))


def test_one_for_every_kpi_may_last_until_the_end_of_its_last_day(editor: FlaskClient, sqlite: Engine) -> None:
    add(editor, until="2026-09-12", every="true", kind="incident")
    (row,) = kept(sqlite)
    assert (row.kpi, row.until_at) == (None, datetime(2026, 9, 12, 23, tzinfo=UTC))
    assert "10 to 12 Sep 2026: Incident: Code" in chart(page(editor, "/kpis/mttr?period=2026-10"))


def test_one_written_on_the_page_of_a_team_is_about_that_team(editor: FlaskClient, sqlite: Engine) -> None:
    offered = page(editor, HERE + "&scope=team:Search")
    assert '<option value="team:Search">Team Search</option>' in offered.split('id="note-scope"')[1]
    add(editor, ADD + "&scope=team:Search", scope="team:Search")
    assert (kept(sqlite)[0].scope_kind, kept(sqlite)[0].scope_key) == ("team", "Search")
    assert "Annotations (1)" in page(editor, HERE + "&scope=team:Search")
    assert "Annotations (0)" in page(editor, HERE)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": " "}, "Say what happened, in one sentence."),
        ({"text": "x" * 301}, "these are 301"),
        ({"from": "yesterday"}, "Write the day as 2026-10-31."),
        ({"from": "0001-01-01"}, "Write the day as 2026-10-31."),
        ({"from": "9999-12-31"}, "Write the day as 2026-10-31."),
        ({"until": "soon"}, "Write the day as 2026-10-31."),
        ({"until": "2026-09-01"}, "It ends before it begins; swap the two days."),
        ({"kind": "target"}, "Choose one of the types offered."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    editor: FlaskClient, sqlite: Engine, wrong: dict[str, str], sentence: str
) -> None:
    status, text = add(editor, **wrong)
    assert status == 422 and kept(sqlite) == []
    assert "<title>Error: " in text and sentence in text
    assert re.search(r'<details[^>]* id="annotate" open', text)
    given = NOTE | {f"note-{name}": value for name, value in wrong.items()}
    assert f'value="{given["note-from"]}"' in text


def test_a_change_replaces_it_and_keeps_what_it_said(editor: FlaskClient, sqlite: Engine) -> None:
    add(editor)
    text = page(editor, HERE)
    address = re.search(r'href="(/kpis/lead_time[^"]*change=1)#annotate"', text)
    assert address is not None
    form = page(editor, address[1].replace("&amp;", "&"))
    assert 'value="Code &lt;b&gt;freeze&lt;/b&gt;"' in form and 'value="2026-09-10"' in form
    add(editor, ADD + "&change=1", text="Code freeze, lifted early")
    first, second = kept(sqlite)
    assert (first.withdrawn_by, first.replaced_by) == ("editor@example.com", second.id)
    text = page(editor, HERE)
    assert "Annotations (1)" in text and "Withdrawn (1)" in text
    assert "lifted early" in chart(text) and "&lt;b&gt;freeze" not in chart(text)


def test_withdrawing_needs_a_reason_and_keeps_who_and_when(editor: FlaskClient, sqlite: Engine) -> None:
    add(editor)
    to = "/kpis/lead_time/annotations/1/withdraw?period=2026-10&change=1"
    status, text = send(editor, HERE, to, **{"note-why": " "})
    assert status == 422 and "Say why" in text and kept(sqlite)[0].withdrawn_at is None
    assert send(editor, HERE, to, **{"note-why": "Wrong cluster"})[0] == 303
    text = page(editor, HERE)
    assert "Annotations (0)" in text and "editor@example.com, 4 Nov 2026" in section(text)
    assert "Wrong cluster" in section(text) and "freeze" not in chart(text)
    assert send(editor, HERE, to, **{"note-why": "Again"})[0] == 404


def test_viewers_read_and_write_nothing(viewer: FlaskClient, editor: FlaskClient, sqlite: Engine) -> None:
    add(editor)
    text = page(viewer, HERE)
    assert "Code &lt;b&gt;freeze" in section(text) and "<form" not in section(text)
    assert send(viewer, "/account", ADD, **NOTE)[0] == 403 and len(kept(sqlite)) == 1


def test_one_after_the_chart_is_listed_all_the_same(editor: FlaskClient) -> None:
    add(editor, **{"from": "2026-11-03"})
    text = page(editor, HERE)
    assert "Annotations (1)" in text and "3 Nov 2026" in section(text) and "freeze" not in chart(text)


def test_a_changed_target_appears_by_itself(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        began = datetime(2026, 9, 1, tzinfo=UTC)
        set_target(session, "lead_time", WORKSPACE, Bounds(high=864_000), began, "a.lee@example.com", "Q3 plan")
    text = page(viewer, HERE)
    assert "1 Sep 2026: Target &lt; 10 days: Q3 plan" in chart(text)
    assert "a.lee@example.com" in section(text)


def lanes(text: str) -> set[str]:
    return {word for word in ("releases", "incidents") if f">{word}</text>" in text.split('id="chart"')[1][:40_000]}


@pytest.mark.parametrize(
    ("shown", "drawn", "is_noted"),
    [
        ("", set(), True),
        ("&show=releases", {"releases"}, False),
        ("&show=releases,incidents,notes", {"releases", "incidents"}, True),
        ("&show=releases&show=notes", {"releases"}, True),
        ("&show=none", set(), False),
    ],
)
def test_the_address_says_what_the_chart_shows(
    editor: FlaskClient, shown: str, drawn: set[str], is_noted: bool
) -> None:
    add(editor)
    text = page(editor, HERE + shown)
    assert lanes(text) == drawn
    assert ("10 Sep 2026: Code" in chart(text)) is is_noted
    assert "Annotations (1)" in text
    told = re.findall(r"\d+ releases?(?=[;<])", chart(text))
    assert bool(told) is ("releases" in drawn)


def test_files_of_the_chart_show_what_the_page_shows(viewer: FlaskClient) -> None:
    files = page(viewer, HERE + "&show=releases").split('id="chart"')[1].split("</figure>")[0]
    address = re.search(r'href="(/kpis/lead_time\.png[^"]*)"', files)
    assert address is not None and "show=releases" in address[1]
    plain = viewer.get("/kpis/lead_time.png?period=2026-10")
    assert viewer.get(address[1].replace("&amp;", "&")).data != plain.data


def test_each_switch_is_a_link_that_turns_one_thing(viewer: FlaskClient) -> None:
    switches = page(viewer, HERE + "&show=releases").split('aria-label="Shown on the chart"')[1].split("</nav>")[0]
    asked = re.findall(r'show=([^"#]*)', switches)
    assert asked == ["none", "releases%2Cincidents", "releases%2Cnotes"]
    assert switches.count('aria-current="true"') == 1


def test_what_no_chart_shows_is_refused(viewer: FlaskClient) -> None:
    assert "Write releases, incidents, notes or none." in page(viewer, HERE + "&show=luck", 400)


def test_releases_are_counted_as_their_kpi_counts_them(viewer: FlaskClient) -> None:
    both = page(viewer, "/kpis/model_deployments?period=2026-10&show=releases")
    rows = re.findall(r"<tr><th scope=\"row\">[^<]+</th><td>(\d+)</td>.*?(\d+) releases?</td></tr>", chart(both))
    assert len(rows) > 10 and all(bar == lane for bar, lane in rows)


def test_a_page_with_many_stays_small(editor: FlaskClient, sqlite: Engine, statements: Callable[..., Any]) -> None:
    with transaction(sqlite) as session:
        for day in range(1, 31):
            at = datetime(2026, 9, day, tzinfo=UTC)
            session.add(
                Annotation(
                    kind="note",
                    text=f"Change {day} " + "x" * 80,
                    scope_kind="workspace",
                    from_at=at,
                    made_by="A",
                    made_at=at,
                )
            )
    with statements() as seen:
        text = page(editor, HERE + "&show=releases,incidents,notes")
    assert len(text.encode()) < 100_000 and len(seen) <= 30
    assert "+27 more in the data table" in text
