"""What the paved road asks, and how each model stands to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core import units
from ops_console.core.clock import EPOCH, milliseconds
from ops_console.core.columns import FOREVER, instant
from ops_console.ingest.criteria_asked import key_of
from ops_console.ingest.proofs import DOCUMENTS
from ops_console.ingest.standing import statements_about
from ops_console.ingest.stretches import Stretches, common, covers
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.criteria import (
    ATTESTED,
    MONITOR,
    PAVED,
    ROLLBACK,
    SLO,
    VERSION,
    Criterion,
    Proof,
    in_force,
)
from ops_console.records.documents import Document
from ops_console.records.production import in_production
from ops_console.records.slos import Slo
from ops_console.records.versions import ModelVersion

ALWAYS: Stretches = [(milliseconds(EPOCH), milliseconds(FOREVER))]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a model stands to one criterion. `since` is None where it was ever so, or where it never was there."""

    criterion: Criterion
    met: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A model's verdicts, and whether it is on the paved road; `None` where nothing is required."""

    verdicts: list[Verdict]
    paved: bool | None
    since: datetime | None

    @property
    def met(self) -> int:
        return sum(each.met for each in self.verdicts if each.criterion.required)

    @property
    def required(self) -> int:
        return sum(each.criterion.required for each in self.verdicts)


def criteria_at(session: Session, at: datetime) -> list[Criterion]:
    """What is asked for at an instant: what is required first."""
    order = (col(Criterion.required).desc(), col(Criterion.id))
    return list(session.scalars(select(Criterion).where(in_force(at)).order_by(*order)))


def standing(session: Session, entry_id: int, at: datetime) -> Standing:
    """How one model stands to what is asked for."""
    had: dict[str, Stretches] = defaultdict(list)
    rows = select(Proof).where(col(Proof.entry_id) == entry_id).order_by(col(Proof.valid_from))
    for row in session.scalars(rows):
        had[row.what].append((milliseconds(row.valid_from), milliseconds(row.valid_to)))
    verdicts = [_verdict(each, _all(had, each.proof.split()), at) for each in criteria_at(session, at)]
    if not any(each.criterion.required for each in verdicts):
        return Standing(verdicts, None, None)
    paved = covers(had[PAVED], milliseconds(at))
    return Standing(verdicts, paved, _since(had[PAVED], milliseconds(at)))


def _all(had: Mapping[str, Stretches], proofs: Iterable[str]) -> Stretches:
    met = ALWAYS
    for what in proofs:
        met = common(met, had.get(what, []))
    return met


def _verdict(criterion: Criterion, met: Stretches, at: datetime) -> Verdict:
    return Verdict(criterion, covers(met, milliseconds(at)), _since(met, milliseconds(at)))


def _since(met: Stretches, at: int) -> datetime | None:
    """When the state at an instant began."""
    begun = [edge for span in met for edge in span if milliseconds(EPOCH) < edge <= at]
    return instant(max(begun)) if begun else None


@dataclass(frozen=True, slots=True)
class Adoption:
    """How many production models there are at an instant, and how many have each criterion."""

    production: int
    paved: int
    met: Mapping[int, int]


def adoption(session: Session, criteria: Sequence[Criterion], at: datetime) -> Adoption:
    """Counted over all models in production."""
    production = set(session.scalars(select(col(CatalogEntry.id)).join(CatalogInterval, in_production(at))))
    needed = {what for each in criteria for what in each.proof.split()} | {PAVED}
    rows = select(col(Proof.what), col(Proof.entry_id)).where(col(Proof.what).in_(needed))
    having: dict[str, set[int]] = defaultdict(set)
    for what, entry in session.execute(rows.where(col(Proof.valid_from) <= at, col(Proof.valid_to) > at)):
        having[what].add(entry)
    met = {
        each.id or 0: len(production.intersection(*(having[what] for what in each.proof.split()))) for each in criteria
    }
    return Adoption(len(production), len(production & having[PAVED]), met)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a model has something: words, and where to look."""

    words: str
    address: str | None = None


def evidence(session: Session, entry: CatalogEntry, zone: ZoneInfo) -> dict[str, Evidence]:
    """What stands behind each proof of a model today."""
    entry_id = entry.id or 0
    found = {name: Evidence(value) for name in ("owner", "on_call", "escalation") if (value := getattr(entry, name))}
    found |= {MONITOR + name: Evidence(name.replace("_", " ")) for name in entry.monitors}
    found |= _attested(session, entry_id) | _documented(session, entry_id, zone)
    if entry.runbook_url:
        found["runbook"] = Evidence("Runbook", entry.runbook_url)
    objectives = select(col(Slo.name)).where(col(Slo.entry_id) == entry_id, col(Slo.deleted_at).is_(None))
    if names := session.scalars(objectives.order_by(col(Slo.name))).all():
        found[SLO] = Evidence(", ".join(names), "?tab=health#slos")
    newest = select(ModelVersion).where(col(ModelVersion.entry_id) == entry_id, col(ModelVersion.deleted_at).is_(None))
    if version := session.scalars(newest.order_by(col(ModelVersion.id).desc()).limit(1)).first():
        found[VERSION] = Evidence(f"version {version.version}", version.url or "?tab=deployments")
    if entry.rollback_tested_on:
        found[ROLLBACK] = Evidence(units.day(entry.rollback_tested_on))
    return found


def _attested(session: Session, entry_id: int) -> dict[str, Evidence]:
    """Who said last that a criterion is met."""
    found: dict[str, Evidence] = {}
    for said in statements_about(session, [entry_id]).get(entry_id, []):
        for name in said.attributes.get("paved_road") or ():
            words = f"attested by {said.made_by or said.source}"
            found[ATTESTED + key_of(name)] = Evidence(words, said.attributes.get("url"))
    return found


def _documented(session: Session, entry_id: int, zone: ZoneInfo) -> dict[str, Evidence]:
    rows = select(Document).where(col(Document.entry_id) == entry_id, col(Document.deleted_at).is_(None))
    found = {}
    for document in session.scalars(rows.order_by(col(Document.reviewed_at).nulls_first(), col(Document.id))):
        if what := DOCUMENTS.get(document.kind):
            word = document.kind.replace("_", " ").capitalize()
            when = (
                f", reviewed {units.day(document.reviewed_at.astimezone(zone).date())}" if document.reviewed_at else ""
            )
            found[what] = Evidence(word + when, document.url)
    return found


def shown(proof: str, found: Mapping[str, Evidence]) -> list[Evidence]:
    """The evidence for each part of a criterion's proof, as far as there is any."""
    names = (ROLLBACK if what.startswith(ROLLBACK) else what for what in proof.split())
    return [found[name] for name in names if name in found]
