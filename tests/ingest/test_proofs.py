"""What each model had when: as it was, in whatever order the facts came, on both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session

from ops_console.contracts.facts import ModelFact
from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.db import reading, transaction
from ops_console.ingest.catalog import register_facts
from ops_console.ingest.criteria import Wanted, set_criterion, withdraw_criterion
from ops_console.ingest.mapping_names import map_name
from ops_console.records.catalog import CatalogEntry
from ops_console.records.criteria import PAVED, Criterion, Proof, asked, had, passes
from tests.examples import examples
from tests.ingest.deliveries import deliver
from tests.ingest.story import Story, at

ROAD = ["scaffold", "CI workflow", "registry", "standard-runtime"]
FULL: dict[str, Any] = {"owner": "Ana", "runbook_url": "https://runbooks.example/ranker", "paved_road": ROAD}


def model(name: str = "ranker", **stated: Any) -> ModelFact:
    return ModelFact(**{"source": "catalog", "external_id": name, "name": name} | stated)


def register(engine: Engine, *facts: ModelFact) -> None:
    with transaction(engine) as session:
        register_facts(session, facts)


def proved(engine: Engine, what: str, slug: str = "ranker") -> list[tuple[datetime, datetime]]:
    mine = select(Proof).join(CatalogEntry, CatalogEntry.id == Proof.entry_id)  # type: ignore[arg-type]
    with reading(engine) as session:
        found = mine.where(CatalogEntry.slug == slug, Proof.what == what).order_by(Proof.valid_from)  # type: ignore[arg-type]
        return [(row.valid_from, row.valid_to) for row in session.scalars(found)]


def with_objective(engine: Engine, since: datetime = EPOCH + timedelta(days=1)) -> None:
    deliver(engine, "slos", {"updated_at": since.isoformat()})


def test_what_the_first_statement_says_holds_back_to_the_beginning(database: Engine) -> None:
    register(database, model(owner="Ana", on_call="search-oc", updated_at=at(0)))
    assert proved(database, "owner") == proved(database, "on_call") == [(EPOCH, FOREVER)]
    assert proved(database, "runbook") == []


def test_what_is_stated_later_counts_from_then_on(database: Engine) -> None:
    register(database, model(owner="Ana", updated_at=at(0)))
    register(database, model(source="sheet", runbook_url="https://r.example", updated_at=at(48)))
    assert proved(database, "runbook") == [(at(48), FOREVER)]


def test_what_several_sources_attest_adds_up_and_each_may_take_its_own_back(database: Engine) -> None:
    register(database, model(paved_road=["scaffold"], monitors=["service"], updated_at=at(0)))
    register(database, model(source="ci", paved_road=["ci_workflow"], monitors=["drift"], updated_at=at(24)))
    register(database, model(source="ci", paved_road=["registry"], updated_at=at(48)))
    assert proved(database, "attested:scaffold") == proved(database, "monitor:service") == [(EPOCH, FOREVER)]
    assert proved(database, "attested:ci_workflow") == [(at(24), at(48))]
    assert proved(database, "monitor:drift") == [(at(24), FOREVER)]
    assert Story(database).entry("ranker").paved_road == ["registry", "scaffold"]


def test_a_rollback_test_counts_from_its_day_until_it_is_stale(database: Engine) -> None:
    register(database, model(rollback_tested_on=date(2026, 9, 12), updated_at=at(0)))
    tested = datetime(2026, 9, 12, tzinfo=UTC)
    assert proved(database, "rollback:180") == [(tested, tested + timedelta(days=180))]
    register(database, model(rollback_tested_on=date(2027, 1, 1), updated_at=at(24 * 100)))
    again = datetime(2027, 1, 1, tzinfo=UTC)
    assert proved(database, "rollback:180") == [(tested, again + timedelta(days=180))]


def test_an_objective_is_there_from_the_first_that_is_known_of_it(database: Engine) -> None:
    register(database, model(updated_at=at(0)))
    deliver(database, "slos", {"updated_at": at(72).isoformat()})
    assert proved(database, "slo") == [(at(72), FOREVER)]
    deliver(database, "sli_slices", {"started_at": at(24).isoformat()})
    assert proved(database, "slo") == [(at(24), FOREVER)]
    deliver(database, "slos", {"updated_at": at(96).isoformat(), "deleted": True})
    assert proved(database, "slo") == [(at(24), at(96))]


def test_a_registered_version_is_there_from_its_making(database: Engine) -> None:
    register(database, model(updated_at=at(0)))
    deliver(database, "model_versions", {"external_id": "v2", "version": "2", "created_at": at(48).isoformat()})
    deliver(database, "model_versions", {"external_id": "v1", "version": "1", "ready_at": at(24).isoformat()})
    assert proved(database, "version") == [(at(24), FOREVER)]


def test_a_model_card_and_a_runbook_count_from_their_review(database: Engine) -> None:
    register(database, model(updated_at=at(0)))
    card = {"external_id": "d1", "kind": "model_card", "reviewed_at": at(24).isoformat()}
    sheet = {"external_id": "d2", "kind": "dataset_sheet", "reviewed_at": at(24).isoformat()}
    runbook = {"external_id": "d3", "kind": "runbook", "reviewed_at": at(48).isoformat()}
    deliver(database, "documents", *(each | {"model": "ranker"} for each in (card, sheet, runbook)))
    assert proved(database, "card") == [(at(24), FOREVER)]
    assert proved(database, "runbook") == [(at(48), FOREVER)]


def test_a_model_is_on_the_paved_road_while_everything_required_is_there(database: Engine) -> None:
    with_objective(database)
    register(database, model(updated_at=at(0), **FULL | {"paved_road": ROAD[:3]}))
    assert proved(database, PAVED) == []
    register(database, model(updated_at=at(24), **FULL))
    assert proved(database, PAVED) == [(at(24), FOREVER)]
    register(database, model(updated_at=at(48), **FULL | {"paved_road": ROAD[1:]}))
    assert proved(database, PAVED) == [(at(24), at(48))]


def test_the_past_keeps_what_was_asked_then(database: Engine) -> None:
    with_objective(database, at(-24))
    register(database, model(updated_at=at(0), **FULL))
    with transaction(database) as session:
        set_criterion(session, "", Wanted("Watched", "monitor:drift monitor:service"), at(48), "ana@example.com", "Q4")
        withdraw_criterion(session, "watched", at(96), "ana@example.com")
    assert proved(database, PAVED) == [(at(-24), at(48)), (at(96), FOREVER)]
    register(database, model(monitors=["service", "drift"], updated_at=at(60)))
    assert proved(database, PAVED) == [(at(-24), at(48)), (at(60), FOREVER)]


def test_an_optional_criterion_fails_nobody(database: Engine) -> None:
    with_objective(database, at(-24))
    register(database, model(updated_at=at(0), **FULL))
    with transaction(database) as session:
        set_criterion(session, "", Wanted("Watched", "monitor:drift", required=False), at(48), "ana@example.com")
    assert proved(database, PAVED) == [(at(-24), FOREVER)]


def test_a_rollback_limit_of_ones_own_is_proved_too(database: Engine) -> None:
    register(database, model(rollback_tested_on=date(2026, 10, 1), updated_at=at(0)))
    with transaction(database) as session:
        set_criterion(session, "", Wanted("Rollback tested", "rollback:30"), at(0), "ana@example.com")
    assert proved(database, "rollback:30") == [(at(0), at(24 * 30))]


def test_whether_a_model_passed_is_one_expression_at_any_instant(database: Engine) -> None:
    with_objective(database, at(-24))
    register(database, model(updated_at=at(0), **FULL), model("bare", tier=1, updated_at=at(0)))
    hours = (-48, 0, 1000)
    with reading(database) as session:
        entry = CatalogEntry.id
        found = {
            hour: session.scalars(select(CatalogEntry.slug).where(passes(entry, at(hour)))).all() for hour in hours
        }
        owned = session.scalars(select(CatalogEntry.slug).where(had(entry, "owner", at(0)))).all()
        assert session.scalar(select(asked(at(0))))
    assert found == {-48: [], 0: ["ranker"], 1000: ["ranker"]}
    assert owned == ["ranker"]


def test_where_nothing_is_required_nobody_passes_or_fails(database: Engine) -> None:
    register(database, model(updated_at=at(0), **FULL))
    with transaction(database) as session:
        for key in session.scalars(select(Criterion.key)).all():
            withdraw_criterion(session, key, at(48), "ana@example.com")
    with reading(database) as session:
        assert session.scalar(select(asked(at(0))))
        assert not session.scalar(select(asked(at(48))))
    assert proved(database, PAVED) == []


def test_what_changed_is_marked_and_nothing_else(database: Engine) -> None:
    register(database, model(owner="Ana", updated_at=at(0)))
    story = Story(database)
    story.clear_marks()
    register(database, model(owner="Ana", runbook_url="https://r.example", updated_at=at(48)))
    assert story.marks("models") == [(at(48), FOREVER)]
    story.clear_marks()
    register(database, model(owner="Ana", runbook_url="https://r.example/2", updated_at=at(72)))
    assert story.marks("models") == []


def test_a_criterion_marks_the_time_from_which_it_counts(database: Engine) -> None:
    register(database, model(updated_at=at(0)))
    story = Story(database)
    story.clear_marks()
    with transaction(database) as session:
        set_criterion(session, "", Wanted("Card", "version"), at(48), "ana@example.com")
    assert story.marks("models") == [(at(48), FOREVER)]


def test_a_name_that_is_mapped_brings_its_proofs_along(database: Engine) -> None:
    register(database, model(updated_at=at(0)))
    deliver(database, "model_versions", {"model": "rank-prod", "created_at": at(24).isoformat()})
    assert proved(database, "version") == []
    with transaction(database) as session:
        map_name(session, "rank-prod", "ranker", "ana@example.com")
    assert proved(database, "version") == [(at(24), FOREVER)]


STATED = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from(["Ana", "Bo"]),
        "paved_road": st.lists(st.sampled_from(ROAD), min_size=1, max_size=3, unique=True),
        "monitors": st.lists(st.sampled_from(["drift", "service"]), min_size=1, max_size=2, unique=True),
        "rollback_tested_on": st.dates(date(2026, 3, 1), date(2026, 10, 1)),
    },
)
DATED = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["catalog", "sheet"]), STATED),
    min_size=1,
    max_size=6,
    unique_by=lambda told: told[:2],
).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told)))


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=DATED)
def test_any_order_of_dated_facts_ends_in_the_same_proofs(sqlite: Engine, told: Any) -> None:
    ends = []
    for order in told:
        with Session(sqlite.execution_options(writes=True)) as session:
            for day, source, stated in order:
                register_facts(session, [model(source=source, updated_at=at(day * 24), **stated)])
            rows = session.scalars(select(Proof).order_by(Proof.what, Proof.valid_from)).all()  # type: ignore[arg-type]
            ends.append([(row.what, row.valid_from, row.valid_to) for row in rows])
            session.rollback()
    assert ends[0] == ends[1]


@pytest.mark.parametrize("name", ["CI workflow", "ci-workflow", "  ci_WORKFLOW "])
def test_an_attested_name_may_be_spelt_as_people_spell_it(sqlite: Engine, name: str) -> None:
    register(sqlite, model(paved_road=[name]))
    assert proved(sqlite, "attested:ci_workflow") == [(EPOCH, FOREVER)]
