"""Run events as senders send them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, uuid5

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NOTHING: Mapping[str, Any] = MappingProxyType({})
Event = dict[str, Any]


def number(name: str) -> str:
    """The id of a run."""
    return str(uuid5(NAMESPACE_URL, name))


def run(
    kind: str,
    name: str,
    minute: int = 0,
    job: str = "nightly",
    inputs: Sequence[Mapping[str, Any]] = (),
    **facets: Any,
) -> Event:
    at = (BEGAN + minute * MINUTE).isoformat().replace("+00:00", "Z")
    return {
        "eventType": kind,
        "eventTime": at,
        "run": {"runId": number(name), "facets": facets},
        "job": {"namespace": "airflow", "name": job},
        "inputs": list(inputs),
        "outputs": [],
        "producer": "https://example.com/producer",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }


def parent(name: str, root: str = "") -> Event:
    said: Event = {"run": {"runId": number(name)}, "job": {"namespace": "airflow", "name": "nightly"}}
    return said | ({"root": {"run": {"runId": number(root)}}} if root else {})


def checked(*assertions: Mapping[str, Any], dataset: str = "clicks", place: str = "inputFacets") -> Event:
    facet = {"dataQualityAssertions": {"assertions": list(assertions)}}
    return {"namespace": "bigquery", "name": dataset, place: facet}


def assertion(kind: str, success: bool = True, **said: Any) -> Event:
    return {"assertion": kind, "success": success, **said}


def body(said: Any) -> bytes:
    return json.dumps(said).encode()
