"""Incidents as the pager tells them, with its duplicates and its unfinished ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import IncidentKind, IncidentStatus, Mitigation
from ops_console.core.clock import iso
from ops_console.demo import company
from ops_console.demo.plan import Breakage, plan
from ops_console.demo.story import Batch, Story

DUPLICATE_EVERY = 23
"""One incident in so many is paged twice (assumed)."""
REOPENED_EVERY, QUIET_FOR = 19, timedelta(hours=2)
"""One in so many breaks again after so long (assumed)."""

TITLES = {
    IncidentKind.SERVICE: ("answers slowly", "returns errors", "runs out of memory", "loses a zone"),
    IncidentKind.MODEL: ("scores drop after a release", "answers in the wrong language", "ranks stale items first"),
    IncidentKind.DATA_PIPELINE: ("works on yesterday's features", "misses a partition", "reads a changed schema"),
    IncidentKind.DRIFT_OR_QUALITY: ("drifts on new traffic", "loses recall on mobile"),
    IncidentKind.TRAINING: ("training stops half-way",),
    IncidentKind.COST: ("burns through its budget overnight",),
}


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("incidents", company.PAGER, rows(story))


def rows(story: Story) -> Iterator[dict[str, Any]]:
    for breakage in plan(story).breakages:
        detected = _detected(breakage, story)
        if not story.has_passed(detected):
            continue
        row = _row(breakage, detected, story)
        yield row
        if breakage.number % DUPLICATE_EVERY == 0 and story.has_passed(detected + timedelta(minutes=6)):
            yield _duplicate(row, detected + timedelta(minutes=6), breakage)


def _detected(breakage: Breakage, story: Story) -> datetime:
    noticed = story.dice("noticed", breakage.key).lognormvariate(1.4, 0.9)
    return breakage.began + min(timedelta(minutes=round(noticed)), breakage.lasted / 3)


def _row(breakage: Breakage, detected: datetime, story: Story) -> dict[str, Any]:
    acknowledged = detected + min(timedelta(minutes=3), breakage.lasted / 6)
    mitigated = breakage.began + breakage.lasted * 0.8
    resolved = breakage.ended + timedelta(minutes=40)
    status = IncidentStatus.OPEN
    for reached, at in (
        (IncidentStatus.ACKNOWLEDGED, acknowledged),
        (IncidentStatus.MITIGATED, mitigated),
        (IncidentStatus.RESOLVED, resolved),
    ):
        status = reached if story.has_passed(at) else status
    passed = [at for at in (detected, acknowledged, mitigated, breakage.ended, resolved) if story.has_passed(at)]
    return {
        "external_id": breakage.key,
        "url": f"https://pager.quillmark.example/{breakage.key}",
        "updated_at": passed[-1],
        "title": _title(breakage, story),
        "service": breakage.member.service_name,
        "severity": breakage.severity,
        "status": status,
        "kind": breakage.kind,
        "impact_started_at": breakage.began,
        "detected_at": detected,
        "acknowledged_at": acknowledged if story.has_passed(acknowledged) else None,
        "mitigated_at": mitigated if story.has_passed(mitigated) else None,
        "restored_at": breakage.ended if story.has_passed(breakage.ended) else None,
        "resolved_at": resolved if story.has_passed(resolved) else None,
        "caused_by": breakage.cause.run if breakage.cause and breakage.is_told else None,
        "false_positive": breakage.false_positive,
        "maintenance": breakage.maintenance,
        "mitigation": breakage.mitigation if story.has_passed(mitigated) else None,
    } | _broken_again(breakage, story)


def _broken_again(breakage: Breakage, story: Story) -> dict[str, Any]:
    """What a second stretch of trouble changes; nothing where there is none, or none yet."""
    began = breakage.ended + QUIET_FOR
    is_real = not breakage.false_positive and not breakage.maintenance
    if not is_real or breakage.number % REOPENED_EVERY or not story.has_passed(began):
        return {}
    ended = began + max(breakage.lasted / 4, timedelta(minutes=8))
    if not story.has_passed(ended):
        again = {"status": IncidentStatus.OPEN, "resolved_at": None}
        return again | {"reopenings": [f"{iso(began)}/"], "updated_at": began}
    return {"reopenings": [f"{iso(began)}/{iso(ended)}"], "resolved_at": ended, "updated_at": ended}


def _title(breakage: Breakage, story: Story) -> str:
    if breakage.maintenance:
        return f"Planned maintenance of {breakage.member.slug}"
    if breakage.mitigation is Mitigation.ROLLBACK_MODEL_VERSION and breakage.cause:
        return f"{breakage.member.slug} degrades on {breakage.cause.version}"
    return f"{breakage.member.slug} {story.dice('title', breakage.key).choice(TITLES[breakage.kind])}"


def _duplicate(row: dict[str, Any], detected: datetime, breakage: Breakage) -> dict[str, Any]:
    return row | {
        "external_id": f"{breakage.key}-B",
        "updated_at": max(row["updated_at"], detected),
        "detected_at": detected,
        "acknowledged_at": None,
        "mitigated_at": None,
        "mitigation": None,
        "caused_by": None,
        "duplicate_of": breakage.key,
    }
