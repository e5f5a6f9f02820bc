"""A first guess at a mapping from nothing but the names of the columns; a person looks at it before it is used."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from ops_console.ingest.shapes import Shape, required, shapes

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
LIKELY = 0.82

OTHER_NAMES = {
    "external_id": (
        "id",
        "uuid",
        "key",
        "number",
        "deployment_id",
        "incident_id",
        "run_id",
        "record_id",
        "deploy_id",
        "sha",
    ),
    "url": ("link", "html_url", "web_url", "permalink"),
    "updated_at": ("modified_at", "last_updated", "updated", "last_modified", "sys_updated_on"),
    "finished_at": ("deployed_at", "completed_at", "ended_at", "finish_time", "end_time", "released_at"),
    "started_at": ("start_time", "begin", "started", "created_at", "date", "timestamp"),
    "impact_started_at": ("started_at", "start", "began_at", "opened_at", "occurred_at"),
    "detected_at": ("created_at", "triggered_at", "reported_at"),
    "acknowledged_at": ("acked_at", "ack_time"),
    "resolved_at": ("closed_at", "ended_at", "end", "fixed_at"),
    "restored_at": ("recovered_at", "service_restored_at"),
    "git_sha": ("commit_sha", "commit", "sha", "revision", "head_sha"),
    "service": ("application", "app", "component", "project", "namespace", "repo", "services", "affected"),
    "model": ("model_name", "registered_model"),
    "environment": ("env", "stage", "target"),
    "status": ("state", "conclusion", "result", "outcome"),
    "title": ("summary", "name", "subject", "short_description"),
    "severity": ("priority", "impact", "urgency", "level"),
    "actor": ("author", "user", "deployed_by", "triggered_by"),
    "author": ("user", "login", "committer"),
    "first_commit_at": ("authored_at", "author_date", "committed_at"),
    "merged_at": ("merge_date", "closed_at"),
    "deployment": ("deployment_id", "release"),
    "repository": ("repo", "project"),
    "score": ("rating", "answer", "value"),
    "comment": ("comments", "text", "feedback"),
    "answered_on": ("submitted_at", "date", "submitted_on"),
    "group": ("team", "department", "respondent_group"),
    "objective_percent": ("objective", "target", "slo"),
    "slo": ("slo_name", "objective_name"),
    "version": ("tag", "release", "image_version", "model_version", "image_tag", "image", "build"),
}


def plain_name(column: str) -> str:
    """`BillingPeriodStart`, `billing period start` and `Billing-Period-Start` are one name."""
    return "_".join(word.lower() for word in _WORDS.findall(column))


def suggestions(kind: str, columns: Sequence[str]) -> dict[str, str]:
    """Fields and the column each most likely comes from; every column is used once, required fields choose first."""
    free = {column: plain_name(column) for column in columns if column}
    found: dict[str, str] = {}
    known = shapes(kind)
    fields = sorted(known, key=lambda field: (field not in required(kind), list(known).index(field)))
    for likely in (1.0, 0.95, LIKELY):
        for field in fields:
            if field in found or not free:
                continue
            best = max(free, key=lambda column: _likeness(field, known[field], free[column]))
            if _likeness(field, known[field], free[best]) >= likely:
                found[field] = best
                del free[best]
    return {field: found[field] for field in known if field in found}


def _likeness(field: str, shape: Shape, name: str) -> float:
    if name == field:
        return 1.0
    if name in OTHER_NAMES.get(field, ()):
        return 0.97 - 0.001 * OTHER_NAMES[field].index(name)
    if name in (field.removesuffix("_at"), field.removesuffix("_on")):
        return 0.96
    is_time = name.endswith(("_at", "_time", "_date", "_on"))
    if is_time != (shape in (Shape.INSTANT, Shape.DAY)):
        return 0.0
    return min(SequenceMatcher(None, field, name).ratio(), 0.94)
