"""Incidents told twice: what may be merged into what, and why not."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from ops_console.core.errors import BadInput
from ops_console.practices.duplicates import check_merge, duplicates, named, offered, primary
from ops_console.records.incidents import Incident
from tests.practices.stories import DAY, HOUR, TODAY
from tests.web.pages.builders import Workspace

BEGAN = TODAY - DAY


@pytest.fixture
def incident(rows: Workspace) -> Incident:
    return rows.incident(rows.model(), BEGAN, external_id="INC-1")


def test_incidents_of_its_model_are_offered_first_and_then_the_nearest(
    session: Session, rows: Workspace, incident: Incident
) -> None:
    ranker = session.get_one(type(rows.model("fraud")), incident.entry_id)
    bidder = rows.model("bidder")
    rows.incident(bidder, BEGAN, title="elsewhere")
    rows.incident(ranker, BEGAN - 5 * HOUR, title="far")
    rows.incident(ranker, BEGAN + HOUR, title="near", source="alerts")
    rows.incident(ranker, BEGAN + 3 * DAY, title="days later")
    rows.incident(ranker, BEGAN, title="told elsewhere", duplicate_of="INC-9")
    rows.incident(ranker, BEGAN, title="nothing broke", false_positive=True)
    rows.incident(ranker, BEGAN, title="played", drill=True)
    assert [each.title for each in offered(session, incident)] == ["near", "far", "elsewhere"]


def test_of_two_sources_that_use_one_name_each_finds_its_own(
    session: Session, rows: Workspace, incident: Incident
) -> None:
    entry = rows.model("fraud")
    namesake = rows.incident(entry, BEGAN, external_id="INC-1", source="alerts")
    mine = rows.incident(entry, BEGAN, duplicate_of="INC-1")
    others = rows.incident(entry, BEGAN, duplicate_of="INC-1", duplicate_source="alerts")
    assert (duplicates(session, incident), duplicates(session, namesake)) == ([mine], [others])
    assert (primary(session, mine), primary(session, others)) == (incident, namesake)
    with pytest.raises(BadInput, match="Several sources"):
        named(session, "INC-1")


def test_one_that_is_not_known_here_is_none(session: Session, rows: Workspace, incident: Incident) -> None:
    assert primary(session, rows.incident(rows.model("fraud"), BEGAN, duplicate_of="gone")) is None
    assert primary(session, incident) is None
    with pytest.raises(BadInput, match="no incident 'INC-404'"):
        named(session, "INC-404")
    assert named(session, "INC-1") is incident


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"duplicate_of": "INC-9"}, "itself repeats INC-9"),
        ({"false_positive": True}, "nothing that broke"),
        ({"deleted_at": TODAY}, "nothing that broke"),
        ({"drill": True}, "kept apart"),
    ],
)
def test_what_tells_of_no_trouble_of_its_own_takes_nothing_in(
    session: Session, rows: Workspace, incident: Incident, changes: dict[str, object], reason: str
) -> None:
    onto = rows.incident(rows.model("fraud"), BEGAN, **changes)
    with pytest.raises(BadInput, match=reason):
        check_merge(session, incident, onto)


def test_there_are_no_rings_and_no_chains(session: Session, rows: Workspace, incident: Incident) -> None:
    entry = rows.model("fraud")
    third = rows.incident(entry, BEGAN)
    rows.incident(entry, BEGAN, external_id="INC-2", duplicate_of="INC-1")
    with pytest.raises(BadInput, match="cannot repeat itself"):
        check_merge(session, incident, incident)
    with pytest.raises(BadInput, match="INC-2 was merged into this one"):
        check_merge(session, incident, third)
    check_merge(session, third, incident)


def test_the_offer_takes_one_statement(
    session: Session, incident: Incident, counted: Callable[[Callable[[], object]], int]
) -> None:
    assert counted(lambda: offered(session, incident)) == 1
