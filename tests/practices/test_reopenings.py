"""An incident that broke again: each stretch is kept, the first restoration stays, and its review keeps its clock."""

import pytest
from sqlmodel import Session

from ops_console.core.errors import BadInput
from ops_console.practices.reopenings import stretches, with_reopening, with_restoration
from ops_console.practices.review_facts import told
from ops_console.records.incidents import Incident
from tests.practices.stories import HOUR, TODAY
from tests.web.pages.builders import Workspace

BEGAN = TODAY - 6 * HOUR


@pytest.fixture
def incident(rows: Workspace) -> Incident:
    return rows.incident(rows.model(), BEGAN)


def test_each_stretch_stands_beside_the_first(incident: Incident) -> None:
    incident.reopenings = with_reopening(incident, BEGAN + 2 * HOUR)
    incident.reopenings = with_restoration(incident, BEGAN + 3 * HOUR)
    incident.reopenings = with_reopening(incident, BEGAN + 4 * HOUR)
    assert [(each.began_at, each.restored_at) for each in stretches(incident)] == [
        (BEGAN, BEGAN + HOUR),
        (BEGAN + 2 * HOUR, BEGAN + 3 * HOUR),
        (BEGAN + 4 * HOUR, None),
    ]
    assert incident.restored_at == BEGAN + HOUR


def test_what_is_not_restored_cannot_break_again(incident: Incident, rows: Workspace) -> None:
    unmended = rows.incident(rows.model("fraud"), BEGAN, restored_at=None)
    with pytest.raises(BadInput, match="not restored"):
        with_reopening(unmended, BEGAN + HOUR)
    incident.reopenings = with_reopening(incident, BEGAN + 2 * HOUR)
    with pytest.raises(BadInput, match="not restored"):
        with_reopening(incident, BEGAN + 3 * HOUR)


def test_times_stand_in_their_order_and_in_the_past(incident: Incident) -> None:
    with pytest.raises(BadInput, match="after its restoration"):
        with_reopening(incident, BEGAN)
    with pytest.raises(BadInput, match="lies in the future"):
        with_reopening(incident, TODAY + HOUR)
    with pytest.raises(BadInput, match="not open again"):
        with_restoration(incident, BEGAN + 2 * HOUR)
    incident.reopenings = with_reopening(incident, BEGAN + 2 * HOUR)
    with pytest.raises(BadInput, match="after it broke again"):
        with_restoration(incident, BEGAN + 2 * HOUR)
    with pytest.raises(BadInput, match="lies in the future"):
        with_restoration(incident, TODAY + HOUR)


def test_the_timeline_tells_each_of_them_and_what_happened_meanwhile(
    session: Session, rows: Workspace, incident: Incident
) -> None:
    incident.reopenings = with_reopening(incident, BEGAN + 4 * HOUR)
    incident.reopenings = with_restoration(incident, BEGAN + 5 * HOUR)
    rows.degradation(rows.session.get_one(type(rows.model("x")), incident.entry_id), BEGAN + 5 * HOUR)
    assert [line.text for line in told(session, incident)] == [
        "Detected",
        "Restored",
        "Broke again",
        "Data drift detected",
        "Restored again",
    ]
