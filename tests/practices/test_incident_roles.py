"""Who had which part in the response: from when to when, one commander at a time, all of it on the trail."""

import pytest
from sqlmodel import Session

from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.incident_roles import assign, end, role_of, roles, take_out
from ops_console.practices.review_facts import told
from ops_console.records import audit
from ops_console.records.incidents import Incident
from tests.practices.stories import ANA, BEN, HOUR, TODAY
from tests.web.pages.builders import Workspace

BEGAN = TODAY - 3 * HOUR


@pytest.fixture
def incident(rows: Workspace) -> Incident:
    return rows.incident(rows.model(), BEGAN)


def held(session: Session, incident: Incident) -> list[tuple[str, str, object, object]]:
    return [(each.role, each.person, each.from_at, each.until_at) for each in roles(session, audit.number(incident))]


def test_the_next_commander_takes_over_from_the_one_before(session: Session, incident: Incident) -> None:
    assign(session, incident, "commander", ANA, BEGAN, BEN)
    assign(session, incident, "commander", BEN, BEGAN + HOUR, ANA)
    assert held(session, incident) == [
        ("commander", ANA, BEGAN, BEGAN + HOUR),
        ("commander", BEN, BEGAN + HOUR, None),
    ]
    did = [entry.did for entry in audit.history(session, "incident", [audit.number(incident)])]
    assert did == ["role taken", "role ended", "role taken"]


def test_other_parts_are_had_by_several_at_a_time(session: Session, incident: Incident) -> None:
    assign(session, incident, "operations", ANA, BEGAN, ANA)
    assign(session, incident, "operations", BEN, BEGAN, ANA)
    assert [each[3] for each in held(session, incident)] == [None, None]
    with pytest.raises(BadInput, match="has this part already"):
        assign(session, incident, "operations", BEN, BEGAN + HOUR, ANA)


def test_a_part_ends_once_and_not_before_it_began(session: Session, incident: Incident) -> None:
    taken = assign(session, incident, "scribe", ANA, BEGAN, ANA)
    number = audit.number(taken)
    with pytest.raises(BadInput, match="later than that"):
        end(session, incident, number, 1, BEGAN - HOUR, BEN)
    end(session, incident, number, 1, BEGAN + HOUR, BEN)
    assert taken.until_at == BEGAN + HOUR
    with pytest.raises(BadInput, match="ended already"):
        end(session, incident, number, 2, BEGAN + 2 * HOUR, BEN)


def test_of_two_who_decide_at_once_the_slower_is_told(session: Session, incident: Incident) -> None:
    taken = assign(session, incident, "deputy", ANA, BEGAN, ANA)
    with pytest.raises(BadInput, match="meanwhile"):
        end(session, incident, audit.number(taken), 0, BEGAN + HOUR, BEN)
    with pytest.raises(BadInput, match="meanwhile"):
        take_out(session, incident, audit.number(taken), 0, BEN)
    assert held(session, incident) == [("deputy", ANA, BEGAN, None)]


def test_a_part_entered_wrongly_is_taken_out_and_stays_on_the_trail(session: Session, incident: Incident) -> None:
    taken = assign(session, incident, "deputy", ANA, BEGAN, ANA)
    take_out(session, incident, audit.number(taken), 1, BEN)
    assert held(session, incident) == []
    latest = audit.history(session, "incident", [audit.number(incident)])[0]
    assert latest.before is not None
    assert (latest.did, latest.before["person"]) == ("role taken out", ANA)
    with pytest.raises(NotFound):
        role_of(session, incident, audit.number(taken))


@pytest.mark.parametrize(
    ("role", "person", "later", "reason"),
    [
        ("culprit", ANA, 0, "one of the roles"),
        ("scribe", "nobody@example.com", 0, "a person by address"),
        ("scribe", ANA, 9, "lies in the future"),
    ],
)
def test_what_cannot_be_is_refused(
    session: Session, incident: Incident, role: str, person: str, later: int, reason: str
) -> None:
    with pytest.raises(BadInput, match=reason):
        assign(session, incident, role, person, BEGAN + later * HOUR, ANA)


def test_the_timeline_tells_when_a_part_was_taken_and_given_up(session: Session, incident: Incident) -> None:
    taken = assign(session, incident, "subject_expert", BEN, BEGAN + HOUR / 4, ANA)
    end(session, incident, audit.number(taken), 1, BEGAN + HOUR / 2, ANA)
    assert [line.text for line in told(session, incident)] == [
        "Detected",
        f"Subject expert: {BEN}",
        f"Subject expert until here: {BEN}",
        "Restored",
    ]
