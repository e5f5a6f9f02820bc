"""What a figure is about: the workspace, a team, a tier, or one model or service."""

import re
from dataclasses import dataclass
from enum import StrEnum

from ops_console.core.errors import BadInput


class ScopeKind(StrEnum):
    WORKSPACE = "workspace"
    TEAM = "team"
    TIER = "tier"
    MODEL = "model"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """`key` is the team's name, the tier's digit or the model's slug; empty for the workspace."""

    kind: ScopeKind
    key: str = ""

    def __hash__(self) -> int:
        return hash(self.key)  # figures are looked up by scope millions of times; two kinds seldom share a key

    def __str__(self) -> str:
        return self.kind.value if self.kind is ScopeKind.WORKSPACE else f"{self.kind}:{self.key}"

    @property
    def title(self) -> str:
        """As a person reads it: `All models`, `Team Search`, `Tier 1`, `ranker-v4`."""
        return {
            ScopeKind.WORKSPACE: "All models",
            ScopeKind.TEAM: f"Team {self.key}",
            ScopeKind.TIER: f"Tier {self.key}",
            ScopeKind.MODEL: self.key,
        }[self.kind]


WORKSPACE = Scope(ScopeKind.WORKSPACE)
EVERY_SCOPE = tuple(ScopeKind)
TEAMS = (ScopeKind.WORKSPACE, ScopeKind.TEAM)
"""What is said of people and requests is said of all teams or of one, never of a tier or a model."""
WHOLE = (ScopeKind.WORKSPACE,)


def parse(text: str) -> Scope:
    """`workspace`, `team:Search`, `tier:1` or `model:ranker-v4`."""
    if not _WRITTEN.fullmatch(text):
        raise BadInput(f"{text!r} is no scope.", remedy="Write workspace, team:NAME, tier:1 or model:SLUG.")
    kind, _, key = text.partition(":")
    return Scope(ScopeKind(kind), key)


_WRITTEN = re.compile(r"workspace|tier:[123]|(team|model):[^\x00-\x1f\x7f]+")
