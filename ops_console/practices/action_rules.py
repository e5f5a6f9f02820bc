"""What an action must be: begin with a verb, say when it is done, have a person and a date."""

from datetime import date, timedelta

from ops_console.contracts.vocabulary import Severity

DUE_AFTER: dict[str, timedelta] = {Severity.SEV1: timedelta(days=15), Severity.SEV2: timedelta(days=30)}
DUE_AFTER_OTHERS = timedelta(days=56)
THINGS = """
a an the this that these those we our my your their it its there here all any some more most better new old no not
lack lacking missing broken bad good high low slow fast of for on in at to with without from by about because alert
alerts alerting monitoring dashboard dashboards runbook runbooks documentation docs tests testing rollback capacity
quota quotas training owner owners process data model models pipeline pipelines latency error errors incident
incidents review reviews postmortem metrics logging logs ticket tickets follow-up todo improvement improvements
investigation automation coverage retries timeout timeouts backup backups
"""
NO_VERBS = frozenset(THINGS.split())
"""First words that name a thing or point at one. A list of every verb there is would refuse good ones."""


def default_due(severity: str | None, today: date) -> date:
    """When an action is due unless somebody says otherwise."""
    return today + DUE_AFTER.get(severity or "", DUE_AFTER_OTHERS)


def begins_with_verb(title: str) -> bool:
    """Whether the first word may be something to do: not a thing, not an article."""
    first = title.split(maxsplit=1)[0].strip(".,:;!?\"'()").lower() if title.split() else ""
    return first.isalpha() and first not in NO_VERBS
