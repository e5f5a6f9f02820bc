"""Everything a report says, taken once, frozen and hashed. Documents are functions of it and of nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from ops_console.core.errors import OpsConsoleError
from ops_console.core.periods import Period, parse
from ops_console.measures.readings import Reading
from ops_console.records.reports import ReportRun
from ops_console.reporting.evidence import Evidence
from ops_console.reporting.freezing import Data, digest, freeze, thaw


class Tampered(OpsConsoleError):
    """A stored snapshot is not the one that was frozen."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is neither a reading nor evidence: whose report this is, of which period, from when."""

    report: str
    title: str
    workspace: str
    zone: str
    currency: str
    period: str
    run: str
    taken_at: datetime
    base_url: str
    due_at: datetime | None = None
    is_late: bool = False
    is_draft: bool = False
    note: str = ""
    revision: int = 1
    reason: str = ""


_FACTS = TypeAdapter(Facts)
_EVIDENCE = TypeAdapter(Evidence)


@dataclass(frozen=True)
class Snapshot:
    """Facts, readings of all models in catalogue order, readings of tier 1 whose target binds there, evidence; of a
    week also readings of the month that has most of its days, whose budget is that of a month.
    """

    facts: Facts
    readings: tuple[Reading, ...]
    tier_1: tuple[Reading, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    month: tuple[Reading, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Reading]:
        return {reading.key: reading for reading in self.readings}

    def reading(self, key: str) -> Reading | None:
        return self.by_key.get(key)

    def known(self, *keys: str) -> list[Reading]:
        """The readings of these KPIs that the report has."""
        return [self.by_key[key] for key in keys if key in self.by_key]

    @cached_property
    def judged(self) -> tuple[Reading, ...]:
        """The readings a verdict rests on: that of tier 1 where all models together have no target."""
        binding = {reading.key: reading for reading in self.tier_1 if reading.target is not None}
        return tuple(reading if reading.target else binding.get(reading.key, reading) for reading in self.readings)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.facts.zone)

    @cached_property
    def period(self) -> Period:
        return parse(self.facts.period, self.zone)

    def url(self, path: str) -> str:
        """An absolute address of the console."""
        return f"{self.facts.base_url.rstrip('/')}{path}"

    def as_data(self) -> Data:
        return {
            "facts": _FACTS.dump_python(self.facts, mode="json"),
            "readings": [freeze(reading) for reading in self.readings],
            "tier_1": [freeze(reading) for reading in self.tier_1],
            "month": [freeze(reading) for reading in self.month],
            "evidence": _EVIDENCE.dump_python(self.evidence, mode="json"),
        }


def from_data(data: Data) -> Snapshot:
    """The snapshot that `as_data` wrote."""
    return Snapshot(
        facts=_FACTS.validate_python(data["facts"]),
        readings=tuple(thaw(reading) for reading in data["readings"]),
        tier_1=tuple(thaw(reading) for reading in data["tier_1"]),
        evidence=_EVIDENCE.validate_python(data["evidence"]),
        month=tuple(thaw(reading) for reading in data.get("month", ())),  # which older ones do not have
    )


def of_run(run: ReportRun) -> Snapshot:
    """What a run said, proven by its hash."""
    if digest(run.snapshot) != run.snapshot_hash:
        raise Tampered(
            f"The figures of {run.report} {run.period} are not those that were frozen.",
            remedy="Restore the database from a backup, or send a revision.",
        )
    return from_data(run.snapshot)
