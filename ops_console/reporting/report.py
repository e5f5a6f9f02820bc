"""What a report file offers: `REPORT`, which says which sections in which order, and when it is due.

A section is a function from the snapshot to blocks; it returns None where it has nothing to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from ops_console.contracts.document import Section
from ops_console.contracts.parts import Parts
from ops_console.core.errors import NotFound
from ops_console.core.periods import Grain
from ops_console.reporting.readers import Readers
from ops_console.reporting.schedule import Schedule
from ops_console.reporting.snapshot import Snapshot

Builder = Callable[[Snapshot], Section | None]


@dataclass(frozen=True, slots=True)
class Report:
    """`grain` is the length of the periods it is about; `schedule` when it goes out unless somebody says otherwise."""

    key: str
    title: str
    question: str
    grain: Grain
    schedule: Schedule
    sections: tuple[Builder, ...]
    readers: Readers = Readers.LEADERS


def of(module: ModuleType) -> Report:
    """The report that a file in `reports/` offers."""
    report = getattr(module, "REPORT", None)
    if not isinstance(report, Report):
        raise TypeError(f"{module.__name__} offers no REPORT")
    return report


def named(parts: Parts, name: str) -> Report:
    """The report of this name; `NotFound` names those there are."""
    if name not in parts.reports:
        raise NotFound(f"There is no report {name!r}.", remedy=f"Use one of: {', '.join(parts.reports) or 'none'}.")
    return of(parts.reports[name])
