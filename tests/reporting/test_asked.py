"""What a report tells of decisions: those that waited when it was made, and those that came since its month began."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from integrations.slack.message import message
from ops_console.contracts.document import Line, Lines, Note, Tone
from ops_console.core.clock import now
from ops_console.core.periods import parse
from ops_console.records.decisions import AskedDecision
from ops_console.records.people import Person
from ops_console.reporting.asked import MOST, asked
from ops_console.reporting.composing import document
from ops_console.reporting.efforts import Asked, AskedRow, DecidedRow
from ops_console.reporting.evidence import Evidence
from ops_console.reporting.snapshot import Snapshot, from_data
from reports.monthly_operations import REPORT
from tests.practices.stories import ANA, DAY, TODAY
from tests.reporting import snapshots

OCTOBER = parse("2026-10", ZoneInfo("Europe/London"))
WAITING = AskedRow("Fund a second region", "The ranker has one.", "Dana Fox", date(2026, 10, 30), 5)
DECIDED = DecidedRow("Name an owner.", "Risk owns it.", "Dana Fox", datetime(2026, 10, 14, 12, tzinfo=UTC))


def ask(session: Session, **changes: Any) -> None:
    usual = {"question": "Fund it", "why": "", "owner": "Dana Fox", "due_on": date(2026, 11, 10), "state": "asked"}
    usual |= {"answer": "", "made_by": ANA, "made_at": OCTOBER.start}
    session.add(AskedDecision(**usual | changes))
    session.flush()


def closed(session: Session, at: datetime, **changes: Any) -> None:
    ask(session, closed_at=at, answer="Yes", **{"state": "decided"} | changes)


def test_where_nobody_has_ever_asked_nothing_is_known(session: Session) -> None:
    assert asked(session, OCTOBER, TODAY) == Asked()


def test_what_waits_is_told_the_most_urgent_first_with_how_late_it_is(session: Session) -> None:
    ask(session, due_on=date(2026, 11, 10))
    ask(session, question="Name an owner", due_on=date(2026, 11, 1))
    found = asked(session, OCTOBER, TODAY)
    assert [(row.question, row.late_days) for row in found.rows] == [("Name an owner", 3), ("Fund it", -6)]
    assert (found.total, found.began, found.decided) == (2, True, ())


def test_answers_count_from_the_first_instant_of_the_month_to_when_the_report_was_made(session: Session) -> None:
    early = OCTOBER.start - 30 * DAY
    for at in (OCTOBER.start - DAY, OCTOBER.start, OCTOBER.end, TODAY):
        closed(session, at, question=f"{at:%-d %b}", made_at=early)
    closed(session, OCTOBER.start + DAY, state="withdrawn", made_at=early)
    found = asked(session, OCTOBER, TODAY)
    assert [row.question for row in found.decided] == ["30 Sep", "1 Nov"]
    assert [row.question for row in found.rows] == ["4 Nov"]
    assert (found.answers, found.total) == (2, 1)


def test_a_report_made_long_after_tells_what_stood_when_it_would_have_been_made(session: Session) -> None:
    after = OCTOBER.shifted(1).end
    ask(session, question="Before", due_on=date(2026, 11, 30))
    ask(session, question="Later", made_at=after)
    closed(session, after, question="Answered later")
    found = asked(session, OCTOBER, after + 90 * DAY)
    assert {row.question for row in found.rows} == {"Before", "Answered later"}
    assert found.rows[1].late_days == 1 and found.decided == ()


def test_people_are_called_by_name_and_many_are_counted(session: Session) -> None:
    session.add(
        Person(source="s", external_id="dana", email="dana@example.com", name="Dana", ingested_at=now(), fingerprint="")
    )
    for _ in range(MOST + 2):
        ask(session, owner="dana@example.com")
    found = asked(session, OCTOBER, TODAY)
    assert (len(found.rows), found.total, found.rows[0].owner) == (MOST, MOST + 2, "Dana")


def told(**of: Any) -> Snapshot:
    return snapshots.snapshot(evidence=replace(Evidence(), asked=Asked(**of)))


def blocks(of: Snapshot) -> list[Any]:
    parts = document(REPORT, of, "").sections
    return next((list(part.blocks)[1:] for part in parts if part.key == "decisions"), [])


def test_it_stands_behind_the_scorecard_on_every_channel() -> None:
    parts = document(REPORT, told(rows=(WAITING,), total=1, began=True), "").sections
    keys = [part.key for part in parts]
    assert keys.index("scorecard") + 1 == keys.index("decisions") == len(keys) - 3
    assert parts[keys.index("decisions")].channels == {"page", "email", "slack", "pdf"}


def test_each_says_who_decides_by_when_and_why() -> None:
    calm = replace(WAITING, why="", due_on=date(2026, 11, 30), late_days=-26)
    found = blocks(told(rows=(WAITING, calm), total=2, decided=(DECIDED,), answers=1, began=True))
    late = "Fund a second region: Dana Fox, by 30 Oct 2026 (5 days overdue). The ranker has one."
    assert found == [
        Lines(
            (
                Line(late, "▲", Tone.WATCH),
                Line("Fund a second region: Dana Fox, by 30 Nov 2026.", "○"),
                Line("Decided on 14 Oct 2026 by Dana Fox: Name an owner. Answer: Risk owns it.", "●", Tone.GOOD),
            )
        )
    ]


def test_what_has_no_room_is_counted_with_where_it_stands() -> None:
    found = blocks(told(rows=(WAITING,), total=3, decided=(DECIDED,), answers=2, began=True))
    assert found[1] == Note("+3 more in the console: https://console.example/decisions")


def test_however_many_are_asked_and_however_long_slack_takes_the_first_of_them() -> None:
    long = replace(WAITING, question="Fund it " * 37, why="One is not enough " * 16)
    busy = replace(
        snapshots.october(), evidence=replace(snapshots.EVIDENCE, asked=Asked((long,) * MOST, 9, began=True))
    )
    sent = message(document(REPORT, busy, "https://console.example/reports/runs/7"))
    assert sent.fits() and "Decisions asked*\\n▲ Fund it" in json.dumps(sent.blocks, ensure_ascii=False)


def test_where_all_is_answered_it_says_so_and_where_nobody_asks_it_is_not_there() -> None:
    assert blocks(told(began=True)) == [Note("Nothing waits for a decision.")]
    assert blocks(told()) == []


def test_a_report_from_before_it_was_told_comes_back() -> None:
    kept = snapshots.october().as_data()
    del kept["evidence"]["asked"]
    assert from_data(kept).evidence.asked == Asked()
