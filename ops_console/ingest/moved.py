"""What differs after deployments were merged: whatever hangs on releases is looked at again here."""

from dataclasses import dataclass, field
from typing import Any

from ops_console.ingest.windows import Group, Window


@dataclass(slots=True)
class Moved:
    """Releases by number, and the places on the calendar they had or have."""

    windows: dict[Group, Window] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    """The deployments that came in."""
    written: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    instants: set[int] = field(default_factory=set)
    """When something was, or is, live."""
    versions: dict[tuple[int, str, str], int] = field(default_factory=dict)
    """Versions whose history changed, with the instant from which on it did."""
    regrouped: set[int] = field(default_factory=set)
    """Deployments that belong to another release than before."""
    orphaned_incidents: set[int] = field(default_factory=set)
    orphaned_changes: set[int] = field(default_factory=set)

    @property
    def anything(self) -> bool:
        return bool(self.written or self.gone or self.regrouped)

    def note(
        self, number: int, *, entry_id: int, environment: str, version: str, live_at: int | None, **_: Any
    ) -> None:
        """A release that is, or was, like this."""
        self.written.add(number)
        if live_at is not None:
            self.instants.add(live_at)
            key = entry_id, environment, version
            self.versions[key] = min(self.versions.get(key, live_at), live_at)
