"""What stands beside the chart of a KPI: which annotations it draws, and the list of them all."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request
from sqlmodel import Session

from ops_console.core import units
from ops_console.core.columns import MILLISECOND
from ops_console.core.errors import BadInput
from ops_console.measures.annotations import WRITTEN, Annotation, AnnotationKind
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.annotations import Annotation as Row
from ops_console.reporting import words
from ops_console.reporting.words.annotations import KINDS
from ops_console.scorecard.annotations import about, scope_of, told
from ops_console.scorecard.counted import with_counts
from ops_console.web.view import url_with, workspace

NOTES, NOTHING = "notes", "none"
COUNTED = {"releases": AnnotationKind.RELEASE, "incidents": AnnotationKind.INCIDENT}
MOST_LISTED = 15


@dataclass(frozen=True, slots=True)
class Chosen:
    """What `?show=` asks for; without it, what people wrote and rules that changed."""

    names: tuple[str, ...]

    def beside(self, session: Session, found: Reading) -> Reading:
        """The reading as its chart shows it."""
        notes = found.annotations if NOTES in self.names else ()
        counted = [COUNTED[name] for name in self.names if name in COUNTED]
        return with_counts(session, replace(found, annotations=notes), counted)

    @property
    def switches(self) -> list[tuple[str, str, bool]]:
        """Each word, the address that turns it on or off, and whether it is on."""
        return [
            (name.capitalize(), url_with(show=self._turned(name)), name in self.names) for name in (*COUNTED, NOTES)
        ]

    def _turned(self, name: str) -> str:
        kept = [each for each in (*COUNTED, NOTES) if (each in self.names) != (each == name)]
        return ",".join(kept) or NOTHING


def chosen() -> Chosen:
    asked = [name for text in request.args.getlist("show") for name in text.split(",") if name] or [NOTES]
    if unknown := sorted({*asked} - {*COUNTED, NOTES, NOTHING}):
        raise BadInput(f"A chart shows no {unknown[0]!r}.", remedy="Write releases, incidents, notes or none.")
    return Chosen(tuple(asked))


@dataclass(frozen=True, slots=True)
class Listed:
    """One annotation in words. `address` opens the form that changes it; `made` and `gone` say who and when."""

    when: str
    kind: str
    text: str
    scope: str
    by: str
    made: datetime | None = None
    address: str = ""
    gone: str = ""
    why: str = ""


def section(session: Session, found: Reading) -> dict[str, Any]:
    """The list under the chart: what it can draw, what lies outside its time, and what was withdrawn."""
    rows = {row.id: row for row in about(session, found.key, found.scope)}
    numbers = {each.number for each in found.annotations}
    beyond = [told(row) for row in rows.values() if row.withdrawn_at is None and row.id not in numbers]
    every = sorted([*found.annotations, *beyond], key=lambda each: each.at, reverse=True)
    changed = request.args.get("change", "")
    return {
        "shown": chosen().switches if found.history else [],
        "annotations": [_listed(found, each, rows.get(each.number)) for each in every[:MOST_LISTED]],
        "annotated": len(every),
        "withdrawn": [_gone(found, row) for row in rows.values() if row.withdrawn_at is not None],
        "changed": next((row for row in rows.values() if str(row.id) == changed and row.withdrawn_at is None), None),
        "kinds": [(kind.value, KINDS[kind]) for kind in WRITTEN],
        "annotation_scopes": _scopes(found),
    }


def _scopes(found: Reading) -> list[tuple[str, str]]:
    return [(str(scope), scope.title) for scope in dict.fromkeys((found.scope, WORKSPACE))]


def _listed(found: Reading, each: Annotation, row: Row | None) -> Listed:
    return Listed(
        when=_when(each),
        kind=KINDS[each.kind],
        text=each.text if each.number is not None else words.annotation(found, each),
        scope=each.scope.title if each.scope != found.scope else "",
        by=each.by or "the console",
        made=row.made_at if row else None,
        address=f"{url_with(change=each.number)}#annotate" if row else "",
    )


def _gone(found: Reading, row: Row) -> Listed:
    by = f"{row.withdrawn_by}, {_day(row.withdrawn_at)}"
    return replace(_listed(found, told(row), row), gone=by, why=row.withdrawn_reason, scope=scope_of(row).title)


def _when(each: Annotation) -> str:
    zone = workspace().zone
    last = each.until - MILLISECOND if each.until else each.at
    return units.span(each.at.astimezone(zone).date(), last.astimezone(zone).date())


def _day(at: datetime | None) -> str:
    return units.day(at.astimezone(workspace().zone).date()) if at else ""
