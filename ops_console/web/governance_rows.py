"""How each model stands to what governance asks for, one line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ops_console.measures.figures import Figure
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.reporting.governed import CARDS, EXCEPTIONS, PAVED, Governed, GovernedRow

GOOD, WATCH, BAD, NONE = ("good", "●"), ("watch", "▲"), ("bad", "■"), ("none", "○")


@dataclass(frozen=True, slots=True)
class Cell:
    """Tone, icon and words."""

    mark: tuple[str, str]
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A model in production. Versions are asked for of tier 1 alone."""

    model: str
    card: Cell
    paved: Cell
    reproduced: Cell
    exceptions: Cell

    @property
    def open_points(self) -> int:
        cells = (self.card, self.paved, self.reproduced, self.exceptions)
        return sum(cell.mark in (WATCH, BAD) for cell in cells)


def lines(found: Sequence[Governed], versions: Mapping[Scope, Figure], *, knows_exceptions: bool) -> list[Line]:
    """Those with the most open points first."""
    by_key = {each.kpi: _by_model(each.rows) for each in found}
    models = sorted({*by_key.get(CARDS, {}), *by_key.get(PAVED, {})})
    told = [
        _line(model, by_key, versions.get(Scope(ScopeKind.MODEL, model), Figure()), knows_exceptions)
        for model in models
    ]
    return sorted(told, key=lambda line: (-line.open_points, line.model))


def _by_model(rows: Sequence[GovernedRow]) -> Mapping[str, list[GovernedRow]]:
    found: dict[str, list[GovernedRow]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(row)
    return found


def _line(model: str, by_key: Mapping[str, Mapping[str, list[GovernedRow]]], versions: Figure, knows: bool) -> Line:
    def of(key: str) -> list[GovernedRow]:
        return by_key.get(key, {}).get(model, [])

    return Line(
        model,
        _meets(of(CARDS), "complete"),
        _meets(of(PAVED), "yes"),
        _reproduced(versions),
        _exceptions(of(EXCEPTIONS)) if knows else Cell(NONE, "not known"),
    )


def _meets(rows: Sequence[GovernedRow], yes: str) -> Cell:
    if not rows:
        return Cell(NONE, "not known")
    (row, *_) = rows
    return Cell(WATCH, row.note) if row.is_missed else Cell(GOOD, yes)


def _reproduced(versions: Figure) -> Cell:
    """Of the versions that were checked."""
    if not versions.n:
        return Cell(NONE, "none checked")
    return Cell(GOOD if versions.k == versions.n else BAD, f"{versions.k} of {versions.n}")


def _exceptions(rows: Sequence[GovernedRow]) -> Cell:
    overdue = sum(row.is_missed for row in rows)
    if overdue:
        return Cell(BAD, f"{len(rows)} open, {overdue} overdue")
    return Cell(WATCH, f"{len(rows)} open") if rows else Cell(GOOD, "none open")
