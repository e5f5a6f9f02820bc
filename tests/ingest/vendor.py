"""A vendor of deployments in memory: pages, a cursor, troubles on demand, and a webhook."""

import json
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine, select

from ops_console.contracts.integration import Manifest, Rejected
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import Arrival, Discovery, Hint, Ignored, Note, Page, Secret, Setup, Told
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources
from ops_console.records.deployments import Deployment
from ops_console.records.sources import Source

BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
MANIFEST = Manifest(
    key="shop",
    title="Shop",
    roles=("collector", "webhook"),
    settings=(),
    summary="",
    facts=("deployments", "changes"),
    secrets=(Secret("token", "Token"), Secret("webhook_secret", "Webhook secret")),
    minutes=15,
)


def deployment(number: int, **changes: Any) -> Told:
    at = BEGAN + timedelta(minutes=number)
    values = {
        "external_id": str(number),
        "service": "ranker",
        "version": f"v{number}",
        "environment": "production",
        "status": "succeeded",
        "finished_at": at,
        "updated_at": at,
    }
    return Told("deployments", values | changes)


@dataclass
class Shop:
    """Both roles. `troubles` are raised before the page with their number; `asked` is where each pull began."""

    told: list[Told] = field(default_factory=list)
    size: int = 2
    troubles: dict[int, BaseException] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def check(self, setup: Setup) -> tuple[str, ...]:
        return ("It is open.",)

    def discover(self, setup: Setup, since: datetime) -> Discovery:
        return Discovery((f"{len(self.told)} deployments.",))

    def pull(self, setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
        begin = int(cursor.get("next", 0))
        self.asked.append(begin)
        for place in range(begin, len(self.told), self.size):
            if trouble := self.troubles.pop(place // self.size, None):
                raise trouble
            done = min(place + self.size, len(self.told))
            yield Page(self.told[place:done], {"next": done}, done, len(self.told))

    def arrival(self, headers: Mapping[str, str], body: bytes) -> Arrival:
        return Arrival(headers["x-delivery"], headers.get("x-event", "deployed"))

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
        if headers.get("x-key") not in secrets:
            raise Rejected("The key is wrong.", remedy="Use the key of the source.")

    def facts(self, event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told | Note]:
        if event == "moved":
            raise Hint("Something moved.")
        if event != "deployed":
            raise Ignored(f"{event} says nothing to us.")
        try:
            said = json.loads(body)
        except ValueError:
            raise Rejected("The body is no JSON.") from None
        notes = [Note(words, is_trouble) for words, is_trouble in said.pop("notes", [])]
        return [deployment(**said, **settings.get("reading", {})), *notes]


def office(engine: Engine, shop: Shop, **settings: Any) -> Office:
    parts = Parts(manifests={"shop": MANIFEST}, collectors={"shop": shop}, webhooks={"shop": shop})
    return Office(engine, parts, Settings(**settings))


def add_source(
    engine: Engine,
    name: str = "shop",
    settings: Mapping[str, Any] = MappingProxyType({}),
    secrets: Mapping[str, str] = MappingProxyType({}),
) -> int:
    with transaction(engine) as session:
        return sources.add(session, MANIFEST, name, settings, secrets, BEGAN, "ana@example.com").id or 0


def source(engine: Engine, name: str = "shop") -> Source:
    with reading(engine) as session:
        return sources.named(session, name)


def versions(engine: Engine) -> dict[str, str]:
    """What is known of every deployment, by its id."""
    with reading(engine) as session:
        return {row.external_id: row.version for row in session.scalars(select(Deployment))}
