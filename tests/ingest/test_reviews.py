"""Every review of a document is kept, whatever order facts come in."""

from itertools import permutations
from typing import Any

from sqlalchemy import Engine

from ops_console.core.clock import milliseconds
from ops_console.core.db import transaction
from ops_console.ingest import tables
from ops_console.ingest.corrections import correct, withdraw
from tests.ingest.deliveries import deliver, kept
from tests.kpis.records import at

CARD = {"external_id": "c1", "fields_present": "name;version"}
MAY, JULY = milliseconds(at("05-01")), milliseconds(at("07-01"))
BASIC = "name;version;owner;intended_use;limitations"


def told(engine: Engine, reviewed: str | None, updated: str | None = None, **changes: Any) -> None:
    when = {"reviewed_at": reviewed, "updated_at": updated}
    dated = {name: f"2026-{day}T12:00:00Z" if day else None for name, day in when.items()}
    deliver(engine, "documents", {**CARD, **changes, **dated})


def reviews(engine: Engine) -> list[Any]:
    return sorted(kept(engine, tables.reviews, "reviewed_at", "complete_for_tier"))


def test_a_review_of_today_leaves_that_of_a_year_ago(database: Engine) -> None:
    told(database, "05-01")
    told(database, "07-01", fields_present=BASIC)

    assert reviews(database) == [(MAY, None), (JULY, 3)]


def test_the_order_in_which_reviews_arrive_does_not_matter(sqlite: Engine) -> None:
    said = [("05-01", "05-02", "name"), ("05-01", "05-03", BASIC), ("07-01", "07-02", "name")]
    for order in permutations(said):
        for reviewed, updated, fields in order:
            told(sqlite, reviewed, updated, fields_present=fields)

        assert reviews(sqlite) == [(MAY, 3), (JULY, None)]
        with transaction(sqlite) as session:
            for table in (tables.reviews, tables.documents):
                session.execute(table.delete())


def test_one_delivery_may_tell_of_several_reviews(sqlite: Engine) -> None:
    rows = [{**CARD, "reviewed_at": f"2026-{day}T12:00:00Z"} for day in ("07-01", "05-01")]
    deliver(sqlite, "documents", *rows)

    assert reviews(sqlite) == [(MAY, None), (JULY, None)]


def test_what_is_told_again_changes_nothing(sqlite: Engine) -> None:
    told(sqlite, "05-01")
    before = kept(sqlite, tables.reviews, "id")
    told(sqlite, "05-01", url="https://cards.example.com")

    assert kept(sqlite, tables.reviews, "id") == before


def test_what_a_source_tells_otherwise_of_a_review_replaces_it(database: Engine) -> None:
    told(database, "05-01")
    told(database, "05-01", fields_present=BASIC)

    assert reviews(database) == [(MAY, 3)]


def test_a_document_that_nobody_reviewed_has_no_review(sqlite: Engine) -> None:
    told(sqlite, None)

    assert reviews(sqlite) == []


def test_a_corrected_date_takes_the_place_of_the_one_that_was_told(database: Engine) -> None:
    told(database, "07-01")
    with transaction(database) as session:
        correct(session, "documents", "test", "c1", "reviewed_at", "2026-05-01T12:00:00Z", "Ada", "a typing error")
    assert reviews(database) == [(MAY, None)]

    with transaction(database) as session:
        withdraw(session, "documents", "test", "c1", "reviewed_at")
    assert reviews(database) == [(JULY, None)]


def test_a_review_that_came_late_is_marked(sqlite: Engine) -> None:
    told(sqlite, "07-01", "07-02")
    with transaction(sqlite) as session:
        session.execute(tables.outdated.delete())
    told(sqlite, "05-01", "05-02")

    assert kept(sqlite, tables.outdated, "kind", "from_at") == [("documents", MAY)]
