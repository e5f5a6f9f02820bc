"""What the fields of facts are called and what they mean, in words: one table for the forms and the help.

A field that stands nowhere here is called as it is written, and a description in its class goes before this table.
"""

import re

from ops_console.contracts.facts import KINDS
from ops_console.ingest.shapes import required, shapes

_CODE = re.compile(r"`([^`]+)`")
LABELS = {
    "ci_high": "Upper end of the interval",
    "ci_low": "Lower end of the interval",
    "git_sha": "Commit",
    "is_bot": "Done by a robot",
    "on_call": "On call",
    "run_id": "Run",
    "runbook_url": "Runbook",
    "sli": "Indicator",
    "slo": "SLO",
    "business_kpi": "Business KPI",
    "url": "Link",
}

HINTS = {
    "accepted_at": "When somebody took it on.",
    "acknowledged_at": "When somebody took notice.",
    "active_from": "First day in the team.",
    "active_to": "Last day in the team.",
    "actor": "Who or what started it.",
    "actionable": "Did somebody have to do something? Empty where nobody judged it.",
    "actual": "What the attempt gave.",
    "added_at": "Since when the step is part of the flow.",
    "after": "The metric after the work.",
    "aliases": "Other names by which systems know it.",
    "amount": "Money planned for the period.",
    "answered_on": "A day, never a time, so that nobody is found by it.",
    "approved_at": "When it was approved.",
    "approved_by": "Who approved the figure; it counts once somebody did.",
    "asset": "What the finding is about, such as a package or a bucket.",
    "assessed_on": "The day of the assessment.",
    "attempt": "1 for the first attempt.",
    "attribution_share": "Which part of the change the model is credited with, from 0 to 1.",
    "author": "Who wrote it.",
    "automated_since": "Since when it runs by itself; empty while a person does it.",
    "baseline": "The value it is compared with.",
    "before": "The metric before the work.",
    "billed_cost": "The amount on the bill.",
    "billing_currency": "Three capital letters, such as USD.",
    "billing_period_end": "The first instant after the billing period.",
    "billing_period_start": "The first instant of the billing period.",
    "blocking": "Does a failure stop the pipeline?",
    "budgeting": "Whether events are counted, or slices of time.",
    "business_kpi": "What it is meant to move.",
    "calendar": "Judged per calendar month or quarter, else over its window.",
    "cancelled_at": "When it was called off.",
    "category": "A word to group by.",
    "caused_by": "The id of the deployment, where somebody knows it.",
    "charge_category": "Usage, Purchase, Tax, Credit or Adjustment.",
    "charge_class": "Correction, for a charge that mends an earlier one.",
    "charge_period_end": "The first instant after the charge.",
    "charge_period_start": "The charge counts on the day it begins.",
    "checked_at": "When it was checked.",
    "class": "Does it interrupt somebody, or wait?",
    "column": "The column that was checked.",
    "comment": "Shown from five answers on, without a name.",
    "covered_seconds": "How much of the slice was seen; all of it if empty.",
    "created_at": "When it was registered.",
    "currency": "Three capital letters, such as USD.",
    "data_version": "Which data it was trained on.",
    "dataset": "The table or data set that was checked.",
    "date": "The day it happened.",
    "delivered_at": "When it was done.",
    "deployment": "The id of the deployment that shipped it.",
    "depends_on": "The models and services it needs.",
    "detected_at": "When somebody or something noticed.",
    "digest": "Checksum of the artifact.",
    "direction": "Which way is better.",
    "dismissed": "It turned out to be nothing.",
    "dismissed_reason": "Why it needs no mending.",
    "done_at": "When the ticket was closed.",
    "due_on": "The day by which it must be mended.",
    "drill": "Played to practise, not suffered; it counts nowhere.",
    "duplicate_of": "The id of the incident that this one repeats.",
    "duplicate_source": "The source of that incident, where it is another one.",
    "effective_cost": "The amount after discounts and commitments.",
    "ended_at": "The first instant after it.",
    "ends_on": "The last day, included.",
    "environment": "production counts; others are kept.",
    "environments": "Where it runs.",
    "escalation": "Whom to call when nobody answers.",
    "evaluated_at": "When it was measured.",
    "evidence": "Where the proof lies, such as a link.",
    "expected": "What the attempt should give.",
    "false_positive": "Nothing was broken.",
    "fields_present": "The parts that are filled in.",
    "filled_at": "When somebody was hired.",
    "fingerprint": "Repeats of one firing share it.",
    "finished_at": "When it ended; for a deployment, when it was live.",
    "first_commit_at": "When its first commit was written.",
    "first_review_at": "When somebody first looked at it.",
    "first_seen_at": "When it was first seen.",
    "first_usable_at": "When the first usable thing was in their hands.",
    "fixed_at": "When it was mended.",
    "flow": "What it is part of, such as training or deployment.",
    "git_sha": "The commit it was built from.",
    "good": "Events, or seconds, that were good.",
    "group": "Team of who answered.",
    "guardrail": "A metric that must not become worse, whatever else does.",
    "guardrails": "Metrics that must not become worse.",
    "hours": "Contract less leave and holidays.",
    "human_approval": "A decision a person is meant to take; it is no manual step.",
    "impact_started_at": "When users began to feel it.",
    "incident": "The id of the incident it led to.",
    "invoice_issuer": "Who sends the bill, where that is another one.",
    "is_bot": "Such as a bot that updates dependencies.",
    "level": "0 for none, 10 for mastery.",
    "lifecycle": "Whether it is tried out, in production or retired.",
    "list_cost": "The amount at list prices.",
    "maintenance": "Planned, and announced.",
    "measured_at": "When the metric was measured after the work.",
    "merged_at": "When it was merged.",
    "metric": "What was measured, such as ndcg@10.",
    "minutes": "How long it took.",
    "mitigated_at": "When users no longer felt it.",
    "mitigation": "What helped.",
    "model": "Its name in the catalog. A name nobody registered is kept, and waits to be mapped.",
    "monitors": "What somebody or something watches in production.",
    "nominal_at": "The time the run was meant for; more than 35 days before it ran, it is a backfill.",
    "notified_at": "When the person was called.",
    "objective_percent": "Such as 99.9.",
    "observed": "The value with the model.",
    "onset_at": "When it began, where that is known.",
    "opened_at": "When it was opened.",
    "outcome": "What came of it.",
    "override": "It takes the place of the planned shift.",
    "owner": "Who answers for it.",
    "paved_road": "The criteria it meets.",
    "period": "A month such as 2026-10, or a quarter such as 2026-Q4.",
    "period_end": "The last day, included.",
    "period_start": "The first day.",
    "person": "Whom it is about.",
    "pipeline_run": "The id of the run it was part of.",
    "planned_at": "Since when the position is planned.",
    "primary_metric": "The one that decides.",
    "primary_metric_direction": "Which way is better.",
    "provider": "Who runs what is paid for, such as AWS.",
    "purpose": "What it was spent on.",
    "quantity": "How much, in that unit.",
    "ready_at": "When it was first approved for production.",
    "reviewed_at": "When somebody last checked it.",
    "remediates": "The id of the deployment that it mends.",
    "removed_at": "When it left the flow.",
    "requested_at": "When somebody asked for it.",
    "reopenings": "When it broke again after the restoration, and until when: 2026-10-31T09:00/2026-10-31T10:00.",
    "resolved_at": "When the incident was closed.",
    "restored_at": "When service was back; the end of the incident if empty.",
    "rollback_tested_on": "The day on which going back was last tried out.",
    "rolls_back": "The id of the deployment that it undoes.",
    "rule": "What was broken.",
    "run": "Attempts of one run share it.",
    "run_id": "The run that made it.",
    "scale_max": "The best answer on the scale.",
    "scale_min": "The worst answer on the scale.",
    "schedule": "The rotation it belongs to.",
    "scope": "workspace, or one of team:Search, model:ranker, purpose:training.",
    "score": "The answer, on its scale.",
    "seconds": "How long the slice is.",
    "service": "The service it runs in, where that has a name of its own.",
    "silenced": "It was muted and called nobody.",
    "slice": "The part of the data it holds for; all of it if empty.",
    "slo": "Its name or its id.",
    "started_at": "When it began.",
    "starts_on": "The first day.",
    "submitted_at": "When they asked.",
    "succeeded": "Was the result the same?",
    "survey": "The survey's name.",
    "tags": "A line for each tag, such as model = ranker.",
    "target": "The level the team needs.",
    "team": "Team it belongs to.",
    "test": "Fired to try something out.",
    "threshold": "How much worse is still accepted.",
    "ticket": "The id of the ticket that was opened.",
    "tier": "1 matters most, 3 least.",
    "time_zone": "Such as Europe/London.",
    "tolerance": "How far apart the two may be.",
    "tool": "What found it.",
    "total": "All valid events, or seconds.",
    "traffic_percent": "Share of traffic it was given.",
    "trigger": "What started it; a backfill does not count in the gate pass rate.",
    "unit": "What it is measured in.",
    "url": "Where it can be looked at.",
    "value": "What was measured.",
    "verdict": "The result, where the source gives one.",
    "version": "As the registry writes it.",
    "waiting_seconds": "The time it lay with who asked.",
    "waived_until": "Deferred until that day; a waiver closes nothing.",
    "wave": "Such as 2026-Q3.",
    "window": "Such as 30d, where it is not judged per calendar month.",
    "working_hours": "Such as Mon-Fri 09:00-17:00.",
}
"""By field; a kind that means something else has a line of its own, as `kind.field`."""
HINTS |= {
    "models.name": "The name people use; its address is made from it.",
    "models.team": "Team that answers for it.",
    "models.kind": "How it serves.",
    "people.team": "Team they work in.",
    "positions.team": "Team that is hiring.",
    "requests.team": "Team that asked.",
    "incidents.kind": "What kind of thing broke.",
    "deployments.kind": "Leave it empty to let the console tell a release from a restart.",
    "deployments.started_at": "When the roll-out began.",
    "deployments.approved_at": "When somebody let it go ahead.",
    "findings.severity": "As the tool rates it.",
    "incidents.severity": "SEV1 is the worst.",
    "outcomes.method": "How the change was measured.",
    "outcomes.baseline": "The value without the model.",
    "reproductions.method": "How the two were compared.",
    "quality_checks.name": "The check's name.",
    "usage.model": "Its name in the catalog.",
}


NOTES = {
    "models": "A change holds from the moment it is saved, and what is left empty stays as it was known.",
    "costs": "Whole bills are better imported as FOCUS files. A charge entered here adds to what they say.",
    "sli_slices": "A slice needs an SLO that is known already.",
    "survey_responses": (
        "Nobody but you sees this answer as it is. Pages and reports show answers from five on, and never one by one."
    ),
}
"""What a person must know before he fills in a form."""
OF_A_PERSON = (
    "This is about a person: you, the person named and managers see it as it is. Pages and reports show the team."
)


def label(name: str) -> str:
    """What a form calls a field."""
    return LABELS.get(name, name.replace("_", " ").capitalize())


def hint(kind: str, name: str) -> str:
    """What a field means; empty where nobody wrote it down."""
    described = KINDS[kind].model_fields[name].description
    return described or HINTS.get(f"{kind}.{name}") or HINTS.get(name, "")


def summary(kind: str) -> str:
    """What a kind of fact is, with its fields called as the form calls them."""
    told = " ".join((KINDS[kind].__doc__ or "").split())
    return _CODE.sub(lambda found: f'"{label(found[1])}"' if found[1] in shapes(kind) else found[1], told)


def notes(kind: str) -> list[str]:
    """What to know before filling in the form; who sees it, where it is about a person."""
    found = [NOTES.get(kind, ""), OF_A_PERSON if is_of_a_person(kind) else ""]
    return [note for note in found if note]


def is_of_a_person(kind: str) -> bool:
    """Toil, shifts, skills and the like: each fact names whom it is about."""
    return "person" in required(kind)


def tells_of_people(kind: str) -> bool:
    """Kinds whose rows may say something of one person: these, alerts that name whom they woke, answers, the staff."""
    return kind in ("people", "survey_responses") or "person" in shapes(kind)
