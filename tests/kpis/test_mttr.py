"""Mean time to restore: labelled a mean, with everything that is not in it counted."""

import pytest
from sqlalchemy import Engine

from tests.kpis.records import NOW, at, minutes
from tests.scorecard.measuring import books, figure

BEGAN = at("10-14")


def test_the_target_binds_on_the_mean_and_the_median_stands_beside_it(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        for length in (20, 30, 40, 50, 460):
            written.incident(model, BEGAN, BEGAN + minutes(length))

        found = figure(written.session, "mttr")
        assert found.value == 120 * 60
        assert found.spread is not None
        assert (found.spread["mean"], found.spread["median"]) == (120 * 60, 40 * 60)


def test_an_incident_belongs_to_the_period_it_was_restored_in(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.incident(written.model(), at("09-30"), at("10-01"))

        before, found = (figure(written.session, "mttr", period) for period in ("2026-09", "2026-10"))
        assert (found.value, found.n, found.excluded) == (86_400, 1, {})
        assert (before.value, before.n, before.excluded, before.spread) == (None, 0, {}, None)
        assert before.detail.keys() == {"time_to_acknowledge"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"maintenance": True}, "maintenance"),
        ({"drill": True}, "drill"),
        ({"reopened_at": BEGAN + minutes(60)}, "still open"),
        ({"false_positive": True}, "false positive"),
        ({"duplicate_of": "another"}, "duplicate"),
        ({"deleted_at": NOW}, "deleted"),
        ({"restored_at": BEGAN}, "zero duration"),
        ({"restored_at": BEGAN - minutes(1)}, "restored before it began"),
        ({"began_at": None}, "no start time"),
        ({"restored_at": None}, "still open"),
    ],
)
def test_what_is_not_in_the_mean_is_counted_with_its_reason(
    database: Engine, changes: dict[str, object], reason: str
) -> None:
    with books(database) as written:
        written.incident(written.model(), BEGAN, **({"restored": BEGAN + minutes(30)} | changes))

        found = figure(written.session, "mttr")
        assert (found.value, found.excluded) == (None, {reason: 1})


def test_open_incidents_are_shown_with_the_oldest(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        written.incident(model, BEGAN, None)
        written.incident(model, BEGAN - minutes(90), None)

        waiting = figure(written.session, "mttr").detail["waiting"]
        assert waiting == {"count": 2, "oldest_at": (BEGAN - minutes(90)).isoformat()}


def test_a_merged_duplicate_that_began_earlier_moves_the_start(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        kept = written.incident(model, BEGAN, BEGAN + minutes(30))
        written.incident(model, BEGAN - minutes(30), None, duplicate_of=kept.external_id)

        found = figure(written.session, "mttr")
        assert (found.value, found.n) == (3600, 1)
        assert found.excluded == {"duplicate": 1}


def test_a_duplicate_in_another_source_is_not_merged_by_its_number(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        kept = written.incident(model, BEGAN, BEGAN + minutes(30))
        written.incident(model, BEGAN - minutes(30), None, duplicate_of=kept.external_id, source="elsewhere")

        assert figure(written.session, "mttr").value == 1800


def test_a_duplicate_that_names_the_source_of_its_primary_is_merged_with_it(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        kept = written.incident(model, BEGAN, BEGAN + minutes(30))
        told = {"source": "elsewhere", "duplicate_source": kept.source, "duplicate_of": kept.external_id}
        written.incident(model, BEGAN - minutes(30), None, **told)

        assert figure(written.session, "mttr").value == 3600


def test_a_drill_moves_no_start(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        kept = written.incident(model, BEGAN, BEGAN + minutes(30))
        written.incident(model, BEGAN - minutes(30), None, duplicate_of=kept.external_id, drill=True)

        assert figure(written.session, "mttr").value == 1800


def test_a_reopened_incident_lasts_as_long_as_all_its_trouble(database: Engine) -> None:
    with books(database) as written:
        written.incident(written.model(), BEGAN, BEGAN + minutes(30), reopened_ms=600_000)

        found = figure(written.session, "mttr")
        assert (found.value, found.n) == (40 * 60, 1)
