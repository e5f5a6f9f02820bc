"""The demo's people review incidents and keep most promises; a top-up tells what a rebuild would."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine, select

from ops_console.core.clock import EPOCH
from ops_console.core.db import reading
from ops_console.practices.review_versions import hash_of
from ops_console.practices.verdicts import verdicts
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.decisions import AskedDecision
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview, ReviewVersion
from ops_console.records.runbooks import RunbookEvent
from ops_console.records.trackers import ActionLink
from tests.demo.conftest import Demo, Topped
from tests.demo.stories import ANCHOR

pytestmark = pytest.mark.xdist_group("demo")


def told(engine: Engine) -> tuple[list[Any], ...]:
    """Reviews, actions with their tickets, and runbooks by the incident they are about, and what was asked, without
    numbers of rows.
    """
    with reading(engine) as session:
        reviews = session.execute(
            select(Incident.external_id, IncidentReview.held_at, IncidentReview.author, IncidentReview.state).join(  # type: ignore[call-overload]
                Incident, Incident.id == IncidentReview.incident_id
            )
        )
        actions = session.execute(
            select(Incident.external_id, Action.title, Action.owner, Action.state, Action.done_at, Action.due_on).join(  # type: ignore[call-overload]
                Incident, Incident.id == Action.incident_id
            )
        )
        tickets = session.execute(
            select(Incident.external_id, Action.title, ActionLink.here, ActionLink.there, ActionLink.clashes)  # type: ignore[call-overload]
            .join(Action, Action.id == ActionLink.action_id)
            .join(Incident, Incident.id == Action.incident_id)
        )
        runbooks = session.execute(
            select(Incident.external_id, RunbookEvent.happened, RunbookEvent.on, RunbookEvent.worked).join(  # type: ignore[call-overload]
                Incident, Incident.id == RunbookEvent.incident_id
            )
        )
        asked = session.execute(
            select(AskedDecision.question, AskedDecision.due_on, AskedDecision.state, AskedDecision.answer)  # type: ignore[call-overload]
        )
        return tuple(
            sorted(map(tuple, rows), key=lambda row: row[:2]) for rows in (reviews, actions, tickets, runbooks, asked)
        )


def test_reviews_are_approved_frozen_and_sometimes_late(demo: Demo) -> None:
    with reading(demo.engine) as session:
        reviews = session.scalars(select(IncidentReview)).all()
        versions = session.scalars(select(ReviewVersion)).all()
        assert audit.broken_at(session) is None
    states = Counter(review.state for review in reviews)
    assert states["closed"] == len(versions) > 10
    assert states["in_review"] == 1 and states.total() - states["closed"] - 1 == states["waived"]
    assert all(review.waived_reason and not review.held_at for review in reviews if review.state == "waived")
    assert all(version.content_hash == hash_of(version.content) for version in versions)
    late = sum((review.held_at or EPOCH) > (review.late_at or EPOCH) for review in reviews)
    assert 0 < late < len(reviews) / 2


def test_actions_are_done_dropped_and_owed_with_every_verdict_but_by_chance(demo: Demo) -> None:
    with reading(demo.engine) as session:
        actions = session.scalars(select(Action)).all()
        judged = verdicts(session, actions, ANCHOR)
    assert {action.state for action in actions} == {"open", "done", "dropped"}
    assert len({verdict.effect for verdict in judged.values()}) >= 3


def test_of_the_decisions_asked_one_waits_too_long_and_others_were_answered(demo: Demo, topped: Topped) -> None:
    with reading(demo.engine) as session:
        every = session.scalars(select(AskedDecision)).all()
    assert Counter(row.state for row in every) == {"asked": 2, "decided": 1, "withdrawn": 1}
    waiting = sorted(row.due_on < ANCHOR.date() for row in every if row.state == "asked")
    assert waiting == [False, True]
    with reading(topped.engine) as session:
        assert set(session.scalars(select(AskedDecision.state))) == {"decided", "withdrawn"}  # type: ignore[call-overload]


def test_nothing_is_told_of_the_future(demo: Demo) -> None:
    with reading(demo.engine) as session:
        assert all((each.done_at or EPOCH) <= ANCHOR for each in session.scalars(select(Action)))
        assert all((each.closed_at or EPOCH) <= ANCHOR for each in session.scalars(select(IncidentReview)))


def test_a_top_up_tells_what_a_rebuild_would(demo: Demo, topped: Topped, rebuilt: Demo) -> None:
    assert told(topped.engine) == told(rebuilt.engine)
    assert len(told(topped.engine)[0]) > len(told(demo.engine)[0])
