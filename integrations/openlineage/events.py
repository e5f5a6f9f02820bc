"""A run event: https://openlineage.io/spec/2-0-2/OpenLineage.json

A run that has a parent is a step of the run at the root of it all: what it checked, that run checked.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ops_console.contracts.integration import Rejected

LONGEST = 300
OTHER = "OTHER"
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """`root` is the run that this one is a step of; empty where it is none."""

    kind: str
    at: datetime
    run: str
    root: str
    namespace: str
    job: str
    facets: Body
    datasets: Sequence[Body]


def kind_of(said: Any) -> str:
    """What an event tells of, in two words at most."""
    if not isinstance(said, dict):
        return "unknown"
    if "run" in said:
        return f"run {str(said.get('eventType') or OTHER).upper()}"[:100]
    return "dataset" if "dataset" in said else "job" if "job" in said else "unknown"


def event(said: Body) -> Event:
    run, job = said["run"], said["job"]
    facets = run.get("facets") or {}
    return Event(
        kind=str(said.get("eventType") or OTHER).upper(),
        at=_instant(said["eventTime"]),
        run=_run(run),
        root=_root(facets),
        namespace=str(job["namespace"]),
        job=str(job["name"]),
        facets=facets,
        datasets=[*(said.get("inputs") or ()), *(said.get("outputs") or ())],
    )


def facet_of(dataset: Body, name: str) -> Body:
    """A facet stands with the dataset, or with its part in this run."""
    places = (dataset.get(place) or {} for place in ("inputFacets", "outputFacets", "facets"))
    return next((facet for place in places if isinstance(facet := place.get(name), dict)), {})


def named(namespace: str, name: str) -> str:
    return short(f"{namespace}/{name}")


def short(name: str) -> str:
    """A name that can be kept; a hash where it is too long."""
    return name if len(name) <= LONGEST else hashlib.sha256(name.encode()).hexdigest()


def _root(facets: Body) -> str:
    parent = facets.get("parent") or {}
    root = parent.get("root") or parent
    return _run(root["run"]) if root.get("run") else ""


def _run(run: Body) -> str:
    return short(str(run["runId"]))


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise Rejected(f"eventTime {text[:40]!r} has no offset.", remedy="Send UTC, with a Z.")
    return at.astimezone(UTC)
