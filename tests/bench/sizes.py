"""The sizes that are measured."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
START = datetime(2024, 11, 4, tzinfo=UTC)
SPAN = NOW - START


@dataclass(frozen=True, slots=True)
class Size:
    """`deployments` is a year's; everything else is the whole history's."""

    name: str
    deployments: int
    incidents: int
    slos: int
    cost_rows: int
    models: int
    alerts: int = 0
    checks: int = 0
    span: timedelta = SPAN

    @property
    def releases(self) -> int:
        return round(self.deployments * (self.span / timedelta(days=365)))

    @property
    def changes(self) -> int:
        return self.releases * 3

    @property
    def hours(self) -> int:
        return self.span // timedelta(hours=1)

    @property
    def length(self) -> int:
        """In milliseconds."""
        return self.span // timedelta(milliseconds=1)

    @property
    def begins(self) -> datetime:
        return NOW - self.span


SIZES = {
    size.name: size
    for size in (
        Size("S", deployments=2_000, incidents=300, slos=3, cost_rows=100_000, models=20, alerts=20_000, checks=20_000),
        Size(
            "M",
            deployments=10_000,
            incidents=1_400,
            slos=5,
            cost_rows=500_000,
            models=60,
            alerts=100_000,
            checks=100_000,
        ),
        Size(
            "L",
            deployments=100_000,
            incidents=13_600,
            slos=25,
            cost_rows=5_000_000,
            models=200,
            alerts=1_000_000,
            checks=1_000_000,
        ),
    )
}
