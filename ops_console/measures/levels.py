"""How well the people of a team master what the team needs: a figure of the team, and of few people none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from ops_console.measures.figures import REST, Cell, Figure, Reduced, Setting
from ops_console.measures.people import People
from ops_console.measures.privacy import FEWEST_PEOPLE, shown
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.measures.snapshots import AtMoments, Moment, Standing, by_moment

PERSON, LEVEL, TARGET = range(REST + 2, REST + 5)


@dataclass(frozen=True, slots=True)
class Levels(AtMoments):
    """Rows with `person`, `level` and `target`: the share at or above the target, and what all lack together."""

    measured: ClassVar[str | None] = "level"
    by_row: ClassVar[bool] = True

    @property
    def keys(self) -> tuple[str, ...]:
        return ("since", "until", "person", "level", "target")

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Mastered(by_moment(cells, setting), self, setting.people)


@dataclass(frozen=True, slots=True)
class _Mastered(Standing):
    people: People

    def made_of(self, cells: Sequence[Cell], scope: Scope, moment: Moment) -> Figure:
        if not self._may_be_shown(scope, moment):
            return Figure(detail={"hidden": True})
        k, n = sum(cell[LEVEL] >= cell[TARGET] for cell in cells), len(cells)
        gaps = sum(max(0, cell[TARGET] - cell[LEVEL]) for cell in cells)
        return Figure(k / n, Decimal(k), Decimal(n), detail={"gaps": gaps})

    def _may_be_shown(self, scope: Scope, moment: Moment) -> bool:
        if self._how_many(WORKSPACE, moment) < FEWEST_PEOPLE:
            return False
        return scope == WORKSPACE or scope.key in shown(self._sizes(moment))

    def _sizes(self, moment: Moment) -> Mapping[str, int]:
        """People of each team, and under no name those of none."""
        teams = [scope for scope in self.found if scope.kind is ScopeKind.TEAM]
        sizes = {scope.key: self._how_many(scope, moment) for scope in teams}
        return sizes | {"": self._how_many(WORKSPACE, moment) - sum(sizes.values())}

    def _how_many(self, scope: Scope, moment: Moment) -> int:
        return len({self.people.named(cell[PERSON]).key for cell in self.found[scope].get(moment, ())})
