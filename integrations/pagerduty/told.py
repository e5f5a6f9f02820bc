"""What the facts of this source have in common."""

from integrations.pagerduty.history import Item
from ops_console.contracts.sources import Told

RESOLVED = "resolved"


def fact(kind: str, **values: str | list[str] | None) -> Told:
    """What is not known is not said."""
    return Told(kind, {name: value for name, value in values.items() if value is not None})


def title(incident: Item) -> str:
    return str(incident.get("title") or incident.get("summary") or incident["id"])[:2000]
