"""Releases, deployments, changes and incidents of one size, as rows in stored form."""

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlmodel import SQLModel

from ops_console.core.clock import milliseconds
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.records.incidents import Incident, IncidentLink
from tests.bench.sizes import NOW, Size

Table = tuple[type[SQLModel], Iterable[dict[str, Any]]]
Live = tuple[int, int, str]
"""When a release went live, in milliseconds, of which entry, and its kind."""
HOUR = 3_600_000
DAY = 24 * HOUR
KINDS = ("release",) * 80 + ("restart",) * 8 + ("config",) * 5 + ("rollback",) * 4 + ("hotfix",) * 3


def envelope(source: str, external_id: str) -> dict[str, Any]:
    return {"source": source, "external_id": external_id, "ingested_at": milliseconds(NOW), "fingerprint": ""}


def tables(size: Size, dice: random.Random) -> Iterator[Table]:
    went_live = [*enumerate(releases(size), 1)]
    previous = _previous(releases(size))
    yield Release, (_release(n, *release, previous[n], dice) for n, release in went_live)
    yield Deployment, (_deployment(n, *release) for n, release in went_live)
    yield Change, (_change(n, i, *release[:2]) for n, release in went_live for i in range(3))
    yield Incident, (_incident(n, size, dice) for n in range(1, size.incidents + 1))
    yield IncidentLink, (_link(n, size, milliseconds(NOW)) for n in range(1, size.incidents + 1) if n % 3 != 2)


@lru_cache(maxsize=1)
def releases(size: Size) -> Sequence[Live]:
    """In the order in which they went live; the first is number 1 and brings version v1."""
    dice = random.Random(size.name)
    begins, now = milliseconds(size.begins), milliseconds(NOW)
    return sorted(
        (dice.randrange(begins, now), _skewed(dice, size.models), dice.choice(KINDS)) for _ in range(size.releases)
    )


def _previous(releases: Sequence[Live]) -> dict[int, int | None]:
    """What each release replaced."""
    standing: dict[int, int] = {}
    found = {}
    for n, (_, entry, _) in enumerate(releases, 1):
        found[n] = standing.get(entry)
        standing[entry] = n
    return found


def _release(n: int, live: int, entry: int, kind: str, undone: int | None, dice: random.Random) -> dict[str, Any]:
    return {
        "id": n,
        "entry_id": entry,
        "environment": "production",
        "version": f"v{n}",
        "kind": kind,
        "kind_reason": "told by the source",
        "status": "succeeded",
        "ready_at": live - round(dice.lognormvariate(13.3, 1.1) * 1000),
        "ready_reason": "registry",
        "live_at": live,
        "first_commit_at": live - 4 * DAY,
        "is_first_of_version": 1,
        "rolls_back_id": undone if kind == "rollback" else None,
        "first_at": live - HOUR,
        "last_at": live,
        "live_witness": n,
        "witnesses": 1,
    }


def _deployment(n: int, live: int, entry: int, kind: str) -> dict[str, Any]:
    return envelope("cd", f"d{n}") | {
        "id": n,
        "entry_id": entry,
        "release_id": n,
        "version": f"v{n}",
        "environment": "production",
        "status": "succeeded",
        "kind": kind,
        "started_at": live - HOUR,
        "finished_at": live,
        "git_sha": f"{n:040x}",
    }


def _change(n: int, i: int, live: int, entry: int) -> dict[str, Any]:
    return envelope("git", f"c{n}-{i}") | {
        "entry_id": entry,
        "release_id": n,
        "repository": f"model-{entry}",
        "title": "Change",
        "first_commit_at": live - DAY * (i + 2),
        "merged_at": live - DAY,
        "deployment": f"d{n}",
        "git_sha": f"{n * 3 + i:039x}c",
        "author": f"dev-{n % 50}",
        "is_bot": 0,
    }


def _incident(n: int, size: Size, dice: random.Random) -> dict[str, Any]:
    began = dice.randrange(milliseconds(size.begins), milliseconds(NOW) - 3 * DAY)
    ended = began + round(dice.lognormvariate(8.4, 1.2) * 1000)
    return envelope("pager", f"i{n}") | {
        "id": n,
        "entry_id": _skewed(dice, size.models),
        "title": f"Incident {n}",
        "severity": f"SEV{n % 4 + 1}",
        "status": "resolved",
        "kind": "service",
        "impact_started_at": began,
        "detected_at": began,
        "restored_at": ended,
        "resolved_at": ended,
        "began_at": began,
        "caused_by": f"d{_cause(n, size)}" if n % 3 == 0 else None,
        "reopenings": "[]",
        "reopened_ms": 0,
        "false_positive": 0,
        "maintenance": 0,
        "drill": 0,
    }


def _cause(n: int, size: Size) -> int:
    return n * 7919 % size.releases + 1


def _link(n: int, size: Size, now: int) -> dict[str, Any]:
    explicit = n % 3 == 0
    return {
        "incident_id": n,
        "release_id": _cause(n, size) if explicit else None,
        "method": "explicit" if explicit else "no_change",
        "confirmed": int(explicit),
        "reason": "bench",
        "made_by": "attribution",
        "made_at": now,
    }


def _skewed(dice: random.Random, models: int) -> int:
    """A few models see most of what happens."""
    return min(int(dice.paretovariate(0.8)), models) if dice.random() < 0.7 else dice.randint(1, models)
