"""What the paved road asks, and how each model stands to it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.columns import EPOCH, FOREVER, instant, milliseconds
from ops_console.ingest.stretches import Stretches, common, covers
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.criteria import PAVED, Criterion, Proof, in_force
from ops_console.records.production import in_production

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
