"""A person's word on a model wins over every source, survives each import, and can be withdrawn."""

from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, select

from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.entry_edits import Change, changes, edit_entry, edits, withdraw_edit
from ops_console.ingest.mapping_names import register as register_name
from ops_console.records.catalog import CatalogInterval
from ops_console.records.criteria import Proof
from tests.ingest.story import Story, at
from tests.ingest.test_proofs import model, register

BY = "ana@example.com"


def edit(engine: Engine, hour: float, **values: Any) -> None:
    with time_machine.travel(at(hour), tick=False), transaction(engine) as session:
        edit_entry(session, "ranker", values, BY, "she moved")


def withdraw(engine: Engine, hour: float, field: str) -> None:
    with time_machine.travel(at(hour), tick=False), transaction(engine) as session:
        withdraw_edit(session, "ranker", field, BY)


def owners(engine: Engine) -> list[str | None]:
    with reading(engine) as session:
        return list(session.scalars(select(CatalogInterval.owner).order_by(CatalogInterval.valid_from)))  # type: ignore[arg-type]


def test_an_edit_holds_from_then_on_and_survives_the_next_import(database: Engine) -> None:
    register(database, model(owner="Bo", tier=1, updated_at=at(0)))
    edit(database, 24, owner="Cy")
    register(database, model(owner="Dee", tier=2, updated_at=at(48)))
    entry = Story(database).entry("ranker")
    assert (entry.owner, entry.tier) == ("Cy", 2)
    assert owners(database) == ["Bo", "Cy", "Cy"]


def test_withdrawn_it_lets_the_sources_speak_again(database: Engine) -> None:
    register(database, model(owner="Bo", updated_at=at(0)))
    edit(database, 24, owner="Cy")
    register(database, model(owner="Dee", updated_at=at(48)))
    withdraw(database, 72, "owner")
    assert owners(database) == ["Bo", "Cy", "Dee"]
    with reading(database) as session:
        assert edits(session, Story(database).entry("ranker").id or 0) == {}


def test_a_field_can_be_emptied(database: Engine) -> None:
    register(database, model(owner="Bo", monitors=["drift"], rollback_tested_on=date(2026, 9, 1), updated_at=at(0)))
    edit(database, 24, owner=None, monitors=[], rollback_tested_on=None)
    entry = Story(database).entry("ranker")
    assert (entry.owner, entry.monitors, entry.rollback_tested_on) == (None, [], None)
    with reading(database) as session:
        proved = {row.what: row.valid_to for row in session.scalars(select(Proof))}
    assert proved == {"owner": at(24), "monitor:drift": at(24), "rollback:180": at(24)}


def test_who_set_what_and_why_is_told(database: Engine) -> None:
    register(database, model(tier=2, updated_at=at(0)))
    edit(database, 24, tier=1, on_call="search-oc")
    with reading(database) as session:
        made = edits(session, Story(database).entry("ranker").id or 0)
    assert {field: (edit.value, edit.by, edit.at, edit.reason) for field, edit in made.items()} == {
        "tier": (1, BY, at(24), "she moved"),
        "on_call": ("search-oc", BY, at(24), "she moved"),
    }


def test_the_history_names_each_change_and_who_said_so(database: Engine) -> None:
    register(database, model(tier=2, updated_at=at(0)))
    register(database, model(source="sheet", team="Search", updated_at=at(12)))
    edit(database, 24, tier=1)
    register(database, model(source="sheet", team="Ads", updated_at=at(36)))
    with reading(database) as session:
        told = changes(session, Story(database).entry("ranker").id or 0)
    assert told == [
        Change(at(36), "team", "Search", "Ads", "sheet", ""),
        Change(at(24), "tier", 2, 1, BY, "she moved"),
    ]


def test_what_cannot_be_is_refused_with_the_field_and_changes_nothing(database: Engine) -> None:
    register(database, model(tier=2))
    for values, told in (
        ({"tier": "7"}, "tier cannot become '7'"),
        ({"monitors": ["weather"]}, "monitors cannot become"),
        ({"name": "other"}, "'name' of a model cannot be edited"),
    ):
        with pytest.raises(BadInput, match=told):
            edit(database, 24, **values)
    assert Story(database).entry("ranker").tier == 2


def test_only_what_exists_can_be_edited_or_withdrawn(database: Engine) -> None:
    with pytest.raises(NotFound, match="There is no model"):
        edit(database, 0, tier=1)
    register(database, model(tier=2))
    with pytest.raises(NotFound, match="Nobody here set tier"):
        withdraw(database, 0, "tier")


def test_registering_a_stray_name_is_a_persons_word_too(database: Engine) -> None:
    Story(database).deployed({**_deployed(), "subject": "churn"})
    with time_machine.travel(at(24), tick=False), transaction(database) as session:
        register_name(session, "churn", BY, tier=2)
    register(database, model("churn", tier=3, team="Growth", updated_at=at(48)))
    entry = Story(database).entry("churn")
    assert (entry.tier, entry.team) == (2, "Growth")
    with reading(database) as session:
        assert edits(session, entry.id or 0)["tier"].by == BY


def _deployed() -> dict[str, Any]:
    return {
        "external_id": "1",
        "source": "cd",
        "version": "1",
        "environment": "production",
        "status": "succeeded",
        "finished_at": at(1),
    }
