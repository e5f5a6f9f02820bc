"""What happened while a figure moved: written by people, or known from rules, releases and incidents."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ops_console.measures.definition import Bounds
from ops_console.measures.scopes import WORKSPACE, Scope


class AnnotationKind(StrEnum):
    RELEASE = "release"
    INCIDENT = "incident"
    BUDGET = "budget"
    DEFINITION = "definition"
    NOTE = "note"
    TARGET = "target"
    BASELINE = "baseline"


WRITTEN = (
    AnnotationKind.NOTE,
    AnnotationKind.RELEASE,
    AnnotationKind.INCIDENT,
    AnnotationKind.BUDGET,
    AnnotationKind.DEFINITION,
)
"""The kinds a person may write; targets and baselines tell of themselves."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """At an instant, or in `[at, until)`.

    `text` is what a person wrote: the annotation itself, or the reason of a target or baseline; `by` and `made_at` say
    who and when. `number` finds an annotation or a baseline again. `count` says how many releases or incidents there
    were; `target` is the one in force from `at` on (None: none any more), `version` the definition's.
    """

    at: datetime
    kind: AnnotationKind = AnnotationKind.NOTE
    text: str = ""
    until: datetime | None = None
    scope: Scope = WORKSPACE
    by: str = ""
    made_at: datetime | None = None
    number: int | None = None
    count: int | None = None
    target: Bounds | None = None
    version: int | None = None

    def touches(self, start: datetime, end: datetime) -> bool:
        """Some of it lies in `[start, end)`."""
        return self.at < end and (self.at >= start if self.until is None else self.until > start)
