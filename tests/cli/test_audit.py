"""`ops-console audit verify` proves the trail, or says where it breaks."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, update

from ops_console.cli import audit as command
from ops_console.core.db import transaction
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import settings
from ops_console.records import audit
from ops_console.records.audit import AuditEntry, Decision


@pytest.fixture
def trail(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", str(sqlite.url))
    settings.cache_clear()
    with transaction(sqlite) as session:
        audit.record(session, *(Decision("moved", "action", number, "ana") for number in (1, 2)))
    yield sqlite
    settings.cache_clear()


def test_a_whole_trail_is_counted(trail: Engine) -> None:
    done = CliRunner().invoke(command.command, ["verify"])
    assert (done.exit_code, done.output) == (0, "The trail of decisions holds: 2 entries.\n")


def test_a_changed_trail_says_where_it_breaks(trail: Engine) -> None:
    with transaction(trail) as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 2).values(by="nobody"))  # type: ignore[arg-type]
    done = CliRunner().invoke(command.command, ["verify"])
    assert isinstance(done.exception, OpsConsoleError)
    assert "breaks at entry 2" in str(done.exception)
