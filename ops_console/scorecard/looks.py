"""A measure and those that stand beside it, read together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import Reduced, Setting, Span
from ops_console.measures.scopes import Scope
from ops_console.scorecard.candidates import reduced


@dataclass(frozen=True, slots=True)
class Look:
    """A measure and those beside it, over the same rows."""

    main: Reduced
    besides: Mapping[str, Reduced]

    def scopes(self) -> set[Scope]:
        return {scope for found in (self.main, *self.besides.values()) for scope in found.scopes()}


def look(
    session: Session,
    aggregate: Aggregate,
    spans: Sequence[Span],
    setting: Setting,
    entries: Sequence[int] | None = None,
) -> Look:
    besides = {name: reduced(session, part, spans, setting, entries) for name, part in aggregate.besides.items()}
    return Look(reduced(session, aggregate, spans, setting, entries), besides)
