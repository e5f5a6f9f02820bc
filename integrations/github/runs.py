"""An attempt of a workflow run as a fact; webhook and poll tell it in the same words."""

from collections.abc import Mapping
from typing import Any

from integrations.github.account import Account, Workflow
from ops_console.contracts.sources import Told

CONCLUSIONS = {
    "success": "succeeded",
    "neutral": "succeeded",
    "failure": "failed",
    "timed_out": "failed",
    "startup_failure": "failed",
    "cancelled": "cancelled",
    "stale": "cancelled",
}
SKIPPED = "skipped"
"""Nothing ran."""
TRIGGERS = {"schedule": "schedule", "workflow_dispatch": "manual"}
COMPLETED = "completed"


def workflow_of(run: Mapping[str, Any], account: Account) -> Workflow | None:
    """What the run's workflow does, if somebody said so: `.github/workflows/train.yml`, perhaps with `@main`."""
    return account.workflows.get(str(run.get("path") or "").partition("@")[0].rpartition("/")[2])


def is_open(run: Mapping[str, Any]) -> bool:
    return run.get("status") != COMPLETED


def is_skipped(run: Mapping[str, Any]) -> bool:
    return run.get("conclusion") == SKIPPED


def fact(run: Mapping[str, Any], repository: str, workflow: Workflow) -> Told:
    attempt = run.get("run_attempt") or 1
    status = "running" if is_open(run) else CONCLUSIONS.get(str(run.get("conclusion")), "running")
    values = {
        "external_id": f"{run['id']}.{attempt}",
        "url": run.get("html_url"),
        "updated_at": run.get("updated_at"),
        "pipeline": f"{repository}/{workflow.file}",
        "run": str(run["id"]),
        "flow": workflow.flow,
        "model": workflow.model,
        "attempt": attempt,
        "trigger": TRIGGERS.get(str(run.get("event")), "event"),
        "status": status,
        "started_at": run.get("run_started_at") or run.get("created_at"),
        "finished_at": None if status == "running" else run.get("updated_at"),
    }
    return Told("pipeline_runs", {name: value for name, value in values.items() if value is not None})
