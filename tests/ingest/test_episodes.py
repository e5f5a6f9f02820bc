"""A daily job reports the same drift until it is mended: that is one episode."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.core.columns import instant
from ops_console.core.db import transaction
from ops_console.ingest import tables
from tests.examples import examples
from tests.ingest.deliveries import deliver, kept


def found(number: int, day: int, hour: int = 9, **changes: Any) -> dict[str, Any]:
    return {"external_id": f"g{number}", "detected_at": f"2026-10-{day:02}T{hour:02}:00:00Z"} | changes


def episodes(engine: Engine) -> list[tuple[str, str | None]]:
    """The first detection of each episode, and when the episode ended."""
    rows = kept(engine, tables.degradations, "external_id", "episode_ends_at", repeat_of=None)
    return sorted((name, f"{instant(at):%d %H:%M}" if at else None) for name, at in rows)


def test_detections_a_day_apart_are_one_episode(database: Engine) -> None:
    deliver(database, "degradations", found(1, 5), found(2, 6), found(3, 7, mitigated_at="2026-10-07T15:00:00Z"))
    assert episodes(database) == [("g1", "07 15:00")]


def test_detections_further_apart_are_two(sqlite: Engine) -> None:
    deliver(sqlite, "degradations", found(1, 5), found(2, 6, 10))
    assert [name for name, _ in episodes(sqlite)] == ["g1", "g2"]


def test_other_signals_and_other_models_are_other_episodes(sqlite: Engine) -> None:
    deliver(sqlite, "degradations", found(1, 5), found(2, 5, signal="quality"), found(3, 5, model="fraud"))
    assert len(episodes(sqlite)) == 3


def test_a_mitigation_that_a_later_detection_contradicts_ended_nothing(sqlite: Engine) -> None:
    deliver(sqlite, "degradations", found(1, 5, mitigated_at="2026-10-05T12:00:00Z"), found(2, 6, 8))
    assert episodes(sqlite) == [("g1", None)]


def test_a_dismissed_detection_joins_nothing(sqlite: Engine) -> None:
    deliver(sqlite, "degradations", found(1, 5), found(2, 6, dismissed=True), found(3, 7))
    assert [name for name, _ in episodes(sqlite)] == ["g1", "g2", "g3"]


def test_a_detection_that_arrives_late_joins_two_episodes_into_one(database: Engine) -> None:
    deliver(database, "degradations", found(1, 5), found(3, 7))
    assert len(episodes(database)) == 2
    deliver(database, "degradations", found(2, 6))
    assert [name for name, _ in episodes(database)] == ["g1"]


def test_a_deleted_detection_takes_its_episode_apart(sqlite: Engine) -> None:
    deliver(sqlite, "degradations", found(1, 5), found(2, 6, updated_at="2026-10-06T09:00:00Z"), found(3, 7))
    deliver(sqlite, "degradations", found(2, 6, updated_at="2026-10-08T09:00:00Z", deleted=True))
    assert [name for name, _ in episodes(sqlite) if name != "g2"] == ["g1", "g3"]


FACTS = [
    found(1, 5),
    found(2, 6),
    found(3, 6, 20, mitigated_at="2026-10-07T00:00:00Z"),
    found(4, 9),
    found(5, 9, 12, signal="quality"),
]


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*range(5), 0, 2]))
def test_the_order_and_repetition_of_detections_never_change_the_episodes(sqlite: Engine, order: Sequence[int]) -> None:
    with transaction(sqlite) as session:
        session.execute(tables.degradations.delete())
    for place in order:
        deliver(sqlite, "degradations", FACTS[place])
    assert episodes(sqlite) == [("g1", "07 00:00"), ("g4", None), ("g5", None)]
