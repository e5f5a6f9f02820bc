"""Things checked again and again: the share of those whose latest check in a span was a success."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ops_console.measures.aggregates import Aggregate, share_of
from ops_console.measures.figures import (
    AT,
    EXCLUDED,
    REST,
    TIER,
    Cell,
    Exclusions,
    Figure,
    Reduced,
    Setting,
    Span,
    by_scope,
)
from ops_console.measures.scopes import Scope, ScopeKind

ITEM, HIT = REST, REST + 1


@dataclass(frozen=True, slots=True)
class LatestShare(Aggregate):
    """Rows with `item` (what was checked) and `hit`. For all models and for a team the things of `only_tier` count,
    where there are any.
    """

    only_tier: int | None = None
    measured: ClassVar[str | None] = "hit"
    by_row: ClassVar[bool] = True

    @property
    def keys(self) -> tuple[str, ...]:
        return ("item", "hit")

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        scopes = by_scope(cells, setting.slugs).items()
        return _Latest({scope: _Checked(found, scope, self.only_tier) for scope, found in scopes})


class _Checked:
    """One scope's checks in the order in which they were made."""

    __slots__ = ("_at", "_rows", "excluded")

    def __init__(self, cells: Sequence[Cell], scope: Scope, only_tier: int | None) -> None:
        rows = [cell for cell in cells if cell[EXCLUDED] is None]
        is_wide = scope.kind in (ScopeKind.WORKSPACE, ScopeKind.TEAM)
        out = [(cell[EXCLUDED], cell[AT], 1) for cell in cells if cell[EXCLUDED] is not None]
        if is_wide and any(cell[TIER] == only_tier for cell in rows):
            out += [(f"not tier {only_tier}", cell[AT], 1) for cell in rows if cell[TIER] != only_tier]
            rows = [cell for cell in rows if cell[TIER] == only_tier]
        self._rows, self._at = rows, [cell[AT] for cell in rows]
        self.excluded = Exclusions(out)

    def latest(self, start: int, end: int) -> Mapping[Any, int]:
        return {cell[ITEM]: cell[HIT] for cell in self._rows[bisect_left(self._at, start) : bisect_left(self._at, end)]}

    def repeats(self, start: int, end: int) -> int:
        return bisect_left(self._at, end) - bisect_left(self._at, start)


@dataclass(frozen=True, slots=True)
class _Latest:
    checked: Mapping[Scope, _Checked]

    def scopes(self) -> Iterable[Scope]:
        return self.checked

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        latest = self.checked[scope].latest(start, end)
        excluded = self.checked[scope].excluded.between(start, end)
        if not latest and not excluded:
            return None
        earlier = self.checked[scope].repeats(start, end) - len(latest)
        detail = {"earlier_checks": earlier} if earlier else {}
        return share_of(sum(map(int, latest.values())), len(latest), excluded, None, detail)
