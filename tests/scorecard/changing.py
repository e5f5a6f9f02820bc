"""Facts that come, move and go in any order, each leaving the marks that ingest would leave."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from ops_console.ingest.outdated import mark
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.scorecard import MovingPoint, ScorecardPoint
from tests.kpis.records import Books, minutes

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
Step = tuple[str, int, int]
"""What happens, on which day after `FIRST`, and a number that varies it."""


@dataclass
class Company:
    written: Books
    models: list[int] = field(default_factory=list)
    slo: int = 0

    @classmethod
    def founded(cls, session: Session) -> "Company":
        written = Books(session)
        models = [written.model(f"m{tier}", tier=tier, team=team) for tier, team in ((1, "Search"), (2, "Risk"))]
        return cls(written, models, written.slo(models[0]))

    def take(self, step: Step) -> None:
        what, day, number = step
        steps: dict[str, Callable[[datetime, int], Any]] = {
            "release": self._release,
            "incident": self._incident,
            "slice": self._slice,
            "cost": self._cost,
            "answer": self._answer,
            "move": self._move,
            "withdraw": self._withdraw,
        }
        steps[what](FIRST + timedelta(days=day, hours=number), number)

    def _mark(self, kind: str, *spots: datetime | None) -> None:
        mark(self.written.session, kind, [(spot, spot) for spot in spots if spot is not None])

    def _release(self, when: datetime, number: int) -> None:
        ready = when - timedelta(days=number) if number % 3 else None
        self.written.release(self.models[number % 2], when, ready_at=ready)
        self._mark("deployments", when)

    def _incident(self, when: datetime, number: int) -> None:
        model = self.models[number % 2]
        incident = self.written.incident(model, when, when + minutes(number) if number % 4 else None)
        release = self.written.session.scalars(
            select(Release).where(col(Release.entry_id) == model, col(Release.live_at) <= when).limit(1)
        ).first()
        if release is not None:
            self.written.link(incident, release, confirmed=bool(number % 2))
        self._mark("incidents", when, incident.restored_at, release.live_at if release else None)

    def _slice(self, when: datetime, number: int) -> None:
        start = when.replace(minute=0)
        self.written.slice(self.slo, start, 9990 + number % 10, 10_000, seconds=3600 + len(self.models) + number)
        self._mark("sli_slices", start)

    def _cost(self, when: datetime, number: int) -> None:
        self.written.cost(when, f"{number}.25", self.models[0] if number % 2 else None, purpose="training")
        self._mark("costs", when)

    def _answer(self, when: datetime, number: int) -> None:
        day = date(when.year, when.month, when.day)
        self.written.answers([number % 11] * 3, day=day, wave=f"{when:%Y-%m}", group="Search" if number % 2 else "Risk")
        self._mark("survey_responses", datetime(day.year, day.month, day.day, tzinfo=UTC))

    def _move(self, when: datetime, number: int) -> None:
        release = self.written.session.scalars(select(Release).order_by(col(Release.id)).limit(1)).first()
        if release is not None:
            self._mark("deployments", release.live_at, when)
            release.live_at = release.last_at = when
            self.written.session.flush()

    def _withdraw(self, when: datetime, number: int) -> None:
        incident = self.written.session.scalars(select(Incident).order_by(col(Incident.id)).limit(1)).first()
        if incident is not None:
            releases = self.written.session.scalars(select(Release.live_at)).all()
            self._mark("incidents", incident.began_at, incident.restored_at, *releases)
            incident.deleted_at = when
            self.written.session.flush()


def points(session: Session) -> list[tuple[Any, ...]]:
    """Every point, without its number and what stands for the rest of it, in an order of its own."""
    return _told(session, ScorecardPoint, {"id", "fingerprint"})


def moving(session: Session) -> list[tuple[Any, ...]]:
    """Every figure that moves with the clock, without when it was looked at."""
    return _told(session, MovingPoint, {"id", "fingerprint", "at"})


def _told(session: Session, table: type[SQLModel], beside: set[str]) -> list[tuple[Any, ...]]:
    columns = [column for column in table.__table__.columns if column.name not in beside]  # type: ignore[attr-defined]
    return sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
