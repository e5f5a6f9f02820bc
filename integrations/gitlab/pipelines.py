"""A run of a named pipeline as a fact. Jobs that are run again belong to the same run: GitLab keeps no attempts."""

from datetime import timedelta
from typing import Any

from integrations.gitlab.account import Item, Pipeline, instant
from integrations.gitlab.told import delivered, fact, polled
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

STATUSES = {"success": "succeeded", "failed": "failed", "canceled": "cancelled"}
SKIPPED = "skipped"
"""Nothing ran."""
TRIGGERS = {"schedule": "schedule", "web": "manual", "chat": "manual", "webide": "manual"}


def is_open(pipeline: Item) -> bool:
    return pipeline.get("status") not in (*STATUSES, SKIPPED)


def from_poll(pipeline: Item, project: str, told: Pipeline) -> Told:
    return _fact(
        pipeline,
        project,
        told,
        url=pipeline.get("web_url"),
        updated_at=polled(instant(pipeline["updated_at"])),
        started_at=_time(pipeline.get("started_at")) or _time(pipeline["created_at"]),
        finished_at=None if is_open(pipeline) else _time(pipeline.get("finished_at") or pipeline["updated_at"]),
    )


def from_webhook(pipeline: Item, project: str, told: Pipeline) -> Told:
    """When it started is when it was made, and how long it waited."""
    created_at = instant(pipeline["created_at"])
    started_at = created_at + timedelta(seconds=float(pipeline.get("queued_duration") or 0))
    changed_at = instant(pipeline["finished_at"]) if pipeline.get("finished_at") else created_at
    return _fact(
        pipeline,
        project,
        told,
        url=pipeline.get("url"),
        updated_at=delivered(changed_at, str(pipeline.get("status"))),
        started_at=iso(started_at),
        finished_at=None if is_open(pipeline) else iso(changed_at),
    )


def _time(text: str | None) -> str | None:
    return iso(instant(text)) if text else None


def _fact(pipeline: Item, project: str, told: Pipeline, **values: Any) -> Told:
    name = pipeline.get("name")
    return fact(
        "pipeline_runs",
        external_id=str(pipeline["id"]),
        pipeline=f"{project}: {name}"[:300] if name else project,
        flow=told.flow,
        model=told.model,
        trigger=TRIGGERS.get(str(pipeline.get("source")), "event"),
        status=STATUSES.get(str(pipeline.get("status")), "running"),
        **values,
    )
