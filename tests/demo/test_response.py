"""The demo's drills, reopened incidents, tickets and runbooks: one of each thing to look at, and all of it to scale."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from ops_console.core.db import reading
from ops_console.demo import company
from ops_console.demo.story import Story
from ops_console.practices.reopenings import reopenings
from ops_console.practices.tickets import differing
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident
from ops_console.records.runbooks import RunbookEvent
from ops_console.records.sources import Source
from ops_console.records.trackers import ActionLink
from tests.demo.conftest import Demo
from tests.demo.stories import ANCHOR, facts, story

pytestmark = pytest.mark.xdist_group("demo")


def test_a_drill_is_played_every_quarter_and_stands_apart() -> None:
    drills = [each for each in facts(story(), "incidents") if each.drill]
    assert len(drills) == 6
    assert {each.detected_at.month % 3 for each in drills} == {2}
    assert all(each.restored_at - each.detected_at < timedelta(hours=1) for each in drills)


def test_some_incidents_broke_again_and_keep_their_first_restoration(demo: Demo) -> None:
    with reading(demo.engine) as session:
        again = [each for each in session.scalars(select(Incident)) if each.reopenings]
    assert 0 < len(again) < 5
    for each in again:
        (stretch,) = reopenings(each)
        assert each.restored_at is not None and stretch.began_at is not None
        assert each.restored_at < stretch.began_at
        assert each.resolved_at == stretch.restored_at


def test_while_it_is_broken_again_it_is_open() -> None:
    told = {each.external_id: each for each in facts(story(), "incidents") if each.reopenings}
    name, ended = next((name, each.reopenings[0].partition("/")) for name, each in told.items())
    again = datetime.fromisoformat(ended[0]) + timedelta(minutes=1)
    (during,) = (each for each in facts(Story(ANCHOR, again), "incidents") if each.external_id == name)
    assert (during.status, during.resolved_at, during.reopenings) == ("open", None, [f"{ended[0]}/"])
    assert during.restored_at == told[name].restored_at


def test_tickets_follow_their_actions_and_one_waits_for_a_person(demo: Demo) -> None:
    with reading(demo.engine) as session:
        links = session.scalars(select(ActionLink)).all()
        states = {action.id: action.state for action in session.scalars(select(Action))}
        assert session.scalars(select(Source)).all() == [], "a source would be asked: a demo talks to nobody"
    assert {link.source for link in links} == {company.TRACKER}
    assert 0 < len(links) < len(states)
    assert all(link.here["state"] == states[link.action_id] for link in links)
    assert [name for link in links for name, _ in differing(link)] == ["due_on"]


def test_drills_test_runbooks_and_incidents_use_them(demo: Demo) -> None:
    with reading(demo.engine) as session:
        events = session.scalars(select(RunbookEvent)).all()
        drills = set(session.scalars(select(Incident.id).where(Incident.drill)))  # type: ignore[call-overload, arg-type]
    assert {each.incident_id for each in events if each.happened == "tested"} == drills
    assert any(each.happened == "used" for each in events)
    assert all(each.worked or each.note for each in events)
