"""Which deployments are one roll-out: pure, on plain values, for one subject in one environment.

Deployments of the same version (or, from different sources, of the same commit) belong together when their intervals
overlap or lie at most a day apart, unless the same source had another version live in between: going back to a version
within the hour is a second event. What a source calls by its commit alone goes by the version that the same source
gives the commit nearby. Configuration, shadow and restarts that a source names so stand for themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from ops_console.contracts.vocabulary import DeploymentKind, RunStatus

HOUR = 3_600_000
APART = 24 * HOUR
LONGEST = 7 * 24 * HOUR
"""A roll-out said to have taken longer is taken to have begun this long before its end."""

SUCCEEDED = RunStatus.SUCCEEDED.value
ASIDE = (DeploymentKind.CONFIG, DeploymentKind.SHADOW, DeploymentKind.RESTART)
PARTIAL = (DeploymentKind.CANARY, DeploymentKind.SHADOW, DeploymentKind.CONFIG)
"""Kinds that never make their version the live one."""


class Seen(NamedTuple):
    """One deployment as one source saw it. Instants are milliseconds; `ended` is the latest known of it."""

    id: int
    release_id: int | None
    entry_id: int
    environment: str
    source: str
    external_id: str
    version: str
    git_sha: str | None
    status: str
    kind: str | None
    strategy: str | None
    traffic_percent: Decimal | None
    ready_at: int | None
    requested_at: int | None
    approved_at: int | None
    started_at: int | None
    ended: int
    rolls_back: str | None
    remediates: str | None
    url: str | None

    began: int
    succeeded: bool
    is_full: bool
    """It says that the version took all the traffic it was meant to take."""
    order: tuple[int, int, str, str]


def seen_in(row: Sequence[Any]) -> Seen:
    """A row with the columns of `Seen`, up to `url`, and what follows from them."""
    (_, _, _, _, source, external_id, _, _, status, kind, strategy, traffic, _, _, _, started, ended, _, _, _) = row
    began = ended if started is None else max(min(started, ended), ended - LONGEST)
    succeeded = status == SUCCEEDED
    is_full = succeeded and _is_full(kind, strategy, traffic)
    return Seen._make((*row, began, succeeded, is_full, (ended, began, source, external_id)))


def _is_full(kind: str | None, strategy: str | None, traffic_percent: Decimal | None) -> bool:
    if kind in PARTIAL:
        return False
    if traffic_percent is not None:
        return traffic_percent >= 100
    return kind is not None or strategy not in PARTIAL


@dataclass(slots=True)
class Rollout:
    """Deployments that are one event."""

    members: list[Seen] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    shas: set[str] = field(default_factory=set)
    turns: dict[str, tuple[str, int]] = field(default_factory=dict)
    ended: int = 0

    def takes(self, seen: Seen, turn: tuple[str, int]) -> bool:
        known = self.turns.get(seen.source)
        if known is not None:
            return known == turn
        return seen.version in self.versions or not self.shas.isdisjoint(shas_of(seen))

    def add(self, seen: Seen, turn: tuple[str, int]) -> None:
        self.members.append(seen)
        self.versions.add(seen.version)
        self.shas |= shas_of(seen)
        self.turns[seen.source] = turn
        self.ended = max(self.ended, seen.ended)


def shas_of(seen: Seen) -> set[str]:
    """What names the artefact beside the version: the commit, and a version that is itself a commit or digest."""
    return {seen.version, seen.git_sha} if seen.git_sha else {seen.version}


def rollouts(deployments: Iterable[Seen]) -> list[Rollout]:
    """The roll-outs that the deployments of one subject and environment make, whatever order they come in."""
    ordered = sorted(deployments, key=attrgetter("began", "order"))
    shared = _shared(ordered)
    turns = _turns(ordered) if shared else {}
    found: list[Rollout] = []
    recent: dict[str | None, list[Rollout]] = defaultdict(list)
    for seen in ordered:
        if seen.version not in shared and seen.git_sha not in shared:  # as most are: it belongs with no other
            found.append(Rollout([seen], {seen.version}))
            continue
        aside = seen.kind if seen.kind in ASIDE else None
        near = [rollout for rollout in recent[aside] if rollout.ended >= seen.began - APART]
        rollout = next((one for one in near if one.takes(seen, turns[seen.id])), None)
        if rollout is None:
            rollout = Rollout()
            found.append(rollout)
            near.append(rollout)
        rollout.add(seen, turns[seen.id])
        recent[aside] = near
    return found


def _shared(deployments: Sequence[Seen]) -> set[str]:
    """The versions and commits that several deployments name."""
    names = Counter(seen.version for seen in deployments)
    names.update(seen.git_sha for seen in deployments if seen.git_sha and seen.git_sha != seen.version)
    return {name for name, count in names.items() if count > 1}


def _turns(deployments: Sequence[Seen]) -> dict[int, tuple[str, int]]:
    """What its source calls each deployment, and how often it had put another version live before: a new turn is a new
    roll-out.
    """
    names = _names(deployments)
    lives: dict[str, int] = defaultdict(int)
    own: dict[tuple[str, str], int] = defaultdict(int)
    turns = {}
    for seen in sorted(deployments, key=attrgetter("order")):
        key = seen.source, names.get(seen.id, seen.version)
        turns[seen.id] = key[1], lives[seen.source] - own[key]
        if seen.is_full:
            lives[seen.source] += 1
            own[key] += 1
    return turns


def _names(deployments: Sequence[Seen]) -> dict[int, str]:
    """Versions of deployments that are called by their commit alone, where the same source has one nearby."""
    bare = [seen for seen in deployments if seen.version == seen.git_sha]
    if not bare:
        return {}
    named: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    for seen in deployments:
        if seen.git_sha and seen.version != seen.git_sha:
            named[seen.source, seen.git_sha].append(seen)
    found = {}
    for seen in bare:
        near = [one for one in named[seen.source, seen.version] if _apart(seen, one) <= APART]
        if near:
            found[seen.id] = min(near, key=lambda one: (abs(one.ended - seen.ended), one.order)).version
    return found


def _apart(one: Seen, other: Seen) -> int:
    return max(one.began - other.ended, other.began - one.ended)
