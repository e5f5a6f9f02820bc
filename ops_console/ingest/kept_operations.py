"""How facts about operations and the team are kept."""

from ops_console.ingest import tables
from ops_console.ingest.kept import Columns, Kept, Known, Values, about, day_end, day_start, with_entry


def _alert(row: Columns, values: Values, known: Known) -> None:
    with_entry(row, values, known)
    row["firing"] = values["fingerprint"]


def _finding(row: Columns, values: Values, known: Known) -> None:
    with_entry(row, values, known)
    row["due_at"] = day_end(values["due_on"], known)
    row["waived_at"] = day_end(values["waived_until"], known)


def _toil(row: Columns, values: Values, known: Known) -> None:
    row["anchored_at"] = day_start(values["date"], known)


def _capacity(row: Columns, values: Values, known: Known) -> None:
    row["starts_at"], row["ends_at"] = day_start(values["starts_on"], known), day_end(values["ends_on"], known)


def _skill(row: Columns, values: Values, known: Known) -> None:
    row["assessed_at"] = day_start(values["assessed_on"], known)


def _usage(row: Columns, values: Values, known: Known) -> None:
    with_entry(row, values, known)
    row["anchored_at"] = day_start(values["date"], known)


KEPT: dict[str, Kept] = {
    "alerts": Kept(tables.alerts, ("started_at", "notified_at"), about, _alert),
    "shifts": Kept(tables.shifts, ("started_at", "ended_at")),
    "pipeline_runs": Kept(tables.runs, ("finished_at", "started_at"), about, with_entry),
    "quality_checks": Kept(tables.checks, ("checked_at",), about, with_entry),
    "steps": Kept(tables.steps, ("added_at", "automated_since", "removed_at"), about, with_entry),
    "findings": Kept(tables.findings, ("first_seen_at", "fixed_at", "due_at", "waived_at"), about, _finding),
    "requests": Kept(tables.requests, ("submitted_at", "first_usable_at", "done_at", "cancelled_at")),
    "initiatives": Kept(tables.initiatives, ("delivered_at", "measured_at")),
    "toil": Kept(tables.toil, ("anchored_at",), finish=_toil),
    "capacity": Kept(tables.capacity, ("starts_at", "ends_at"), finish=_capacity),
    "positions": Kept(tables.positions, ("planned_at", "filled_at", "cancelled_at")),
    "skills": Kept(tables.skills, ("assessed_at",), finish=_skill),
    "usage": Kept(tables.usage, ("anchored_at",), about, _usage),
}
