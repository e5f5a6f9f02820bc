"""A rota that takes turns, told as facts through the door."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.scorecard import refresh
from tests.ingest.deliveries import deliver

FIRST = datetime(2026, 10, 1, 8, tzinfo=UTC)
PEOPLE = ("Ada", "Ben", "Cy")


def fill_rota(sqlite: Engine, *missing: int, names: tuple[str, ...] = PEOPLE) -> None:
    """They take turns through October, a day each but for some days; Ada is paged five times on her first day."""
    deliver(
        sqlite,
        "people",
        *({"external_id": name, "name": name, "email": f"{name}@x.example", "team": "Search"} for name in names),
    )
    shifts = (
        {
            "external_id": f"s{day}",
            "person": names[day % len(names)],
            "started_at": (FIRST + timedelta(days=day)).isoformat(),
            "ended_at": (FIRST + timedelta(days=day + 1)).isoformat(),
        }
        for day in range(30)
        if day not in missing
    )
    deliver(sqlite, "shifts", *shifts, covers_until=now())
    alerts = (
        {
            "external_id": f"a{n}",
            "person": "Ada",
            "name": "HighLatency" if n else "QueueDepth",
            "started_at": (FIRST + timedelta(minutes=10 * n)).isoformat(),
            "actionable": "true" if n == 1 else "false",
        }
        for n in range(5)
    )
    deliver(sqlite, "alerts", *alerts, covers_until=now())
    refresh.rebuild(sqlite, now())
