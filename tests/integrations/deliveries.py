"""A console that is told by one source, in an emptied database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from ops_console.contracts.integration import Manifest
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import Webhook
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources, sync
from ops_console.records.sources import InboxDelivery
from tests.emptying import empty

OURS = {"id", "ingested_at", "fingerprint", "entry_id", "release_id", "live_witness", "rolls_back_id"}
LOOPBACK = "127.0.0.0/8,::1/128"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)


class Console:
    def __init__(
        self,
        engine: Engine,
        manifest: Manifest,
        webhook: Any,
        tables: Sequence[type[SQLModel]],
        settings: Mapping[str, Any] = MappingProxyType({}),
        *,
        collector: Any = None,
        places: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._webhook: Webhook = webhook
        self._tables, self._key = tables, manifest.key
        roles = {"webhooks": {self._key: webhook}} | ({"collectors": {self._key: collector}} if collector else {})
        self._office = Office(engine, Parts({self._key: manifest}, **roles), Settings(private_addresses=LOOPBACK))
        with transaction(engine) as session:
            empty(session.connection())
            made = sources.add(session, manifest, self._key, settings, places, BEGAN, "ana")
        self._number = made.id or 0

    def poll(self) -> None:
        assert sync.sync(self._office, self._number, "test").state == "done"

    def deliver(self, *bodies: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        """Take some deliveries and read them together."""
        with transaction(self._office.engine) as session:
            source = sources.named(session, self._key)
            for content in bodies:
                inbox.receive(session, source, self._webhook.arrival(headers, content), content, now())
        inbox.process(self._office)

    def replay(self) -> None:
        with reading(self._office.engine) as session:
            source = sources.named(session, self._key)
        inbox.replay(self._office, source)

    def records(self) -> dict[str, list[Any]]:
        with reading(self._office.engine) as session:
            found = {}
            for table in self._tables:
                rows = [row.model_dump(exclude=OURS) for row in session.scalars(select(table))]
                found[table.__name__] = sorted(rows, key=_name)
        return found

    def deliveries(self) -> list[tuple[str, str]]:
        """State and reason of each, in the order in which they came."""
        with reading(self._office.engine) as session:
            rows = session.scalars(select(InboxDelivery).order_by(InboxDelivery.id))  # type: ignore[arg-type]  # a column
            return [(row.state, row.reason or "") for row in rows]


def _name(row: Mapping[str, Any]) -> str:
    return str(row.get("external_id") or row.get("version") or row["run"])
