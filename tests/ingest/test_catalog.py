"""The catalogue: idempotent, in any order, with its history."""

from datetime import datetime
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
from ops_console.ingest.resolve import Names
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from tests.examples import examples
from tests.ingest.story import Story, at, deployment


def model(name: str = "Ranker", **stated: Any) -> ModelFact:
    return ModelFact(**{"source": "catalog", "external_id": name, "name": name} | stated)


def register(engine: Engine, *facts: ModelFact) -> list[str]:
    with transaction(engine) as session:
        return register_facts(session, facts)


def history(engine: Engine) -> list[tuple[datetime, datetime, int | None, str | None]]:
    with reading(engine) as session:
        rows = session.scalars(select(CatalogInterval).order_by(CatalogInterval.entry_id, CatalogInterval.valid_from))  # type: ignore[arg-type]
        return [(row.valid_from, row.valid_to, row.tier, row.team) for row in rows]


def test_a_fact_makes_an_entry_that_stood_so_from_the_beginning(database: Engine) -> None:
    assert register(database, model(tier=1, team="search", updated_at=at(0))) == ["new"]
    assert history(database) == [(EPOCH, FOREVER, 1, "search")]


def test_the_same_fact_again_changes_nothing(database: Engine) -> None:
    register(database, model(tier=1))
    assert register(database, model(tier=1)) == ["unchanged"]
    assert len(history(database)) == 1


def test_a_later_change_closes_the_interval_and_marks_what_follows(database: Engine) -> None:
    register(database, model(tier=1, updated_at=at(0)))
    Story(database).clear_marks()
    assert register(database, model(tier=2, updated_at=at(48))) == ["changed"]
    assert history(database) == [(EPOCH, at(48), 1, None), (at(48), FOREVER, 2, None)]
    assert Story(database).marks("models") == [(at(48), FOREVER)]


def test_a_model_that_is_deleted_marks_what_follows_although_it_stood_as_it_did(database: Engine) -> None:
    register(database, model(tier=1, updated_at=at(0)))
    Story(database).clear_marks()
    register(database, model(tier=1, updated_at=at(48), deleted=True))
    assert Story(database).marks("models") == [(at(48), FOREVER)]


def test_a_model_that_turns_out_to_be_a_service_never_was_a_model(database: Engine) -> None:
    register(database, model(tier=1, updated_at=at(0)))
    Story(database).clear_marks()
    register(database, model(tier=1, kind="service", updated_at=at(48)))
    assert Story(database).marks("models") == [(EPOCH, FOREVER)]


def test_an_older_fact_tells_the_past_and_leaves_the_present(database: Engine) -> None:
    register(database, model(tier=1, updated_at=at(48)))
    assert register(database, model(tier=3, updated_at=at(0))) == ["older"]
    assert history(database) == [(EPOCH, at(48), 3, None), (at(48), FOREVER, 1, None)]
    assert Story(database).entry("ranker").tier == 1


def test_an_empty_cell_wipes_nothing(database: Engine) -> None:
    register(database, model(tier=1, owner="ada", updated_at=at(0)))
    register(database, model(source="sheet", team="search", updated_at=at(24)))
    entry = Story(database).entry("ranker")
    assert (entry.tier, entry.owner, entry.team) == (1, "ada", "search")


def test_a_tombstone_keeps_the_entry_and_dates_its_end(database: Engine) -> None:
    register(database, model(tier=1, updated_at=at(0)))
    register(database, model(updated_at=at(24), deleted=True))
    assert Story(database).entry("ranker").deleted_at == at(24)


def test_a_renamed_model_stays_the_same_entry(database: Engine) -> None:
    register(database, model("Ranker", external_id="7"))
    register(database, model("Search ranker", external_id="7"))
    with transaction(database) as session:
        names = Names(session)
        assert names.find("search  RANKER") == names.find("ranker")


def test_aliases_and_the_service_name_lead_to_the_model(database: Engine) -> None:
    register(database, model(aliases=["rank-prod"], service="rank-svc"))
    with transaction(database) as session:
        names = Names(session)
        assert names.find("RANK-prod") == names.find("rank-svc") == names.find("ranker")


def test_a_service_of_several_models_stands_for_itself(database: Engine) -> None:
    register(database, model("a", service="shared"), model("b", service="shared"))
    with transaction(database) as session:
        assert Names(session).find("shared") is None


def test_an_alias_takes_over_what_waited_under_its_name(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0, subject="rank-prod"))
    register(database, model(aliases=["rank-prod"]))
    assert [release.entry_id for release in story.releases()] == [story.entry("ranker").id]
    assert [entry.slug for entry in story.rows(CatalogEntry)] == ["ranker"]


STATED = st.fixed_dictionaries(
    {},
    optional={
        "tier": st.sampled_from([1, 2, 3]),
        "team": st.sampled_from(["search", "ads"]),
        "runbook_url": st.sampled_from(["https://a.example", "https://b.example"]),
    },
)
DATED = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["catalog", "sheet"]), STATED), min_size=1, max_size=6
).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told)))


@pytest.mark.parametrize("batches", [True, False])
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=DATED)
def test_any_order_of_dated_facts_ends_in_the_same_history(sqlite: Engine, batches: bool, told: Any) -> None:
    ends = []
    for order in told:
        with Session(sqlite.execution_options(writes=True)) as session:
            facts = [model(source=source, updated_at=at(day * 24), **stated) for day, source, stated in order]
            for batch in [facts] if batches else [[fact] for fact in facts]:
                register_facts(session, batch)
            intervals = session.scalars(select(CatalogInterval).order_by(CatalogInterval.valid_from)).all()  # type: ignore[arg-type]
            entry = session.scalars(select(CatalogEntry)).one()
            spans = [(row.valid_from, row.valid_to, row.tier, row.team) for row in intervals]
            ends.append((spans, entry.tier, entry.team, entry.runbook_url))
            session.rollback()
    assert ends[0] == ends[1]
