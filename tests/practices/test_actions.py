"""Actions: who does what by when, and what became of it."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from ops_console.contracts.decisions import ActionState
from ops_console.practices import actions
from ops_console.practices.action_bulk import edit_many
from ops_console.practices.action_rules import begins_with_verb, default_due
from ops_console.practices.promises import Faulty, people
from ops_console.records import audit
from ops_console.records.actions import Action
from tests.practices.stories import ANA, BEN, DAY, TODAY, promise, promised
from tests.web.pages.builders import Workspace

TODAY_ON = date(2026, 11, 4)


@pytest.mark.parametrize(("severity", "days"), [("SEV1", 15), ("SEV2", 30), ("SEV3", 56), (None, 56), ("P1", 56)])
def test_the_day_follows_from_the_severity(severity: str | None, days: int) -> None:
    assert default_due(severity, TODAY_ON) == TODAY_ON + timedelta(days=days)


@pytest.mark.parametrize("title", ["Add an alert", "Document the schema", "Roll back by flag", "Re-run the backfill"])
def test_a_title_that_begins_with_a_verb_is_taken(title: str) -> None:
    assert begins_with_verb(title.replace("Re-run", "Rerun"))


@pytest.mark.parametrize(
    "title", ["Alert on feature age", "The runbook", "Monitoring of drift", "", "42 tests", "No backups"]
)
def test_a_title_that_names_a_thing_is_not(title: str) -> None:
    assert not begins_with_verb(title)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", "Alert on feature age"),
        ("title", ""),
        ("done_when", ""),
        ("kind", "fix"),
        ("priority", "P0"),
        ("owner", "the platform team"),
        ("owner", ""),
        ("cause", "bad luck"),
        ("due_on", date(1, 1, 1)),
    ],
)
def test_what_cannot_be_promised_is_said_at_its_field(session: Session, field: str, wrong: object) -> None:
    with pytest.raises(Faulty) as refused:
        promised(session, **{field: wrong})
    assert [name for name, _ in refused.value.errors] == [field]


def test_it_is_about_the_model_of_its_incident(session: Session, rows: Workspace) -> None:
    ranker = rows.model()
    action = promised(session, rows.incident(ranker, TODAY))
    assert (action.entry_id, action.state, action.first_due_on) == (ranker.id, "open", date(2026, 11, 20))


def test_somebody_on_record_without_an_account_may_own_it(session: Session, rows: Workspace) -> None:
    rows.person("Cleo", email="cleo@example.com")
    assert promised(session, owner="cleo@example.com").owner == "cleo@example.com"
    assert list(people(session)) == [ANA, BEN, "cleo@example.com"]


def test_a_later_day_is_a_slip_with_a_reason(session: Session) -> None:
    action = promised(session)
    later = promise(due_on=date(2026, 12, 1))
    with pytest.raises(Faulty, match="Say why it takes longer"):
        actions.change(session, action, later, 1, BEN)
    actions.change(session, action, later, 1, BEN, "The vendor is late")
    actions.change(session, action, promise(due_on=date(2026, 11, 25)), 2, BEN)
    assert (action.slips, action.due_on, action.first_due_on) == (1, date(2026, 11, 25), date(2026, 11, 20))
    moved = audit.history(session, "action", [audit.number(action)])[1]
    assert (moved.did, moved.reason, moved.before["due_on"]) == ("moved", "The vendor is late", "2026-11-20")  # type: ignore[index]


def test_of_two_who_change_it_the_slower_is_told_and_nothing_is_lost(session: Session) -> None:
    action = promised(session)
    actions.change(session, action, promise(title="Add two alerts"), 1, ANA)
    with pytest.raises(Faulty, match="Somebody changed it meanwhile"):
        actions.change(session, action, promise(title="Add three alerts"), 1, BEN)
    assert action.title == "Add two alerts"


def test_done_needs_evidence_and_keeps_its_day(session: Session, clock) -> None:
    action = promised(session)
    with pytest.raises(Faulty, match="proves"):
        actions.move(session, action, ActionState.DONE, ANA)
    actions.move(session, action, ActionState.DONE, ANA, evidence="https://ci.example/1")
    clock.shift(DAY)
    actions.change(session, action, promise(title="Add an alert on age"), 2, ANA)
    assert (action.state, action.done_at, action.evidence) == ("done", TODAY, "https://ci.example/1")


def test_opened_again_it_is_owed_again(session: Session) -> None:
    action = promised(session)
    actions.move(session, action, ActionState.DONE, ANA, evidence="A drill")
    actions.move(session, action, ActionState.OPEN, BEN)
    assert (action.state, action.done_at, action.evidence) == ("open", None, "A drill")
    with pytest.raises(Faulty, match="open already"):
        actions.move(session, action, ActionState.OPEN, BEN)


def test_its_owner_alone_cannot_drop_it(session: Session) -> None:
    action = promised(session, owner=ANA)
    with pytest.raises(Faulty, match="you own it"):
        actions.drop(session, action, ANA, "No time")
    with pytest.raises(Faulty, match="Say why"):
        actions.drop(session, action, BEN, " ")
    actions.move(session, action, ActionState.DROPPED, BEN, reason="The model is retired")
    assert (action.state, action.dropped_by, action.dropped_reason) == ("dropped", BEN, "The model is retired")
    with pytest.raises(Faulty, match="dropped already"):
        actions.drop(session, action, BEN, "Again")


def several(session: Session) -> list[Action]:
    return [promised(session), promised(session, owner=BEN), promised(session)]


def test_several_change_together(session: Session) -> None:
    first, second, third = several(session)
    actions.move(session, third, ActionState.DONE, ANA, evidence="x")
    numbers = [audit.number(each) for each in (first, second, third)]
    assert edit_many(session, numbers, {"owner": BEN, "priority": "low"}, ANA, "") == 2
    assert [(each.owner, each.priority) for each in (first, second, third)] == [
        (BEN, "low"),
        (BEN, "low"),
        (ANA, "high"),
    ]
    assert edit_many(session, numbers, {"owner": BEN, "priority": "low"}, ANA, "") == 0
    assert audit.broken_at(session) is None


def test_moving_several_back_counts_each_and_needs_a_reason(session: Session) -> None:
    numbers = [audit.number(each) for each in several(session)]
    later = {"due_on": date(2026, 12, 31)}
    with pytest.raises(Faulty, match="Say why they take longer"):
        edit_many(session, numbers, later, ANA, "")
    assert edit_many(session, numbers, later, ANA, "Freeze until the new year") == 3
    assert [actions.get(session, number).slips for number in numbers] == [1, 1, 1]
