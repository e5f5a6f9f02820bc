"""Schedules: how heavy their shifts were, and when nobody was on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from ops_console.core import units
from ops_console.core.columns import instant
from ops_console.core.periods import Period
from ops_console.measures.readings import Reading
from ops_console.measures.rota import Rota
from ops_console.measures.scopes import WORKSPACE
from ops_console.web.reads.rotas import rotas
from ops_console.web.view import workspace

MOST_GAPS = 3


@dataclass(frozen=True, slots=True)
class Schedule:
    """`load` is None where nobody is told apart."""

    name: str
    load: Mapping[str, Any] | None
    rota: Rota | None

    @property
    def coverage(self) -> str:
        if self.rota is None:
            return "no shift"
        if self.rota.is_around_the_clock:
            return "around the clock"
        return f"{units.bare_percent(self.rota.share)} of the time"

    @property
    def gaps(self) -> Sequence[str]:
        """The first ones, each with its beginning and its length."""
        gaps = self.rota.gaps if self.rota else ()
        told = [
            f"from {units.instant(instant(began), workspace().zone)} for {units.duration((ended - began) / 1000)}"
            for began, ended in gaps[:MOST_GAPS]
        ]
        more = len(gaps) - MOST_GAPS
        return [*told, f"and {units.count(more)} more"] if more > 0 else told


def schedules(session: Session, found: Reading, period: Period, now: datetime) -> list[Schedule]:
    """Every schedule with a shift in the period; of a team, those that its people were on."""
    known = {each.schedule: each for each in rotas(session, period.start, min(period.end, now))}
    loads = {each["name"]: each for each in found.detail.get("schedules", ())}
    names = sorted({*known, *loads} if found.scope == WORKSPACE else loads)
    return [Schedule(name, _shown(loads.get(name)), known.get(name)) for name in names]


def _shown(load: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return load if load and "shifts" in load else None
