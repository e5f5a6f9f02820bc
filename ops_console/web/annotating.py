"""What stands beside the chart of a KPI: which annotations it draws, and the list of them all."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request
from sqlmodel import Session

from ops_console.core import units
from ops_console.core.clock import MILLISECOND
from ops_console.core.errors import BadInput
from ops_console.measures.annotations import WRITTEN, Annotation, AnnotationKind
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.annotations import Annotation as Row
from ops_console.records.baselines import Baseline
from ops_console.reporting import words
from ops_console.reporting.words.annotations import KINDS
from ops_console.scorecard import annotations, baselines
from ops_console.scorecard.counted import with_counts
from ops_console.web.view import url_with, workspace

NOTES, NOTHING = "notes", "none"
COUNTED = {"releases": AnnotationKind.RELEASE, "incidents": AnnotationKind.INCIDENT}
FORMS = {"change": "annotate", "baseline": "baseline"}
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
    """One annotation in words. `made` and `gone` say who and when; `address` opens the form that changes it."""

    when: str
    kind: str
    text: str
    scope: str
    made: str
    address: str = ""
    gone: str = ""
    why: str = ""


def section(session: Session, found: Reading) -> dict[str, Any]:
    """The list under the chart: what it can draw, what lies outside its time, and what was withdrawn."""
    rows: list[tuple[Annotation, Row | Baseline]] = [
        *((annotations.told(row), row) for row in annotations.about(session, found.key, found.scope)),
        *((baselines.told(row), row) for row in baselines.about(session, found.key, found.scope)),
    ]
    ours = {_id(each) for each, row in rows if row.withdrawn_at is None}
    drawn = {_id(each) for each in found.annotations}
    beyond = [each for each, _ in rows if _id(each) in ours - drawn]
    every = sorted([*found.annotations, *beyond], key=lambda each: each.at, reverse=True)
    return {
        "shown": chosen().switches if found.history else [],
        "annotations": [_listed(found, each, _id(each) in ours) for each in every[:MOST_LISTED]],
        "annotated": len(every),
        "withdrawn": [_gone(found, each, row) for each, row in rows if row.withdrawn_at],
        "noted": next((row for each, row in rows if _id(each) in ours & _asked("change")), None),
        "baseline": next((row for each, row in rows if _id(each) in ours & _asked("baseline")), None),
        "kinds": [(kind.value, KINDS[kind]) for kind in WRITTEN],
        "scopes_noted": [(str(scope), scope.title) for scope in dict.fromkeys((found.scope, WORKSPACE))],
        "periods_begun": [(each.period.label, units.period_title(each.period.label)) for each in found.history[::-1]],
    }


def _id(each: Annotation) -> tuple[str, str]:
    """What the address calls it: baselines are numbered apart from what people write."""
    return "baseline" if each.kind is AnnotationKind.BASELINE else "change", str(each.number)


def _asked(name: str) -> set[tuple[str, str]]:
    """The one whose form the address wants open."""
    return {(name, request.args.get(name, ""))}


def _listed(found: Reading, each: Annotation, is_ours: bool) -> Listed:
    (name, number), is_written = _id(each), each.kind in WRITTEN and each.version is None
    made = f", {_day(each.made_at)}" if each.made_at else ""
    return Listed(
        when=_when(each),
        kind=KINDS[each.kind],
        text=each.text if is_written else words.annotation(found, each),
        scope=each.scope.title,
        made=f"{each.by}{made}" if each.by else "the console",
        address=f"{url_with(**{name: number})}#{FORMS[name]}" if is_ours else "",
    )


def _gone(found: Reading, each: Annotation, row: Row | Baseline) -> Listed:
    by = f"{row.withdrawn_by}, {_day(row.withdrawn_at)}"
    return replace(_listed(found, each, False), gone=by, why=row.withdrawn_reason)


def _when(each: Annotation) -> str:
    zone = workspace().zone
    last = each.until - MILLISECOND if each.until else each.at
    return units.span(each.at.astimezone(zone).date(), last.astimezone(zone).date())


def _day(at: datetime | None) -> str:
    return units.day(at.astimezone(workspace().zone).date()) if at else ""
