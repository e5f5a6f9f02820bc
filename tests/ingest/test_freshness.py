"""Whether facts can be trusted today, told from the imports."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlmodel import col

from ops_console.contracts.facts import KINDS
from ops_console.core.db import reading, transaction
from ops_console.ingest.freshness import Freshness, SourceHealth, freshness, sources
from ops_console.records.imports import Import
from ops_console.records.sources import Source
from tests.ingest.story import at

NOW = at(24 * 40)


def imported(engine: Engine, *rows: dict[str, Any]) -> None:
    defaults = {"kind": "incidents", "source": "pager", "origin": "may.csv", "state": "done", "started_at": NOW}
    with transaction(engine) as session:
        session.add_all(Import(**defaults | {"finished_at": NOW} | row) for row in rows)


def health(engine: Engine, kind: str = "incidents") -> Freshness:
    with reading(engine) as session:
        return freshness(session, NOW)[kind]


def of_sources(engine: Engine) -> list[SourceHealth]:
    with reading(engine) as session:
        return sources(session, NOW)


def test_a_kind_nothing_ever_brought_is_not_connected(database: Engine) -> None:
    imported(database, {})
    assert health(database, "costs").state == "not_connected"
    assert health(database, "costs").sources == ()


def test_a_good_import_works_and_covers_what_it_brought(database: Engine) -> None:
    imported(database, {"first_at": at(0), "last_at": at(48)})
    found = health(database)
    assert (found.state, found.sources, found.last_good) == ("working", ("pager",), NOW)
    assert (found.covers_from, found.covers_until) == (at(0), at(48))


def test_a_sender_may_say_that_facts_are_complete_further_than_the_newest(database: Engine) -> None:
    imported(database, {"last_at": at(48), "covers_until": at(72)}, {"last_at": at(60), "source": "desk"})
    assert health(database).covers_until == at(72)


def test_a_failed_import_says_why_what_holds_and_what_to_do(database: Engine) -> None:
    imported(database, {"finished_at": at(0)}, {"state": "failed", "error": "Row 7 is cut off.", "finished_at": at(24)})
    found = health(database)
    assert found.state == "failed"
    assert found.reason == (
        "The import of 2 Oct 2026 failed: Row 7 is cut off. Facts of 1 Oct 2026 and before still hold. Import it again."
    )


def test_an_interrupted_import_is_no_good_one(database: Engine) -> None:
    imported(database, {"state": "interrupted"})
    assert health(database).state == "failed"


def test_a_good_import_after_a_failed_one_heals_it(database: Engine) -> None:
    imported(database, {"state": "failed"}, {})
    assert health(database).state == "working"
    assert of_sources(database)[0].last_failed == NOW


def test_an_import_under_way_leaves_the_word_of_the_last(database: Engine) -> None:
    imported(database, {}, {"state": "running", "finished_at": None})
    assert health(database).state == "working"


def test_a_first_import_under_way_connects_nothing_yet(database: Engine) -> None:
    imported(database, {"state": "running", "finished_at": None})
    assert health(database).state == "not_connected"


@pytest.mark.parametrize(
    ("origin", "days", "state"),
    [
        ("may.csv", 62, "working"),
        ("may.csv", 63, "stale"),
        ("API", 2, "working"),
        ("API", 3, "stale"),
    ],
)
def test_files_are_stale_after_two_months_and_the_api_after_two_days(
    sqlite: Engine, origin: str, days: int, state: str
) -> None:
    imported(sqlite, {"origin": origin, "finished_at": NOW - timedelta(days=days)})
    assert health(sqlite).state == state


def test_one_fresh_source_outweighs_an_old_history_but_not_a_failed_one(sqlite: Engine) -> None:
    imported(sqlite, {"source": "history", "finished_at": NOW - timedelta(days=90)}, {"source": "pager"})
    assert health(sqlite).state == "working"
    imported(sqlite, {"source": "history", "state": "failed"})
    assert health(sqlite).state == "failed"


def asked(engine: Engine, name: str, heard: timedelta, **said: Any) -> None:
    """A source that is asked each quarter of an hour, and was heard so long ago."""
    known: dict[str, Any] = {"state": "working", "last_good_at": NOW - heard, "covers_until": NOW - heard}
    setting_up = {
        "integration": "shop",
        "minutes": 15,
        "since": at(0),
        "due_at": NOW,
        "made_by": "ana",
        "made_at": at(0),
    }
    with transaction(engine) as session:
        session.add(Source(name=name, **setting_up | known | said))


def test_one_source_that_fell_silent_turns_its_kind_stale_although_others_go_on(database: Engine) -> None:
    imported(database, {"source": "pager", "new": 3, "rows": 9}, {"source": "desk"})
    asked(database, "pager", timedelta(minutes=30))
    asked(database, "desk", timedelta(minutes=1))
    assert (health(database).state, health(database).behind) == ("working", ())
    with transaction(database) as session:
        for source in session.scalars(select(Source).where(col(Source.name) == "pager")):
            source.last_good_at = source.covers_until = NOW - timedelta(minutes=31)
    found = health(database)
    assert (found.state, found.behind) == ("stale", ("pager",))
    assert found.reason == "pager: Nothing was heard since 9 Nov 2026, 23:29 UTC."
    assert found.last_good == found.covers_until == NOW - timedelta(minutes=31)


def test_the_rows_of_a_tool_that_repeats_itself_are_those_that_were_new(database: Engine) -> None:
    imported(database, {"rows": 9, "new": 3}, {"rows": 9, "new": 0}, {"source": "file", "rows": 9, "new": 3})
    asked(database, "pager", timedelta(0))
    assert {each.source: each.rows for each in of_sources(database)} == {"pager": 3, "file": 9}


def test_each_source_tells_its_rows_and_refusals(database: Engine) -> None:
    imported(database, {"rows": 5, "refused": 1}, {"rows": 7, "refused": 2}, {"source": "desk", "kind": "costs"})
    found = [(one.kind, one.source, one.imports, one.rows, one.refused) for one in of_sources(database)]
    assert found == [("incidents", "pager", 2, 12, 3), ("costs", "desk", 1, 0, 0)]


def test_every_kind_is_answered_in_two_statements_however_many_imports(sqlite: Engine) -> None:
    imported(sqlite, *({"source": f"s{n}"} for n in range(50)))
    statements: list[str] = []
    event.listen(sqlite, "before_cursor_execute", lambda *call: statements.append(call[2]))
    with reading(sqlite) as session:
        assert list(freshness(session, NOW)) == list(KINDS)
    assert len([one for one in statements if one.startswith("SELECT")]) == 2
