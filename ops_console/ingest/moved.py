"""What differs after deployments were merged: whatever hangs on releases is looked at again here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ops_console.ingest.windows import Former, Group, Window


@dataclass(slots=True)
class Moved:
    """Releases by number, and the places on the calendar they had or have."""

    windows: dict[Group, Window] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    """The deployments that came in."""
    renamed: Sequence[Former] = ()
    """What of them was called otherwise before."""
    written: set[int] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)
    """Those of them that are new and roll nothing back: they stay as they begin, unless they share their version."""
    gone: set[int] = field(default_factory=set)
    instants: set[int] = field(default_factory=set)
    """When something was, or is, live."""
    left: set[tuple[int, str, str, int]] = field(default_factory=set)
    """Places (subject, environment, version, instant) at which a release was live and may be no longer."""
    turned: list[Window] = field(default_factory=list)
    """Places of releases that stayed where they are and became another kind."""
    regrouped: set[int] = field(default_factory=set)
    """Deployments that belong to another release than before."""
    orphaned_incidents: set[int] = field(default_factory=set)
    orphaned_changes: set[int] = field(default_factory=set)

    @property
    def anything(self) -> bool:
        return bool(self.written or self.gone or self.regrouped)

    @property
    def stretches(self) -> list[Window]:
        """Everywhere on the calendar that something moved."""
        return [*self.windows.values(), *self.turned]

    def note(self, number: int, live_at: int | None) -> None:
        """A release that is now like this."""
        self.written.add(number)
        if live_at is not None:
            self.instants.add(live_at)

    def note_former(self, release: Any) -> None:
        """A release that was like this before."""
        self.note(release.id, release.live_at)
        if release.live_at is not None:
            self.left.add((release.entry_id, release.environment, release.version, release.live_at))

    def note_turned(self, release: Any) -> None:
        """A release that stays where it is and became another kind."""
        self.note(release.id, release.live_at)
        if release.live_at is not None:
            self.turned.append(Window((release.entry_id, release.environment), release.live_at, release.live_at))
