"""What makes most of the noise: rows by their label, the most frequent first, with how many of them were hits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import EXCLUDED, REST, Cell, Figure, Reduced, Setting, Span, by_scope, within
from ops_console.measures.scopes import Scope

LABEL, COUNT, HITS = range(REST, REST + 3)
MOST = 10
"""So many labels are told; the rest are many that say little."""


@dataclass(frozen=True, slots=True)
class Loudest(Aggregate):
    """Rows with `hit`. Those left out for `unknown` make noise as well, and nobody judged them."""

    unknown: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        return ("label",)

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return func.count(), func.sum(rows.c.hit)

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        heard = [cell for cell in cells if cell[EXCLUDED] in (None, self.unknown)]
        return _Heard(by_scope(heard, setting.slugs))


@dataclass(frozen=True, slots=True)
class _Heard(Reduced):
    found: Mapping[Scope, Sequence[Cell]]

    def scopes(self) -> Iterable[Scope]:
        return self.found

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        names = _by_name(within(self.found[scope], span))
        if not names:
            return None
        ordered = sorted(names.values(), key=lambda each: (-each["count"], each["name"]))
        return Figure(n=Decimal(sum(each["count"] for each in ordered)), detail={"top": ordered[:MOST]})


def _by_name(cells: Iterable[Cell]) -> dict[str, dict[str, Any]]:
    """`count` rows of a name, of which `n` were judged and `k` were hits."""
    names: defaultdict[str, dict[str, Any]] = defaultdict(lambda: {"name": "", "count": 0, "k": 0, "n": 0})
    for cell in cells:
        each = names[cell[LABEL]]
        each["name"] = cell[LABEL]
        each["count"] += int(cell[COUNT])
        if cell[EXCLUDED] is None:
            each["n"] += int(cell[COUNT])
            each["k"] += int(cell[HITS])
    return names
