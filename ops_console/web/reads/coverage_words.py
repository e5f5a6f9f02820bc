"""What a model has of each input, as an icon with its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ops_console.records.catalog import CatalogEntry
from ops_console.web.reads.gaps import ANSWERS, GAPS


@dataclass(frozen=True, slots=True)
class Cell:
    """An icon, its tone, and what it means here."""

    icon: str
    tone: str
    words: str


def good(words: str) -> Cell:
    return Cell("●", "good", words)


def partly(words: str) -> Cell:
    return Cell("▲", "watch", words)


def missing(words: str) -> Cell:
    return Cell("■", "bad", words)


def nothing(words: str) -> Cell:
    return Cell("○", "none", words)


def deployments(found: Any) -> Cell:
    return good(f"{found.many} in 91 days") if found else nothing("none in 91 days")


def ready_times(found: Any) -> Cell:
    if not found:
        return nothing("no deployment to need it")
    if found.ready == found.many:
        return good("known for all")
    return partly(f"known for {found.ready} of {found.many}") if found.ready else missing("known for none")


def incidents(found: Any, incidents_arrive: bool) -> Cell:
    if not incidents_arrive:
        return missing("no source of incidents works")
    return good(f"{found.many} in 91 days" if found else "none in 91 days, the source works")


def objectives(entry: CatalogEntry, objectives: Any, slices: Any) -> Cell:
    if not objectives:
        return missing("no objective, tier 1 needs one") if entry.tier == 1 else nothing("no objective")
    fresh = slices.many if slices else 0
    if fresh == objectives.many:
        return good(f"{fresh} with data in 35 days")
    return partly(f"{fresh} of {objectives.many} with data") if fresh else missing("no data in 35 days")


def costs(found: Any) -> Cell:
    return good(f"{found.many} days of 35") if found else nothing("nothing allocated in 35 days")


def answerable(lacking: Sequence[str]) -> Cell:
    """Who answers for it, told from the keys of what it lacks."""
    mine = [key for key in lacking if key in ANSWERS]
    if not mine:
        return good("complete")
    words = ", ".join(GAPS[key].words for key in mine)
    return missing(words) if "owner" in mine else partly(words)
