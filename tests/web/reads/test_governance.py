"""How a model stands to what is asked for, and what shows it, on both databases."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import time_machine
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.ingest.criteria import Wanted, set_criterion
from ops_console.web.reads.governance import Standing, adoption, criteria_at, evidence, shown, standing
from ops_console.web.reads.model import entry
from tests.ingest.deliveries import deliver
from tests.ingest.story import at

ROAD = "scaffold; ci_workflow; registry; standard_runtime"
STATED = {
    "owner": "Ana",
    "paved_road": ROAD,
    "lifecycle": "production",
    "monitors": "drift",
    "rollback_tested_on": "2026-09-12",
    "updated_at": at(0).isoformat(),
}


def told(engine: Engine) -> None:
    deliver(engine, "models", STATED)
    deliver(engine, "slos", {"updated_at": at(24).isoformat()})
    deliver(engine, "model_versions", {"created_at": at(-24).isoformat()})


def stands(engine: Engine, hour: float) -> Standing:
    with reading(engine) as session:
        found = entry(session, "ranker")
        assert found is not None
        return standing(session, found.id or 0, at(hour))


def test_each_criterion_is_met_or_not_and_since_when(database: Engine) -> None:
    told(database)
    found = stands(database, 48)
    verdicts = {each.criterion.key: (each.met, each.since) for each in found.verdicts}
    assert verdicts["owner"] == (True, None)
    assert verdicts["slo"] == (True, at(24))
    assert verdicts["runbook"] == (False, None)
    assert (found.met, found.required, found.paved) == (6, 7, False)


def test_a_model_gets_on_the_paved_road_at_an_instant(database: Engine) -> None:
    told(database)
    deliver(
        database, "models", {**STATED, "runbook_url": "https://runbooks.example/", "updated_at": at(72).isoformat()}
    )
    assert [stands(database, hour).paved for hour in (71, 72)] == [False, True]
    assert stands(database, 96).since == at(72)


def test_what_is_not_met_any_more_says_since_when(database: Engine) -> None:
    told(database)
    with transaction(database) as session:
        set_criterion(session, "", Wanted("Rollback", "rollback:30", required=False), at(0), "ana@example.com")
    (verdict,) = (each for each in stands(database, 24 * 30).verdicts if each.criterion.key == "rollback")
    assert (verdict.met, verdict.since) == (False, datetime(2026, 10, 12, tzinfo=UTC))


def test_where_nothing_is_required_nothing_is_judged(database: Engine) -> None:
    assert stands_nowhere(database).paved is None


def stands_nowhere(engine: Engine) -> Standing:
    with reading(engine) as session:
        return standing(session, 1, at(0))


def test_evidence_names_its_source_and_where_to_look(database: Engine) -> None:
    with time_machine.travel(at(48)):
        told(database)
        card = {
            "kind": "model_card",
            "model": "ranker",
            "reviewed_at": at(2).isoformat(),
            "url": "https://cards.example/",
        }
        deliver(database, "documents", card)
    with reading(database) as session:
        ranker = entry(session, "ranker")
        assert ranker is not None
        found = evidence(session, ranker, ZoneInfo("UTC"))
    words = {what: (each.words, each.address) for what, each in found.items()}
    assert words["owner"] == ("Ana", None)
    assert words["attested:ci_workflow"] == ("attested by test", None)
    assert words["slo"] == ("availability", "?tab=health#slos")
    assert words["version"] == ("version 1", "?tab=deployments")
    assert words["card"] == ("Model card, reviewed 1 Oct 2026", "https://cards.example/")
    assert [each.words for each in shown("monitor:drift rollback:90", found)] == ["drift", "12 Sep 2026"]


def test_adoption_counts_production_models_alone(database: Engine) -> None:
    told(database)
    deliver(database, "models", {"external_id": "lab", "name": "lab", "owner": "Bo", "lifecycle": "experimental"})
    deliver(database, "models", {"external_id": "old", "name": "old", "lifecycle": "production"})
    with reading(database) as session:
        criteria = criteria_at(session, at(48))
        counted = adoption(session, criteria, at(48))
    by_key = {each.key: counted.met[each.id or 0] for each in criteria}
    assert (counted.production, counted.paved) == (2, 0)
    assert (by_key["owner"], by_key["slo"], by_key["runbook"]) == (1, 1, 0)
