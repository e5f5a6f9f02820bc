"""Facts told in pieces: put together in any order, waiting while they are not whole, the same on both databases."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from ops_console.contracts.sources import Piece, Told
from ops_console.core.db import reading, transaction
from ops_console.ingest import sources
from ops_console.ingest.intake import Intake, Taken
from ops_console.records.imports import Import
from ops_console.records.requests import Request
from ops_console.records.sources import FactPiece
from tests.ingest.vendor import add_source, deployment

BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def piece(
    name: str, hour: int, *, external_id: str = "T-1", begins: dict[str, Any] | None = None, **says: Any
) -> Piece:
    return Piece("requests", {"external_id": external_id, **says}, name, BEGAN + hour * HOUR, begins or {})


def opened(hour: int = 0, **says: Any) -> Piece:
    at = (BEGAN + hour * HOUR).isoformat()
    return piece(f"opened {hour}", hour, begins={"submitted_at": at}, **{"title": "A ranker", **says})


def closed(hour: int = 9) -> Piece:
    return piece("closed", hour, done_at=(BEGAN + hour * HOUR).isoformat())


def keep(engine: Engine, *told: Told, source: str = "desk", is_reread: bool = False) -> Taken:
    with transaction(engine) as session:
        return Intake(source, "webhook of desk", "webhook", is_reread=is_reread).keep(session, told)


def requests(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as session:
        rows = session.scalars(select(Request).order_by(Request.source, Request.external_id))
        return [(row.external_id, row.title, row.submitted_at, row.done_at, row.updated_at) for row in rows]


def pieces_kept(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(FactPiece)) or 0


def test_of_the_beginning_the_earliest_is_believed_and_of_the_rest_the_latest_in_any_order(sqlite: Engine) -> None:
    told = (opened(1), opened(2, title="A ranker for mobile"), closed(9))
    expected = [("T-1", "A ranker for mobile", BEGAN + HOUR, BEGAN + 9 * HOUR, BEGAN + 9 * HOUR)]
    for number, order in enumerate(itertools.permutations(told)):
        for each in order:
            keep(sqlite, each, source=f"desk {number}")
    assert requests(sqlite) == expected * 6


def test_pieces_that_come_together_are_one_fact(database: Engine) -> None:
    taken = keep(database, closed(), opened(), deployment(1), piece("opened", 0, external_id="T-2", title="A card"))
    assert len(requests(database)) == 1 and taken.changed == 2
    assert taken.waiting == {3: "Kept until the rest is told; submitted_at not known yet."}
    with reading(database) as session:
        rows = {row.kind: row.rows for row in session.scalars(select(Import))}
    assert rows == {"requests": 1, "deployments": 1}


def test_what_is_not_whole_waits_and_is_whole_once_the_rest_is_told(database: Engine) -> None:
    assert keep(database, closed()).waiting == {0: "Kept until the rest is told; submitted_at, title not known yet."}
    assert requests(database) == []
    taken = keep(database, opened())
    assert (taken.waiting, taken.changed) == ({}, 1)
    assert requests(database) == [("T-1", "A ranker", BEGAN, BEGAN + 9 * HOUR, BEGAN + 9 * HOUR)]


def test_what_comes_again_changes_nothing_and_what_is_read_anew_replaces_what_was_read(database: Engine) -> None:
    keep(database, opened(), closed())
    assert keep(database, opened()).changed == 0
    assert keep(database, opened(title="Another ranker"), is_reread=True).changed == 1
    assert requests(database)[0][1] == "Another ranker"
    assert pieces_kept(database) == 2


def test_what_is_refused_is_refused_to_each_of_its_pieces(sqlite: Engine) -> None:
    taken = keep(sqlite, opened(), closed(), piece("class", 3, **{"class": "odd"}))
    assert set(taken.refused) == {0, 1, 2} and len(set(taken.refused.values())) == 1
    assert requests(sqlite) == [] and pieces_kept(sqlite) == 3


def test_a_fact_about_a_model_or_a_service_waits_for_its_name(sqlite: Engine) -> None:
    taken = keep(sqlite, Piece("incidents", {"external_id": "7", "title": "Slow"}, "detected", BEGAN))
    assert taken.waiting == {0: "Kept until the rest is told; model or service not known yet."}


def test_two_sources_know_nothing_of_each_others_pieces_and_one_that_is_removed_leaves_none(sqlite: Engine) -> None:
    add_source(sqlite)
    keep(sqlite, opened(), source="shop")
    assert keep(sqlite, closed(), source="other").waiting
    with transaction(sqlite) as session:
        sources.remove(session, sources.named(session, "shop"), "ana")
    assert pieces_kept(sqlite) == 1 and len(requests(sqlite)) == 1
