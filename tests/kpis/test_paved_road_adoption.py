"""Models on paved road: all that is required, by the models there were, on the day in question."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.ingest.criteria import Wanted, set_criterion, withdraw_criterion
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.measures.figures import Figure
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.catalog import CatalogStatement
from ops_console.records.criteria import PAVED, Criterion, Proof
from ops_console.scorecard.refresh import rebuild, refresh
from ops_console.scorecard.rows import records
from tests.kpis.governance_records import BEFORE, live_model
from tests.kpis.records import NOW, Books, at
from tests.scorecard.changing import points
from tests.scorecard.measuring import UTC_ZONE, books, figure, read_one

KEY = "paved_road_adoption"
CRITERIA = {"Has a runbook": "runbook", "Watched for drift": "monitor:drift monitor:service", "Has an owner": "owner"}
ALL = tuple({what for proof in CRITERIA.values() for what in proof.split()})


def asked(written: Books, *titles: str, since: datetime = EPOCH, **changes: object) -> None:
    """Criteria in force, and the first word about any model."""
    written.keep(CatalogStatement(entry_id=written.entry("registry"), source="t", external_id="1", stated_at=BEFORE))
    for title in titles or CRITERIA:
        how = {"key": title, "title": title, "proof": CRITERIA[title], "from_at": since, "set_by": "x", "set_at": NOW}
        written.keep(Criterion(**(how | changes)))


def had(written: Books, entry_id: int, *what: str, since: datetime = EPOCH, until: datetime = FOREVER) -> None:
    """Proofs of a model, and that it is on the road if they are all there are."""
    for each in (*what, PAVED) if {*what} >= {*ALL} else what:
        written.keep(Proof(entry_id=entry_id, what=each, valid_from=since, valid_to=until))


def notes(session: Session, period: str = "2026-10") -> dict[str, str]:
    month = parse(period, UTC_ZONE)
    return {row.subject: row.note for row in records(session, KEY, WORKSPACE, month.start, month.end).rows}


def test_models_that_meet_every_criterion_are_a_share_of_those_in_production(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        had(written, live_model(written, "ranker"), *ALL)
        live_model(written, "fraud")

        found = figure(written.session, KEY)
        assert (found.k, found.n, found.value) == (1, 2, 0.5)


def test_half_passed_is_not_passed_and_says_what_it_lacks(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        had(written, live_model(written, "ranker"), *ALL)
        had(written, live_model(written, "fraud"), "runbook", "monitor:drift", "owner")
        live_model(written, "bidder")

        assert figure(written.session, KEY).k == 1
        assert notes(written.session) == {
            "ranker": "meets every criterion",
            "fraud": "lacks: Watched for drift",
            "bidder": "lacks: Has a runbook; Has an owner; Watched for drift",
        }


def test_the_base_is_the_models_in_production_then_and_never_todays(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        retired = written.entry("old")
        written.stood(retired, EPOCH, at("09-10"), lifecycle="production")
        written.stood(retired, at("09-10"), FOREVER, lifecycle="retired")
        new = written.entry("new")
        written.stood(new, EPOCH, at("10-10"), lifecycle="experimental")
        written.stood(new, at("10-10"), FOREVER, lifecycle="production")
        had(written, live_model(written), *ALL)

        shares = [figure(written.session, KEY, month) for month in ("2026-08", "2026-09", "2026-10")]
        assert [(found.k, found.n) for found in shares] == [(1, 2), (1, 1), (1, 2)]


def test_what_a_model_had_then_counts(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        had(written, live_model(written), *ALL, since=at("08-10"), until=at("10-10"))

        months = ("2026-07", "2026-08", "2026-09", "2026-10")
        assert [figure(written.session, KEY, month).k for month in months] == [0, 1, 1, 0]


def test_how_many_meet_each_criterion_stands_beside(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        had(written, live_model(written, "ranker"), *ALL)
        had(written, live_model(written, "fraud"), "runbook", "monitor:drift")

        assert figure(written.session, KEY).detail["criteria"]["by_criterion"] == {
            "Has a runbook": {"k": 2, "n": 2},
            "Has an owner": {"k": 1, "n": 2},
            "Watched for drift": {"k": 1, "n": 2},
        }


def test_a_criterion_counts_while_it_is_in_force_and_required(sqlite: Engine) -> None:
    with books(sqlite) as written:
        asked(written, "Has a runbook", until_at=at("10-01"))
        asked_more = {"key": "x", "title": "Nice to have", "proof": "slo", "required": False}
        written.keep(Criterion(**asked_more, from_at=EPOCH, set_by="x", set_at=NOW))
        had(written, live_model(written), PAVED, until=at("10-01"))

        assert set(figure(written.session, KEY, "2026-09").detail["criteria"]["by_criterion"]) == {"Has a runbook"}
        assert figure(written.session, KEY, "2026-10").excluded == {"nothing was required": 1}


def test_a_name_that_serves_and_is_not_registered_stands_beside_and_not_in_the_base(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        had(written, live_model(written), *ALL)
        stranger = written.entry("shadow-scorer", provisional=True)
        written.stood(stranger, EPOCH, FOREVER)
        written.release(stranger, at("09-10"))
        staging = written.entry("trial", provisional=True)
        written.release(staging, at("09-10"), environment="staging")

        assert "found_not_registered" not in figure(written.session, KEY, "2026-08").detail
        found = figure(written.session, KEY, "2026-09")
        assert (found.n, found.detail["found_not_registered"]["value"]) == (1, 1)


def test_monitoring_and_ownership_count_models_that_have_all_of_it(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        watched = [f"monitor:{what}" for what in ("service", "drift", "data_quality", "performance")]
        had(written, live_model(written, "ranker"), *watched, "owner")
        had(written, live_model(written, "fraud"), *watched[:2], "owner", "on_call", "escalation", "runbook")

        detail = figure(written.session, KEY).detail
        assert (detail["monitoring"]["k"], detail["monitoring"]["n"], detail["monitoring"]["drift"]) == (1, 2, 2)
        assert (detail["ownership"]["k"], detail["ownership"]["n"], detail["ownership"]["on_call"]) == (1, 2, 1)


def test_services_are_no_models(sqlite: Engine) -> None:
    with books(sqlite) as written:
        asked(written)
        live_model(written, "gateway", kind="service")

        assert figure(written.session, KEY).n is None


def test_before_the_first_word_about_any_model_nothing_is_known(database: Engine) -> None:
    with books(database) as written:
        asked(written)
        live_model(written)

        assert figure(written.session, KEY, "2025-12") == Figure()
        assert figure(written.session, KEY, "2026-01").n == 1


def test_above_80_percent_is_on_target_and_under_five_models_are_too_few(sqlite: Engine) -> None:
    with books(sqlite) as written:
        asked(written)
        for number in range(4):
            had(written, live_model(written, f"m{number}"), *ALL)
        assert read_one(written.session, KEY).data_state is DataState.TOO_FEW

        live_model(written, "m5")
        assert read_one(written.session, KEY).status is Status.OFF_TARGET
        had(written, live_model(written, "m6"), *ALL)
        assert read_one(written.session, KEY).status is Status.ON_TARGET


def test_what_is_asked_and_told_later_refreshes_to_what_a_rebuild_gives(database: Engine) -> None:
    """Through the door and the criteria as people set them."""
    row = {"external_id": "1", "name": "ranker", "tier": "1", "lifecycle": "production", "owner": "Ada"}
    told = [
        ("models", {**row, "updated_at": "2026-03-01T12:00Z"}),
        ("models", {**row, "updated_at": "2026-06-01T12:00Z", "runbook_url": "https://r.example.com/1"}),
        ("models", {**row, "updated_at": "2026-02-01T12:00Z"}),
        ("deployments", {"external_id": "d", "model": "odd", "version": "1", "environment": "production"}),
        ("models", {"external_id": "2", "name": "odd"}),
    ]
    told[3][1].update(status="succeeded", finished_at="2026-04-01T12:00Z")
    for kind, row in told:
        import_rows(database, [row], Delivery(kind=kind, source="hub", covers_until=NOW, origin="API"))
        refreshed_as_rebuilt(database)
    with transaction(database) as session:
        for key in ("scaffold", "ci_workflow", "registry", "standard_runtime", "slo"):
            withdraw_criterion(session, key, at("04-10"), "Ada")
    refreshed_as_rebuilt(database)
    with transaction(database) as session:
        set_criterion(session, "", Wanted("Watched", "monitor:drift"), at("09-10"), "Ada")
    refreshed_as_rebuilt(database)

    with transaction(database) as session:
        months = ("2026-01", "2026-02", "2026-05", "2026-06", "2026-08", "2026-09")
        assert [figure(session, KEY, month).k for month in months] == [None, 0, 0, 1, 1, 0]


def refreshed_as_rebuilt(database: Engine) -> None:
    with transaction(database) as session:
        refresh(session, NOW)
        refreshed = points(session)
        rebuild(session, NOW)
        assert refreshed == points(session)
