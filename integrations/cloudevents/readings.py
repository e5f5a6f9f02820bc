"""What each CDEvent says: whole facts of what happened at once, pieces of what has a beginning and an end."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from integrations.cloudevents.events import Event, name
from integrations.cloudevents.rules import Rules
from ops_console.contracts.sources import Ignored, Piece, Told
from ops_console.contracts.vocabulary import PRODUCTION

OUTCOMES = {
    "success": "succeeded",
    "failure": "failed",
    "fail": "failed",
    "error": "failed",
    "cancel": "cancelled",
    "cancelled": "cancelled",
}
CHECKS = {
    "pass": "passed",
    "success": "passed",
    "fail": "failed",
    "failure": "failed",
    "error": "errored",
    "cancel": "skipped",
}
SEVERITIES = {"critical": "SEV1", "high": "SEV2", "medium": "SEV3", "low": "SEV4"}
NOT_DONE = {
    "won't fix",
    "wont fix",
    "won't do",
    "wontfix",
    "duplicate",
    "invalid",
    "not planned",
    "cancelled",
    "canceled",
    "rejected",
}
"""Resolutions with which the requester got nothing."""


def _known(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "")}


def _piece(kind: str, event: Event, begins: Mapping[str, Any], /, **values: Any) -> Piece:
    said = {"external_id": event.subject, **_known(**values)}
    return Piece(kind, said, event.key, event.at, _known(**begins))


def deployment(event: Event, rules: Rules) -> Told:
    custom, version = event.custom, event.custom.get("version") or _version(event)
    if not version:
        raise Ignored(f"{event.name} does not say which version.")
    values = _known(
        updated_at=event.at.isoformat(),
        model=custom.get("model"),
        service=event.id,
        version=str(version),
        environment=rules.environment(str(event.content["environment"]["id"])),
        status="succeeded",
        kind="rollback" if event.name == "service.rolledback" else None,
        ready_at=custom.get("ready_at"),
        finished_at=event.at.isoformat(),
        traffic_percent=custom.get("traffic_percent"),
    )
    return Told("deployments", {"external_id": event.key, **values})


def _version(event: Event) -> str:
    """The version of a package URL: a tag, or the digest."""
    artifact = str(event.content.get("artifactId") or "")
    return unquote(artifact.partition("?")[0].rpartition("@")[2]) if "@" in artifact else artifact


def incident(event: Event, rules: Rules) -> Told:
    content = event.content
    environment = str((content.get("environment") or {}).get("id") or PRODUCTION)
    if rules.environment(environment) != PRODUCTION:
        raise Ignored(f"An incident in {environment} is none in production.")
    about = {"model": event.custom.get("model"), "service": (content.get("service") or {}).get("id")}
    rest = {"severity": _severity(event), "url": content.get("ticketURI"), **about}
    at, words = event.at.isoformat(), content.get("description")
    if (
        event.name == "incident.resolved"
    ):  # its words tell of the end; they name the incident only where nothing else does
        begins = {"title": words or event.id, "status": "open"}
        return _piece("incidents", event, begins, status="resolved", restored_at=at, resolved_at=at, **rest)
    begins = {"title": event.id, "status": "open", "detected_at": at}
    return _piece("incidents", event, begins, title=words, **rest)


def _severity(event: Event) -> str | None:
    said = str(event.custom.get("severity") or "")
    return SEVERITIES.get(said.lower()) or (said.upper() if said.upper() in SEVERITIES.values() else None)


def change(event: Event, rules: Rules) -> Told:  # noqa: ARG001
    repository = str((event.content.get("repository") or {}).get("id") or "")
    return _piece(
        "changes",
        event,
        {},
        service=event.custom.get("service") or repository or event.source,
        repository=repository,
        merged_at=event.at.isoformat(),
        git_sha=event.custom.get("git_sha"),
    )


def run(event: Event, rules: Rules) -> Told:
    content, at = event.content, event.at.isoformat()
    pipeline = content.get("pipelineName")
    rest = {
        "pipeline": pipeline,
        "flow": rules.flows.get(str(pipeline)),
        "model": event.custom.get("model"),
        "url": content.get("url") or content.get("uri"),
    }
    begins = {"run": event.subject, "status": "running"}
    if event.name == "pipelinerun.finished":
        status = OUTCOMES[str(content["outcome"]).lower()]
        return _piece("pipeline_runs", event, begins, status=status, finished_at=at, **rest)
    return _piece("pipeline_runs", event, {**begins, "started_at": at}, **rest)


def check(event: Event, rules: Rules) -> Told:  # noqa: ARG001
    checked = event.content.get("pipelineRun") or event.custom.get("pipelineRun")
    if not checked:
        raise Ignored("It does not say which pipeline run it checked.")
    of = checked if isinstance(checked, dict) else {"id": checked}
    suite = event.content.get("testSuite") or {}
    return _piece(
        "quality_checks",
        event,
        {},
        pipeline_run=name(str(of.get("source") or event.source), str(of["id"])),
        name=suite.get("name") or suite.get("id") or event.id,
        dataset=event.custom.get("dataset"),
        model=event.custom.get("model"),
        outcome=CHECKS[str(event.content["outcome"]).lower()],
        checked_at=event.at.isoformat(),
    )


def ticket(event: Event, rules: Rules) -> Told:
    content, at = event.content, event.at.isoformat()
    kind = str(content.get("ticketType") or "")
    if not rules.is_request(kind):
        raise Ignored(f"A ticket of type {kind} is no request.")
    rest = {"title": content.get("summary"), "kind": kind, "team": content.get("group"), "url": content.get("uri")}
    if event.name == "ticket.created":
        return _piece("requests", event, {"submitted_at": at}, **rest)
    if event.name == "ticket.updated":
        return _piece("requests", event, {}, **rest)
    is_done = str(content.get("resolution") or "").replace("_", " ").lower() not in NOT_DONE
    return _piece("requests", event, {}, **{"done_at" if is_done else "cancelled_at": at}, **rest)


READINGS: Mapping[str, Callable[[Event, Rules], Told]] = {
    "service.deployed": deployment,
    "service.upgraded": deployment,
    "service.rolledback": deployment,
    "incident.detected": incident,
    "incident.reported": incident,
    "incident.resolved": incident,
    "change.merged": change,
    "pipelinerun.started": run,
    "pipelinerun.finished": run,
    "testsuiterun.finished": check,
    "ticket.created": ticket,
    "ticket.updated": ticket,
    "ticket.closed": ticket,
}
WHY_NOT = {
    "service.removed": "A service that is removed is no deployment.",
    "service.published": "That a service can be reached says nothing of its version.",
}
