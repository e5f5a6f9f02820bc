"""Models and people, as they stood at the start and as they changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ops_console.contracts.vocabulary import Lifecycle
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story


def batches(story: Story) -> Iterator[Batch]:
    """The catalog as it was at the start, then each change on its day: history enters in the order it happened."""
    yield Batch("models", company.CATALOG, [_model(member, story.start) | _first_state(member) for member in CAST])
    for share, slug in (
        (1 / 3, company.MOVED_FROM_GROWTH),
        (0.5, company.PROMOTED_TO_TIER_1),
        (0.55, company.LEFT_THE_LAB),
    ):
        member = next(member for member in CAST if member.slug == slug)
        yield Batch("models", company.CATALOG, [_model(member, story.at(share))])
    yield Batch("people", company.DIRECTORY, [_person(name, team, story) for name, team in company.PEOPLE.items()])


def _first_state(member: Member) -> dict[str, Any]:
    states: dict[str, dict[str, Any]] = {
        company.MOVED_FROM_GROWTH: {"team": company.GROWTH},
        company.PROMOTED_TO_TIER_1: {"tier": 2},
        company.LEFT_THE_LAB: {"lifecycle": Lifecycle.EXPERIMENTAL},
    }
    return states.get(member.slug, {})


def _model(member: Member, updated_at: datetime) -> dict[str, Any]:
    told = _told(member, updated_at)
    return {name: value for name, value in told.items() if name not in company.WITHOUT.get(member.slug, ())}


def _told(member: Member, updated_at: datetime) -> dict[str, Any]:
    return {
        "external_id": member.slug,
        "updated_at": updated_at,
        "name": member.slug,
        "kind": member.kind,
        "tier": member.tier,
        "team": member.team,
        "owner": member.owner,
        "lifecycle": Lifecycle.PRODUCTION,
        "service": member.service_name,
        "environments": ["staging", "production"],
        "on_call": member.on_call,
        "escalation": "Owner, then the team's lead, then Mara Penrose",
        "runbook_url": f"https://runbooks.quillmark.example/{member.slug}",
        "primary_metric": member.metric,
        "primary_metric_direction": "lower" if member.metric in {"MAPE", "WAPE", "pacing error"} else "higher",
        "guardrails": ["p99 latency", "error share"] if member.objective else [],
        "aliases": [member.service_name],
        "depends_on": company.DEPENDS_ON.get(member.slug, []),
    }


def _person(name: str, team: str, story: Story) -> dict[str, Any]:
    return {
        "external_id": name.lower().replace(" ", "."),
        "name": name,
        "email": f"{name.lower().replace(' ', '.')}@quillmark.example",
        "team": team,
        "time_zone": company.ZONE,
        "active_from": story.start.astimezone(story.zone).date(),
    }
