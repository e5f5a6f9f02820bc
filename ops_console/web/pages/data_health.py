"""Can I trust the figures? Sources, what they cover, which model lacks which input, and what people corrected."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.ingest import sources as asked_sources
from ops_console.ingest.freshness import (
    FAILED,
    FIRST_SYNC,
    NOT_CONNECTED,
    STALE,
    WORKING,
    Freshness,
    SourceHealth,
    freshness,
)
from ops_console.ingest.freshness import sources as source_health
from ops_console.kpis import CATALOGUE
from ops_console.records.catalog import CatalogEntry
from ops_console.records.corrections import Correction
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import read
from ops_console.web.pages.integrations import kpis_of
from ops_console.web.reads import coverage as reads
from ops_console.web.reads import sources as source_reads
from ops_console.web.source_words import SourceTold, told_of
from ops_console.web.told import told
from ops_console.web.view import page_of, render, workspace

pages = Pages("data_health", menu="Data health", place=70)

STATES = {
    WORKING: ("good", "●", "Working"),
    STALE: ("watch", "▲", "Stale"),
    FAILED: ("bad", "■", "Failed"),
    NOT_CONNECTED: ("none", "○", "Not connected"),
    FIRST_SYNC: ("none", "○", "First sync"),
}
"""Tone, icon and word of each state."""
CORRECTIONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A tool that brings facts by itself: how it is, what it brought, when it was heard, and the KPIs it feeds."""

    told: SourceTold
    rows: int
    heard: datetime | None
    kpis: list[str]


@dataclass(frozen=True, slots=True)
class Feeds:
    """The KPIs that a kind of fact feeds."""

    needed: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{len(self.needed)} {'KPI' if len(self.needed) == 1 else 'KPIs'}"


def feeds(kind: str) -> Feeds:
    """Every KPI that cannot do without this kind of fact, or that reads it besides."""
    return Feeds(tuple(each.title for each in CATALOGUE.values() if kind in (*each.facts, *each.also)))


@pages.get("/data-health", access=Access.VIEWER)
def data_health() -> str:
    moment = now()
    with read() as session:
        fresh = freshness(session, moment)
        paging = page_of(reads.total(session))
        found = source_health(session, moment)
        arrives = fresh["incidents"].state in (WORKING, STALE)
        return render(
            "data_health.html",
            sources=found,
            asked=_asked(session, moment),
            summary=_summary(found),
            unconnected=_unconnected(fresh),
            fresh=fresh,
            feeds=feeds,
            states=STATES,
            inputs=reads.INPUTS,
            matrix=reads.coverage(
                session,
                moment,
                workspace().zone,
                incidents_arrive=arrives,
                limit=paging.size,
                offset=paging.offset,
            ),
            paging=paging,
            unmapped=_unmapped(session),
            corrections=_corrections(session),
            corrections_total=session.scalar(select(func.count(col(Correction.id)))) or 0,
            told=told,
            units=units,
        )


def _asked(session: Session, moment: datetime) -> list[Asked]:
    rows, heard, manifests = source_reads.rows(session), source_reads.heard(session), console().parts.manifests
    return [
        Asked(
            told_of(each, moment),
            rows.get(each.name, 0),
            heard.get(each.id or 0),
            kpis_of(manifests[each.integration]) if each.integration in manifests else [],
        )
        for each in asked_sources.every(session)
    ]


def _summary(found: list[SourceHealth]) -> str:
    """`12 of 14 feeds work, 1 is stale, 1 failed`: whether the figures can be trusted, in one line."""
    counts = Counter(each.state for each in found)
    parts = [f"{counts[WORKING]} of {len(found)} feeds work"]
    parts += [f"{counts[state]} {words}" for state, words in ((STALE, "stale"), (FAILED, "failed")) if counts[state]]
    return ", ".join(parts)


def _unconnected(fresh: dict[str, Freshness]) -> list[str]:
    """Kinds nobody delivered yet, those that most KPIs wait for first."""
    kinds = [kind for kind, found in fresh.items() if found.state == NOT_CONNECTED]
    return sorted(kinds, key=lambda kind: -len(feeds(kind).needed))


def _unmapped(session: Session) -> int:
    provisional = (col(CatalogEntry.provisional), col(CatalogEntry.deleted_at).is_(None))
    return session.scalar(select(func.count(col(CatalogEntry.id))).where(*provisional)) or 0


def _corrections(session: Session) -> list[Correction]:
    newest = select(Correction).order_by(col(Correction.made_at).desc(), col(Correction.id).desc())
    return list(session.scalars(newest.limit(CORRECTIONS_SHOWN)))
