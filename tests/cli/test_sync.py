"""`ops-console sync` and `ops-console replay`."""

import os
import socket
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ops_console import cli
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival
from ops_console.core import settings
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest import inbox, sources
from tests.ingest.vendor import Shop, add_source, deployment, office, source, versions

Call = Callable[..., Result]


@pytest.fixture
def shop() -> Shop:
    return Shop([deployment(number) for number in range(5)])


@pytest.fixture
def call(sqlite: Engine, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", str(sqlite.url))
    settings.settings.cache_clear()
    yield lambda *words: CliRunner().invoke(cli.group, list(words), obj=office(sqlite, shop).parts)
    settings.settings.cache_clear()


def test_every_source_is_brought_up_to_date(call: Call, sqlite: Engine) -> None:
    add_source(sqlite), add_source(sqlite, "second")
    answer = call("sync")
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "second: up to date; 5 facts, 5 new or changed, 0 refused.",
        "shop: up to date; 5 facts, 5 new or changed, 0 refused.",
    ]


def test_a_source_that_fails_says_why_and_the_others_go_on(call: Call, sqlite: Engine, shop: Shop) -> None:
    add_source(sqlite), add_source(sqlite, "a first")
    shop.troubles[1] = Rejected("The token has expired.", remedy="Make a new one.")
    answer = call("sync")
    assert answer.exit_code == 1
    assert (
        "a first: 2 facts, 2 new or changed, 0 refused. Then: The token has expired. Make a new one." in answer.output
    )
    assert "shop: up to date; 5 facts" in answer.output


def test_paused_sources_are_synced_only_by_name(call: Call, sqlite: Engine) -> None:
    add_source(sqlite)
    with transaction(sqlite) as session:
        sources.pause(session, sources.named(session, "shop"), "ana", paused=True)
    assert call("sync").output == "Every source is paused, or none is set up yet; see the page Integrations.\n"
    assert "shop: up to date" in call("sync", "shop").output


def test_a_source_that_is_only_told_is_not_asked(call: Call, sqlite: Engine) -> None:
    add_source(sqlite)
    with transaction(sqlite) as session:
        sources.named(session, "shop").minutes = 0
    assert "none is set up yet" in call("sync").output
    answer = call("sync", "shop")
    assert isinstance(answer.exception, BadInput) and "is told by webhook" in str(answer.exception)


def test_since_a_day_reads_again_from_its_midnight(call: Call, sqlite: Engine, shop: Shop) -> None:
    add_source(sqlite)
    call("sync")
    call("sync", "shop", "--since", "2026-06-01")
    assert shop.asked == [0, 0]
    assert source(sqlite).since.isoformat() == "2026-06-01T00:00:00+00:00"


def test_a_source_under_way_elsewhere_is_left_alone(call: Call, sqlite: Engine) -> None:
    with sources.claimed(sqlite, add_source(sqlite)):
        answer = call("sync")
    assert answer.exit_code == 1
    assert answer.output.startswith(
        f"shop: Process {os.getpid()} on {socket.gethostname()} syncs it and holds it until "
    )
    assert "It is alive: wait for it, or stop it and sync again" in answer.output


def test_a_source_held_on_another_machine_says_until_when(call: Call, sqlite: Engine) -> None:
    with sources.claimed(sqlite, add_source(sqlite)), transaction(sqlite) as session:
        sources.named(session, "shop").claimed_by = "12 4711 another-boot pid:[1] elsewhere"
        session.commit()
        answer = call("sync", "shop")
    assert answer.output.startswith("shop: Process 12 on elsewhere syncs it and holds it until ")
    assert "its hold ends by itself then" in answer.output


def test_names_and_days_that_cannot_be_are_refused(call: Call, sqlite: Engine) -> None:
    add_source(sqlite)
    assert isinstance(call("sync", "nobody").exception, NotFound)
    assert isinstance(call("sync", "shop", "--since", "soon").exception, BadInput)
    assert isinstance(call("replay", "nobody").exception, NotFound)


def test_a_replay_reads_again_what_was_sent(call: Call, sqlite: Engine) -> None:
    add_source(sqlite)
    with transaction(sqlite) as session:
        arrival = Arrival("d1", "deployed")
        inbox.receive(session, sources.named(session, "shop"), arrival, b'{"number": 7}', now())
    assert call("replay", "shop").output.startswith("shop: 1 delivery read again.")
    assert call("replay", "shop", "--since", "2099-01-01").output.startswith("shop: 0 deliveries read again.")
    assert versions(sqlite) == {"7": "v7"}
