"""What stands around one incident takes the same few statements however much it is."""

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.practices.incident_notes import add_note
from ops_console.records.incidents import Incident
from ops_console.web.reads.incident_story import story
from tests.web.pages.builders import HOUR, NOON, Workspace

ANA = "ana@example.com"


@pytest.fixture
def number(sqlite: Engine) -> int:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        return rows.incident(rows.model(), external_id="INC-1").id or 0


def test_it_takes_a_constant_number_of_statements(sqlite: Engine, number: int, statements: list[str]) -> None:
    counts = []
    for more in (0, 20):
        with transaction(sqlite) as session:
            rows, broken = Workspace(session), session.get_one(Incident, number)
            entry = rows.model(f"model-{more}")
            for each in range(more):
                add_note(session, broken, f"Note {each}", ANA)
                rows.incident(entry, NOON + each * HOUR / 20, duplicate_of="INC-1")
                rows.incident(entry, NOON + each * HOUR / 20)
        with reading(sqlite) as session:
            broken = session.get_one(Incident, number)
            statements.clear()
            found = story(session, broken)
            counts.append(len(statements))
    assert counts[0] == counts[1]
    assert (len(found.notes), len(found.duplicates), len(found.offered)) == (20, 20, 20)
    assert len(found.trail) == 20
