"""Ninety days later: effective, recurred, or unproven, with the exposure behind it."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from ops_console.contracts.decisions import ActionState
from ops_console.practices import actions
from ops_console.practices.similar import similar
from ops_console.practices.verdicts import Verdict, verdicts
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from tests.practices.stories import ANA, DAY, HOUR, TODAY, complete, promised
from tests.web.pages.builders import Workspace

LATER = TODAY + 91 * DAY


@pytest.fixture
def ranker(rows: Workspace) -> CatalogEntry:
    return rows.model(lifecycle="production")


def done(session: Session, rows: Workspace, ranker: CatalogEntry, cause: str = "capacity", **changes: Any) -> Action:
    """An action done today about an incident of yesterday."""
    action = promised(session, rows.incident(ranker, TODAY - DAY, kind="service"), cause=cause, **changes)
    return actions.move(session, action, ActionState.DONE, ANA, evidence="A load test")


def verdict(session: Session, action: Action, at: datetime = LATER) -> Verdict:
    return verdicts(session, [action], at)[audit.number(action)]


def again(
    session: Session, rows: Workspace, ranker: CatalogEntry, days: int, *factors: str, kind: str = "service"
) -> Incident:
    incident = rows.incident(ranker, TODAY + days * DAY, kind=kind)
    if factors:
        complete(session, incident, *factors)
    return incident


def test_it_is_watched_for_ninety_days(session: Session, rows: Workspace, ranker: CatalogEntry) -> None:
    action = done(session, rows, ranker)
    found = verdict(session, action, TODAY + 30 * DAY)
    assert (found.effect, found.until, found.exposure) == ("watching", TODAY + 90 * DAY, 30)


def test_without_a_recurrence_it_was_effective(session: Session, rows: Workspace, ranker: CatalogEntry) -> None:
    found = verdict(session, done(session, rows, ranker))
    assert (found.effect, found.exposure, found.counts_releases) == ("effective", 90, False)


def test_an_incident_with_the_same_factor_is_a_recurrence(
    session: Session, rows: Workspace, ranker: CatalogEntry
) -> None:
    action = done(session, rows, ranker)
    back = again(session, rows, ranker, 20, "missing_alert", "capacity")
    for at in (TODAY + 30 * DAY, LATER):
        judged = verdict(session, action, at)
        assert (judged.effect, judged.incident_id, judged.incident) == ("recurred", back.id, back.external_id)


@pytest.mark.parametrize(("days", "factor"), [(20, "missing_alert"), (95, "capacity")])
def test_another_factor_or_a_later_time_is_none(
    session: Session, rows: Workspace, ranker: CatalogEntry, days: int, factor: str
) -> None:
    action = done(session, rows, ranker)
    again(session, rows, ranker, days, factor)
    assert verdict(session, action, LATER + 30 * DAY).effect == "effective"


def test_another_model_proves_nothing_against_it(session: Session, rows: Workspace, ranker: CatalogEntry) -> None:
    action = done(session, rows, ranker)
    again(session, rows, rows.model("fraud"), 20, "capacity")
    assert verdict(session, action).effect == "effective"


def test_a_similar_incident_nobody_reviewed_leaves_it_unproven(
    session: Session, rows: Workspace, ranker: CatalogEntry
) -> None:
    action = done(session, rows, ranker)
    again(session, rows, ranker, 20)
    again(session, rows, ranker, 30, kind="cost")
    assert (verdict(session, action).effect, verdict(session, action).unreviewed) == ("unproven", 1)


def test_a_model_that_did_not_serve_leaves_it_unproven(session: Session, rows: Workspace, ranker: CatalogEntry) -> None:
    action = done(session, rows, ranker)
    rows.moved(ranker, TODAY + 59 * DAY, lifecycle="retired")
    assert (verdict(session, action).effect, verdict(session, action).exposure) == ("unproven", 59)


@pytest.mark.parametrize(("releases", "effect"), [(2, "unproven"), (3, "effective")])
def test_what_shows_with_releases_is_measured_in_releases(
    session: Session, rows: Workspace, ranker: CatalogEntry, releases: int, effect: str
) -> None:
    action = done(session, rows, ranker, cause="model_release")
    for number in range(releases):
        rows.release(ranker, str(number), TODAY + (number + 1) * DAY)
    rows.release(ranker, "restarted", TODAY + DAY, kind="restart")
    found = verdict(session, action)
    assert (found.effect, found.exposure, found.counts_releases) == (effect, releases, True)


def test_what_is_owed_or_names_no_factor_has_no_verdict(
    session: Session, rows: Workspace, ranker: CatalogEntry
) -> None:
    owed = promised(session, rows.incident(ranker, TODAY), cause="capacity")
    no_factor = done(session, rows, ranker, cause=None)  # type: ignore[arg-type]
    assert verdicts(session, [owed, no_factor], LATER) == {}


def test_a_recurrence_reopens_the_question_and_not_the_action(
    session: Session, rows: Workspace, ranker: CatalogEntry
) -> None:
    action = done(session, rows, ranker)
    again(session, rows, ranker, 20, "capacity")
    verdict(session, action)
    assert action.state == "done"


def test_many_actions_take_as_many_statements_as_one(
    session: Session, rows: Workspace, ranker: CatalogEntry, counted
) -> None:
    one = [done(session, rows, ranker)]
    many = one + [done(session, rows, ranker, cause=cause) for cause in ("dependency", "model_release", "security")]
    again(session, rows, ranker, 20, "capacity")
    session.flush()
    assert counted(lambda: verdicts(session, one, LATER)) == counted(lambda: verdicts(session, many, LATER)) <= 6


def test_similar_incidents_are_earlier_ones_of_its_kind_on_its_model(
    session: Session, rows: Workspace, ranker: CatalogEntry
) -> None:
    old = rows.incident(ranker, TODAY - 300 * DAY, kind="service")
    recent = rows.incident(ranker, TODAY - DAY, kind="service")
    rows.incident(ranker, TODAY - DAY, kind="cost")
    rows.incident(ranker, TODAY - DAY, kind="service", false_positive=True)
    this = rows.incident(ranker, TODAY - HOUR, kind="service")
    rows.incident(ranker, TODAY, kind="service")
    assert similar(session, this) == [recent, old]
