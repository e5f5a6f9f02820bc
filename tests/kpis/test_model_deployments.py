"""What counts as a deployment, and why the rest does not."""

import pytest
from sqlalchemy import Engine

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books, figure


def test_a_release_that_goes_live_in_production_counts_once(database: Engine) -> None:
    with books(database) as written:
        written.release(written.model(), at("10-14"))

        assert figure(written.session, "model_deployments").value == 1


def test_a_hotfix_is_a_deployment(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.release(written.model(), at("10-14"), kind="hotfix")

        assert figure(written.session, "model_deployments").value == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": "restart"}, "restart of a live version"),
        ({"kind": "canary"}, "canary step"),
        ({"kind": "shadow"}, "shadow traffic"),
        ({"kind": "config"}, "configuration change"),
        ({"kind": "rollback"}, "rollback"),
        ({"is_first_of_version": False}, "same version again"),
    ],
)
def test_what_is_no_new_version_is_left_out_with_its_reason(
    sqlite: Engine, changes: dict[str, object], reason: str
) -> None:
    with books(sqlite) as written:
        written.release(written.model(), at("10-14"), **changes)

        found = figure(written.session, "model_deployments")
        assert (found.value, found.excluded) == (0, {reason: 1})


@pytest.mark.parametrize(
    ("status", "reason"),
    [("failed", "failed before it was live"), ("cancelled", "cancelled"), ("running", "not live yet")],
)
def test_an_attempt_that_was_never_live_is_left_out_with_its_reason(database: Engine, status: str, reason: str) -> None:
    with books(database) as written:
        written.release(written.model(), None, status=status, last_at=at("10-14"))

        found = figure(written.session, "model_deployments")
        assert (found.value, found.excluded) == (0, {reason: 1})


def test_other_environments_are_not_candidates(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.release(written.model(), at("10-14"), environment="staging")

        assert figure(written.session, "model_deployments").value is None


def test_a_period_holds_its_first_instant_and_not_the_one_after_its_last(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        written.release(model, at("10-01 00:00"))
        written.release(model, at("11-01 00:00"))

        assert figure(written.session, "model_deployments", "2026-10").value == 1
        assert figure(written.session, "model_deployments", "2026-11").value == 1


def _two_teams(written: Books) -> None:
    for _ in range(2):
        written.release(written.model(f"a{next(written.numbers)}", tier=1, team="Search"), at("10-14"))
    written.release(written.model("b", tier=2, team="Risk"), at("10-14"))


@pytest.mark.parametrize(
    ("scope", "count"), [("workspace", 3), ("team:Search", 2), ("team:Risk", 1), ("tier:1", 2), ("model:b", 1)]
)
def test_each_scope_counts_its_own(database: Engine, scope: str, count: int) -> None:
    with books(database) as written:
        _two_teams(written)

        assert figure(written.session, "model_deployments", scope=scope).value == count


def test_a_release_belongs_to_the_team_and_tier_of_its_day(database: Engine) -> None:
    with books(database) as written:
        entry = written.entry("moved")
        written.stood(entry, EPOCH, at("10-10"), team="Search", tier=2)
        written.stood(entry, at("10-10"), FOREVER, team="Risk", tier=1)
        written.release(entry, at("10-09"))
        written.release(entry, at("10-11"))

        counts = {
            scope: figure(written.session, "model_deployments", scope=scope).value
            for scope in ("team:Search", "team:Risk", "tier:2", "tier:1")
        }
        assert counts == dict.fromkeys(counts, 1)


def test_a_release_of_an_entry_nobody_placed_counts_for_the_workspace_and_its_model(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.release(written.entry("unknown"), at("10-14"))

        assert figure(written.session, "model_deployments").value == 1
        assert figure(written.session, "model_deployments", scope="model:unknown").value == 1
