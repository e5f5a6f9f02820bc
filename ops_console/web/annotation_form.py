"""An annotation as a form writes it: days in the workspace's zone, the last one included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops_console.core.periods import midnight
from ops_console.measures import scopes
from ops_console.measures.annotations import WRITTEN, AnnotationKind
from ops_console.measures.scopes import Scope
from ops_console.records.annotations import Annotation as Row
from ops_console.scorecard.annotations import LONGEST, scope_of
from ops_console.web.target_form import read_day
from ops_console.web.view import workspace

Errors = list[tuple[str, str]]
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form asks to be written down."""

    kind: AnnotationKind
    text: str
    scope: Scope
    kpi: str | None
    from_at: datetime
    until_at: datetime | None


def read(key: str, form: Mapping[str, str]) -> tuple[Wanted | None, Errors]:
    """What was filled in, or what is wrong with it."""
    text, kind = one_line(form.get("note-text", "")), form.get("note-kind", AnnotationKind.NOTE)
    first, errors = first_day(form.get("note-from", ""), "note-from")
    last, more = (None, []) if not form.get("note-until") else first_day(form["note-until"], "note-until")
    errors += more
    if not text:
        errors.append(("note-text", "Say what happened, in one sentence."))
    if len(text) > LONGEST:
        errors.append(("note-text", f"Say it in {LONGEST} letters; these are {len(text)}."))
    if kind not in WRITTEN:
        errors.append(("note-kind", "Choose one of the types offered."))
    if first and last and last < first:
        errors.append(("note-until", "It ends before it begins; swap the two days."))
    if errors or first is None:
        return None, errors
    scope = scopes.parse(form.get("note-scope") or "workspace")
    kpi = None if form.get("note-every") else key
    return Wanted(AnnotationKind(kind), text, scope, kpi, first, last and _after(last)), []


def first_day(text: str, field: str) -> tuple[datetime | None, Errors]:
    """The instant a day begins, or why there is none."""
    found = read_day(text.strip())
    if found is None or found.year not in YEARS:
        return None, [(field, "Write the day as 2026-10-31.")]
    return found, []


def one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())


def filled(row: Row | None, form: Mapping[str, str]) -> dict[str, str]:
    """What the form shows: what was sent, else the annotation that is to change."""
    if form or row is None:
        return dict(form)
    zone = workspace().zone
    until = (row.until_at - timedelta(milliseconds=1)).astimezone(zone).date().isoformat() if row.until_at else ""
    return {
        "note-text": row.text,
        "note-kind": row.kind,
        "note-from": row.from_at.astimezone(zone).date().isoformat(),
        "note-until": until,
        "note-scope": str(scope_of(row)),
        "note-every": "" if row.kpi else "true",
    }


def _after(last: datetime) -> datetime:
    """The end of a day: the midnight after it."""
    zone = workspace().zone
    return midnight(last.astimezone(zone).date() + timedelta(days=1), zone)
