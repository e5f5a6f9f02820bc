"""What a deployment and its statuses say, and which of two views stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.github.account import Account, account
from integrations.github.deployments import Status, fact, is_open
from ops_console.contracts.integration import Rejected

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
HERE = account({"repositories": ["acme/ranker"], "production": ["prod-eu"], "version_key": "version"})


def at(seconds: int) -> datetime:
    return NOON + timedelta(seconds=seconds)


def statuses(*states: str) -> list[Status]:
    """One a minute."""
    return [Status(at(60 * number), state) for number, state in enumerate(states, 1)]


def told(*states: str, here: Account = HERE, **said: Any) -> dict[str, Any]:
    deployment = {
        "id": 7,
        "sha": "abc",
        "ref": "main",
        "environment": "prod-eu",
        "created_at": "2026-10-01T12:00:00Z",
        "creator": {"login": "ana", "type": "User"},
    }
    return dict(fact(deployment | said, statuses(*states), "acme/ranker", here).values)


def test_a_deployment_tells_who_what_where_and_when() -> None:
    assert told("queued", "in_progress", "success") == {
        "external_id": "7",
        "url": "https://github.com/acme/ranker/deployments",
        "updated_at": "2026-10-01T12:03:00.007000+00:00",
        "service": "acme/ranker",
        "version": "abc",
        "environment": "production",
        "status": "succeeded",
        "requested_at": "2026-10-01T12:00:00Z",
        "started_at": "2026-10-01T12:02:00+00:00",
        "finished_at": "2026-10-01T12:03:00+00:00",
        "git_sha": "abc",
        "actor": "ana",
        "is_bot": False,
    }


@pytest.mark.parametrize(
    ("states", "status", "minute"),
    [
        ([], "running", None),
        (["waiting"], "running", None),
        (["queued", "in_progress"], "running", None),
        (["in_progress", "success"], "succeeded", 2),
        (["in_progress", "failure"], "failed", 2),
        (["error"], "failed", 1),
        (["in_progress", "success", "inactive"], "succeeded", 2),
        (["success", "success"], "succeeded", 1),
        (["failure", "in_progress", "success"], "succeeded", 3),
        (["failure", "in_progress"], "failed", 1),
        (["success", "failure"], "failed", 2),
        (["queued", "inactive"], "cancelled", 2),
        (["queued", "something_new"], "running", None),
    ],
)
def test_the_last_word_counts_since_it_was_first_said(states: list[str], status: str, minute: int | None) -> None:
    found = told(*states)
    assert found["status"] == status
    assert found.get("finished_at") == (at(60 * minute).isoformat() if minute else None)
    assert is_open(statuses(*states)) == (status == "running")


def test_being_replaced_by_the_next_deployment_changes_nothing() -> None:
    assert told("in_progress", "success", "inactive") == told("in_progress", "success")


def test_environments_are_production_by_choice_or_by_their_very_name() -> None:
    names = ["prod-eu", "Production", "production", "prod-us", "staging"]
    found = [told(environment=name)["environment"] for name in names]
    assert found == ["production", "production", "production", "prod-us", "staging"]


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ({}, "abc"),
        ({"ref": "v1.4.2"}, "v1.4.2"),
        ({"ref": "refs/tags/2026.10.1"}, "2026.10.1"),
        ({"ref": "release-7"}, "abc"),
        ({"payload": {"version": 14}}, "14"),
        ({"payload": '{"version": "14"}', "ref": "v1.0"}, "14"),
        ({"payload": "deployed by hand"}, "abc"),
        ({"payload": {"version": ["no"]}}, "abc"),
    ],
)
def test_the_version_is_what_the_payload_says_else_the_tag_else_the_commit(said: dict[str, Any], version: str) -> None:
    assert told(**said)["version"] == version


def test_a_deployment_is_about_the_model_its_payload_names_else_about_its_repository() -> None:
    here = account({"repositories": ["acme/ranker"], "subject_key": "model"})
    assert told(here=here, payload={"model": "search-ranker"})["service"] == "search-ranker"
    assert told(here=here)["service"] == "acme/ranker"


def test_a_rollback_says_so_in_its_task_and_a_bot_by_its_type() -> None:
    assert told(task="deploy:rollback")["kind"] == "rollback"
    assert "kind" not in told(task="deploy")
    assert told(creator={"login": "ci[bot]", "type": "Bot"})["is_bot"] is True
    assert "is_bot" not in told(creator=None)


def test_a_server_of_ones_own_has_its_pages_beside_its_api() -> None:
    here = account({"api_url": "https://git.acme.example/api/v3", "repositories": ["acme/ranker"]})
    assert told(here=here)["url"] == "https://git.acme.example/acme/ranker/deployments"
    assert here.graphql_url == "https://git.acme.example/api/graphql"
    assert HERE.graphql_url == "https://api.github.com/graphql"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"repositories": ["ranker"]}, "'ranker' is no repository"),
        ({"repositories": ["a/b/../c"]}, "is no repository"),
        ({"workflows": ["train.yml"]}, "names no workflow"),
        ({"workflows": ["train.yml dance"]}, "names no workflow"),
        ({"workflows": ["../x.yml train"]}, "names no workflow"),
    ],
)
def test_a_set_up_that_cannot_be_is_told(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        account(settings)


@given(st.lists(st.tuples(st.sampled_from(["queued", "in_progress", "success", "failure"]), st.integers(0, 3))))
def test_who_knows_more_of_a_deployment_always_stands(said: list[tuple[str, int]]) -> None:
    deployment = {"id": 7, "sha": "abc", "environment": "x", "created_at": "2026-10-01T12:00:00Z"}
    known = [Status(at(second), state) for state, second in sorted(said, key=lambda each: each[1])]
    whole = fact(deployment, known, "acme/ranker", HERE)
    for one in known:
        view = fact(deployment, [one], "acme/ranker", HERE)
        assert view == whole or view.values["updated_at"] < whole.values["updated_at"]
