"""Complete model cards: what each card said then, and whether it still spoke of the version that was live."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.ingest.outdated import mark
from ops_console.measures.figures import Figure
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE
from ops_console.measures.scopes import parse as scope_of
from ops_console.scorecard.refresh import rebuild, refresh
from ops_console.scorecard.rows import records
from tests.kpis.governance_records import card, live_model, review
from tests.kpis.records import NOW, Books, at
from tests.scorecard.changing import points
from tests.scorecard.measuring import UTC_ZONE, Kind, books, figure, read_one

KEY = "model_card_completeness"
REVIEWED = at("09-01")
TEMPLATE = "name;version;owner;intended_use;limitations=[More Information Needed]"


def verdicts(session: Session, period: str = "2026-10") -> dict[str, str]:
    """What the records say of each model."""
    month = parse(period, UTC_ZONE)
    return {row.subject: row.note for row in records(session, KEY, WORKSPACE, month.start, month.end).rows}


def test_models_in_production_with_a_complete_card_are_a_share_of_all_of_them(database: Engine) -> None:
    with books(database) as written:
        card(written, live_model(written, "ranker"), REVIEWED)
        card(written, live_model(written, "fraud", tier=2), REVIEWED, tier=3)
        live_model(written, "bidder", tier=3)

        found = figure(written.session, KEY)
        assert (found.k, found.n, found.value) == (1, 3, pytest.approx(1 / 3))
        assert found.detail["by_verdict"] == {
            "complete": {"k": 1, "n": 1},
            "incomplete": {"k": 0, "n": 1},
            "no card": {"k": 0, "n": 1},
        }


def test_each_model_says_what_it_lacks(database: Engine) -> None:
    with books(database) as written:
        card(written, live_model(written, "ranker"), REVIEWED)
        card(written, live_model(written, "fraud", tier=2), REVIEWED, tier=3)
        card(written, live_model(written, "bidder", tier=3), REVIEWED, tier=None)
        card(written, live_model(written, "embed"), at("03-01"))
        card(written, live_model(written, "churn"), None)
        live_model(written, "demand")

        assert verdicts(written.session) == {
            "ranker": "complete",
            "fraud": "incomplete: evaluation data, metrics, training data",
            "bidder": "incomplete: intended use, limitations, owner, version",
            "embed": "out of date",
            "churn": "never reviewed",
            "demand": "no card",
        }


def test_what_is_required_is_that_of_the_tier_then(database: Engine) -> None:
    with books(database) as written:
        model, raised = written.entry("ranker"), at("10-10")
        written.stood(model, EPOCH, raised, tier=3, lifecycle="production")
        written.stood(model, raised, FOREVER, tier=1, lifecycle="production")
        card(written, model, REVIEWED, tier=3)

        assert (figure(written.session, KEY, "2026-09").k, figure(written.session, KEY, "2026-10").k) == (1, 0)


def test_a_model_of_unknown_tier_is_held_to_tier_1(sqlite: Engine) -> None:
    with books(sqlite) as written:
        card(written, live_model(written, tier=None), REVIEWED, tier=2)

        assert "rollback" in verdicts(written.session)["ranker"]


@pytest.mark.parametrize(("tier", "days"), [(1, 180), (2, 365), (3, 365), (None, 180)])
def test_a_card_is_fresh_for_as_long_as_its_tier_says(sqlite: Engine, tier: int | None, days: int) -> None:
    with books(sqlite) as written:
        end = parse("2026-10", UTC_ZONE).end
        card(written, live_model(written, "fresh", tier=tier), end - timedelta(days=days))
        card(written, live_model(written, "stale", tier=tier), end - timedelta(days=days, seconds=1))

        assert verdicts(written.session) == {"fresh": "complete", "stale": "out of date"}


def test_a_card_reviewed_again_was_complete_all_the_while(database: Engine) -> None:
    """Its source keeps one card, and tells how it stands now: that changes nothing of a year ago."""
    with books(database) as written:
        held = card(written, live_model(written), at("10-20"))
        review(written, held, at("05-01"))
        review(written, held, at("02-01"), fields_present=["name"], complete_for_tier=None)

        months = ("2026-02", "2026-05", "2026-09", "2026-10")
        assert [figure(written.session, KEY, month).k for month in months] == [0, 1, 1, 1]


def test_a_card_is_there_until_its_source_deletes_it(sqlite: Engine) -> None:
    with books(sqlite) as written:
        card(written, live_model(written), REVIEWED, deleted_at=at("10-10"))

        assert verdicts(written.session, "2026-09") == {"ranker": "complete"}
        assert verdicts(written.session, "2026-10") == {"ranker": "no card"}


def test_the_latest_of_several_cards_counts(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        card(written, model, at("08-01"))
        card(written, model, REVIEWED, tier=2)

        assert figure(written.session, KEY, "2026-08").k == 1
        assert figure(written.session, KEY, "2026-09").k == 0


def test_runbooks_and_dataset_sheets_are_no_model_cards(sqlite: Engine) -> None:
    with books(sqlite) as written:
        card(written, live_model(written), REVIEWED, kind="runbook")

        assert verdicts(written.session) == {"ranker": "no card"}


# ---- cards of old versions


def versions(written: Books, model: int, *live: tuple[str, datetime]) -> None:
    for version, when in live:
        written.release(model, when, version=version)


def test_the_card_of_a_version_that_was_replaced_long_ago_is_old(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        versions(written, model, ("v1", at("08-01")), ("v2", at("09-20")))
        card(written, model, REVIEWED, version="v1")

        assert verdicts(written.session) == {"ranker": "card of an old version"}


def test_a_card_may_follow_its_version_within_30_days(database: Engine) -> None:
    with books(database) as written:
        model, end = live_model(written), parse("2026-10", UTC_ZONE).end
        versions(written, model, ("v1", at("08-01")), ("v2", end - timedelta(days=29)))
        card(written, model, REVIEWED, version="v1")

        assert verdicts(written.session) == {"ranker": "complete"}
        assert verdicts(written.session, "2026-10-01..2026-11-02") == {"ranker": "card of an old version"}


@pytest.mark.parametrize(
    ("named", "live", "verdict"),
    [
        (None, [("v1", "08-01"), ("v2", "08-20")], "complete"),
        ("v2", [("v1", "08-01"), ("v2", "08-20")], "complete"),
        ("v3", [("v1", "08-01"), ("v2", "08-20")], "complete"),
        ("v0", [("v1", "08-01"), ("v2", "09-20")], "card of an old version"),
        ("v1", [], "complete"),
    ],
    ids=["names none", "the live one", "one to come", "never seen live", "nothing live"],
)
def test_a_card_is_judged_by_the_version_it_names(
    sqlite: Engine, named: str | None, live: list[tuple[str, str]], verdict: str
) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        versions(written, model, *((version, at(day)) for version, day in live))
        card(written, model, REVIEWED, version=named)

        assert verdicts(written.session) == {"ranker": verdict}


def test_after_a_rollback_the_card_of_the_version_that_serves_again_is_none_of_an_old_one(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        versions(written, model, ("v1", at("08-01")), ("v2", at("09-10")))
        written.release(model, at("09-12"), version="v1", kind="rollback", is_first_of_version=False)
        card(written, model, REVIEWED, version="v1")

        assert verdicts(written.session) == {"ranker": "complete"}


def test_canaries_and_other_environments_do_not_make_a_card_old(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        versions(written, model, ("v1", at("08-01")))
        written.release(model, at("08-20"), version="v2", kind="canary")
        written.release(model, at("08-20"), version="v3", environment="staging")
        card(written, model, REVIEWED, version="v1")

        assert verdicts(written.session) == {"ranker": "complete"}


# ---- what is known at all


def test_before_any_document_was_reviewed_nothing_is_known(database: Engine) -> None:
    with books(database) as written:
        live_model(written, "fraud")
        card(written, live_model(written), REVIEWED)

        assert figure(written.session, KEY, "2026-08") == Figure()
        assert figure(written.session, KEY, "2026-09").n == 2


def test_without_a_source_of_documents_no_card_is_said_to_be_missing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        live_model(written)
        none = {"documents": Kind(sources=(), state="not_connected", covers_from=None, covers_until=None)}

        found = read_one(written.session, KEY, fresh=none)
        assert (found.data_state, found.value) == (DataState.NOT_CONNECTED, None)


@pytest.mark.parametrize(
    ("tier", "complete", "status"),
    [(1, 10, Status.ON_TARGET), (1, 9, Status.OFF_TARGET), (2, 9, Status.AT_RISK), (3, 7, Status.OFF_TARGET)],
)
def test_the_target_is_that_of_the_tier(sqlite: Engine, tier: int, complete: int, status: Status) -> None:
    with books(sqlite) as written:
        for number in range(10):
            model = live_model(written, f"m{number}", tier=tier)
            card(written, model, REVIEWED, tier=1 if number < complete else None)

        assert read_one(written.session, KEY, scope=scope_of(f"tier:{tier}")).status is status
        assert read_one(written.session, KEY).status is Status.NONE


def test_fewer_than_five_models_are_too_few(sqlite: Engine) -> None:
    with books(sqlite) as written:
        card(written, live_model(written), REVIEWED)

        assert read_one(written.session, KEY).data_state is DataState.TOO_FEW


# ---- through the door


def told(engine: Engine, kind: str, *rows: dict[str, str]) -> None:
    import_rows(engine, list(rows), Delivery(kind=kind, source="hub", covers_until=NOW, origin="API"))


def test_text_of_a_template_fills_in_nothing(database: Engine) -> None:
    told(database, "models", {"external_id": "1", "name": "ranker", "tier": "3", "lifecycle": "production"})
    row = {"external_id": "c1", "kind": "model_card", "model": "ranker", "reviewed_at": "2026-09-01T12:00Z"}
    told(database, "documents", {**row, "fields_present": TEMPLATE})

    with transaction(database) as session:
        assert verdicts(session) == {"ranker": "incomplete: limitations"}


def test_a_later_review_through_the_door_refreshes_to_what_a_rebuild_gives(database: Engine) -> None:
    told(database, "models", {"external_id": "1", "name": "ranker", "tier": "3", "lifecycle": "production"})
    row = {"external_id": "c1", "kind": "model_card", "model": "ranker", "fields_present": TEMPLATE.partition("=")[0]}
    for reviewed in ("2026-02-01", "2026-10-01", "2026-06-01"):
        told(database, "documents", {**row, "reviewed_at": f"{reviewed}T12:00Z"})
        with transaction(database) as session:
            refresh(session, NOW)

    with transaction(database) as session:
        refreshed = points(session)
        rebuild(session, NOW)
        assert refreshed == points(session)
        months = ("2026-01", "2026-02", "2026-06", "2026-10")
        assert [figure(session, KEY, month).k for month in months] == [None, 1, 1, 1]


def test_a_release_reported_late_refreshes_to_what_a_rebuild_gives(database: Engine) -> None:
    with transaction(database) as session:
        written = Books(session)
        model = live_model(written)
        versions(written, model, ("v1", at("02-01")))
        card(written, model, at("02-10"), version="v1")
        rebuild(session, NOW)
        versions(written, model, ("v2", at("04-10")))
        mark(session, "deployments", [(at("04-10"), at("04-10"))])
        refresh(session, NOW)
        refreshed = points(session)
        rebuild(session, NOW)

        assert refreshed == points(session)
        assert verdicts(session, "2026-05") == {"ranker": "card of an old version"}
