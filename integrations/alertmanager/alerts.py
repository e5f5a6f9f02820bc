"""An alert as a fact. What fires and what has ended is told whole each time, so the later word stands."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.alertmanager.rules import Labels, Rules
from ops_console.contracts.sources import Told

RESOLVED = "resolved"
NO_TIME = 1
"""The year by which Go says that it knows no time."""
ENDED = timedelta(milliseconds=1)
"""That it ended is the later word, even where it ended as it began."""
FNV_OFFSET, FNV_PRIME, BITS_64 = 0xCBF29CE484222325, 0x100000001B3, 0xFFFFFFFFFFFFFFFF


def name_of(alert: Mapping[str, Any]) -> str:
    return str(alert["labels"].get("alertname") or _fingerprint(alert))


def fact(alert: Mapping[str, Any], rules: Rules) -> Told:
    labels, name, fingerprint = alert["labels"], name_of(alert), _fingerprint(alert)
    began = datetime.fromisoformat(alert["startsAt"]).astimezone(UTC)
    ended = _ended(alert)
    values = {
        "external_id": f"{fingerprint}@{began.isoformat(timespec='milliseconds')}",
        "url": rules.url_of(name),
        "updated_at": (max(began, ended) + ENDED if ended else began).isoformat(),
        "name": name,
        "fingerprint": fingerprint,
        "model": labels.get(rules.model_label) or None,
        "service": labels.get(rules.service_label) or None,
        "class": rules.class_of(labels),
        "started_at": began.isoformat(),
        "ended_at": ended and ended.isoformat(),
    }
    return Told("alerts", {key: value for key, value in values.items() if value is not None})


def _ended(alert: Mapping[str, Any]) -> datetime | None:
    """While it fires Alertmanager says the year 1, or when it would give the alert up."""
    if alert["status"] != RESOLVED:
        return None
    said = datetime.fromisoformat(alert["endsAt"])
    return None if said.year == NO_TIME else said.astimezone(UTC)


def _fingerprint(alert: Mapping[str, Any]) -> str:
    """As Alertmanager says it; before 0.19 it did not, and it is made in its way (FNV-1a of the labels in order)."""
    return str(alert.get("fingerprint") or _hash(alert["labels"]))


def _hash(labels: Labels) -> str:
    made = FNV_OFFSET
    for byte in b"".join(b"%b\xff%b\xff" % (key.encode(), labels[key].encode()) for key in sorted(labels)):
        made = (made ^ byte) * FNV_PRIME & BITS_64
    return f"{made:016x}"
