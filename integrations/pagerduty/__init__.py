"""PagerDuty: incidents, pages and on-call shifts, by webhook and by asking."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="pagerduty",
    title="PagerDuty",
    roles=("collector", "webhook"),
    settings=(),
    summary="Incidents, the pages they sent and who was on call, from PagerDuty in the US or the EU.",
    facts=("incidents", "alerts", "shifts"),
    brings=(
        "Incidents: when each was detected, first acknowledged and first restored, its severity and its duplicates.",
        "Pages: who was woken and when, whether anybody took them; incidents of low urgency are tickets.",
        "Shifts: who was on call in which schedule, with overrides applied, once the shift has ended.",
    ),
    options=(
        Option(
            "api_url",
            "Address of the API",
            hint="For accounts in the EU: https://api.eu.pagerduty.com",
            default="https://api.pagerduty.com",
            required=True,
            is_address=True,
        ),
        Option(
            "severities",
            "Severities",
            hint="One a line: a priority and its severity, such as Critical SEV1. P1 to P5 and SEV1 to SEV5 are "
            "understood by themselves.",
            many=True,
        ),
    ),
    secrets=(
        Secret("token", "API key", hint="A read-only key of the account, or of a user who sees it all.", required=True),
        Secret(
            WEBHOOK_SECRET,
            "Webhook secret",
            hint="With a webhook incidents arrive within a minute; without one they are asked for each quarter of an "
            "hour.",
        ),
    ),
    permissions=(
        "A read-only API key",
        "or, of an app: incidents.read, oncalls.read",
    ),
    minutes=15,
    grade=Grade.GOLD,
    guide="https://support.pagerduty.com/main/docs/api-access-keys",
)
