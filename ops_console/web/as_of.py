"""How old and how complete the facts behind a page are, in one line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from ops_console.contracts import kind_words
from ops_console.contracts.vocabulary import Lifecycle
from ops_console.core import units
from ops_console.ingest.freshness import Freshness
from ops_console.records.catalog import CatalogEntry
from ops_console.records.deployments import Release
from ops_console.web.view import workspace

MOST_SOURCES, MOST_STALE = 4, 2
BROKEN = ("stale", "failed")


@dataclass(frozen=True, slots=True)
class AsOf:
    """`late` names what is older than it should be."""

    text: str
    late: str = ""


def as_of(session: Session, fresh: Mapping[str, Freshness], now: datetime) -> AsOf:
    """`Data as of 4 Nov 2026 09:00 GMT · MLflow, GitHub · 13 of 14 models shipped`, and `deployments 26 h old`."""
    instants = [kind.last_good for kind in fresh.values() if kind.last_good is not None]
    if not instants:
        return AsOf("No facts have come in yet.")
    sources = sorted({source for kind in fresh.values() for source in kind.sources}, key=str.casefold)
    more = f" and {len(sources) - MOST_SOURCES} more" if len(sources) > MOST_SOURCES else ""
    named = ", ".join(sources[:MOST_SOURCES]) + more
    parts = (f"Data as of {units.instant(max(instants), workspace().zone)}", named, _models(session))
    return AsOf(" · ".join(part for part in parts if part), _late(fresh, now))


def _models(session: Session) -> str:
    """How many of the registered models any source told a release of."""
    told = exists().where(col(Release.entry_id) == col(CatalogEntry.id))
    registered = (
        col(CatalogEntry.deleted_at).is_(None),
        col(CatalogEntry.provisional).is_(False),
        col(CatalogEntry.lifecycle).is_distinct_from(Lifecycle.RETIRED),
    )
    known, total = session.execute(select(func.count().filter(told), func.count()).where(*registered)).one()
    return f"releases of {units.count(known)} of {units.count(total)} models" if total else ""


def _late(fresh: Mapping[str, Freshness], now: datetime) -> str:
    late = sorted((kind for kind in fresh.values() if kind.state in BROKEN), key=_last_good)
    said = [f"{kind_words.many(kind.kind)} {_age(kind, now)}" for kind in late[:MOST_STALE]]
    return ", ".join(said) + (f" and {len(late) - MOST_STALE} more" if len(late) > MOST_STALE else "")


def _last_good(kind: Freshness) -> float:
    return kind.last_good.timestamp() if kind.last_good else 0.0


def _age(kind: Freshness, now: datetime) -> str:
    if kind.last_good is None:
        return "never arrived"
    return f"{units.duration((now - kind.last_good).total_seconds())} old"
