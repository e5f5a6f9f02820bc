"""What somebody said when setting a source of OpenLineage up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops_console.contracts.integration import Rejected
from ops_console.contracts.vocabulary import Flow

PIPELINE = re.compile(rf"({'|'.join(Flow)})\s+([^\s=].*?)(?:\s+=\s+(\S.*))?")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a job does, and for which model."""

    flow: str
    model: str | None


@dataclass(frozen=True, slots=True)
class Rules:
    """`pipelines` are known by the job's name, alone or behind its namespace."""

    pipelines: Mapping[str, Pipeline]
    left_out: frozenset[str]

    def pipeline(self, namespace: str, name: str) -> Pipeline | None:
        return self.pipelines.get(f"{namespace}/{name}") or self.pipelines.get(name)


def rules(settings: Mapping[str, Any]) -> Rules:
    """The rules; `Rejected` names what makes no sense."""
    return Rules(
        pipelines=dict(map(_pipeline, settings.get("pipelines") or ())),
        left_out=frozenset(settings.get("left_out") or ()),
    )


def _pipeline(line: str) -> tuple[str, Pipeline]:
    said = PIPELINE.fullmatch(line.strip())
    if said is None:
        remedy = f"Write train nightly = ranker, with one of {', '.join(Flow)}."
        raise Rejected(f"{line[:100]!r} says of no job what it does.", remedy=remedy)
    return said[2], Pipeline(said[1], said[3])
