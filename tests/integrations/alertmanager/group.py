"""Groups of alerts as Alertmanager sends them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
SECRET = "alertmanager-and-the-console-share-it"
OPEN = "0001-01-01T00:00:00Z"
MINUTE = timedelta(minutes=1)


def alert(name: str, minute: int = 0, lasted: int | None = None, **labels: str) -> dict[str, Any]:
    """An alert that began at a minute; it ended if it is said how long it lasted."""
    began = BEGAN + minute * MINUTE
    return {
        "status": "firing" if lasted is None else "resolved",
        "labels": {"alertname": name, "severity": "critical", **labels},
        "annotations": {"summary": "It hurts."},
        "startsAt": began.isoformat(),
        "endsAt": OPEN if lasted is None else (began + lasted * MINUTE).isoformat(),
        "generatorURL": "http://prometheus:9090/graph",
    }


def body(*alerts: dict[str, Any], **more: Any) -> bytes:
    said = {"version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "receiver": "ops", "alerts": alerts, **more}
    return json.dumps(said).encode()
