"""Jira Service Management Operations, and Opsgenie before it: alerts, incidents and on-call shifts."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="jsm_operations",
    title="JSM Operations and Opsgenie",
    roles=("collector", "webhook"),
    settings=(),
    summary="Alerts and on-call shifts of Jira Service Management Operations, and what Opsgenie still holds.",
    facts=("alerts", "incidents", "shifts"),
    brings=(
        "Alerts: when each fired, was first acknowledged and closed, by whom; low priorities are tickets.",
        "Shifts: who was on call in which schedule, with overrides applied, once the shift has ended.",
        "Incidents of Opsgenie with their timelines. Those of Jira Service Management come from Jira.",
    ),
    options=(
        Option(
            "cloud_id",
            "Cloud id",
            hint="What https://YOURS.atlassian.net/_edge/tenant_info tells. Leave it empty for Opsgenie.",
        ),
        Option(
            "api_url",
            "Address of the API",
            hint="For Opsgenie: https://api.opsgenie.com or https://api.eu.opsgenie.com",
            default="https://api.atlassian.com",
            required=True,
            is_address=True,
        ),
        Option("user", "E-mail of the account", hint="Whose API token it is. Opsgenie needs none."),
        Option(
            "pages",
            "Priorities that wake somebody",
            hint="One a line. Alerts of others are tickets.",
            default="P1\nP2\nP3",
            many=True,
        ),
        Option(
            "service_tag",
            "Tag that names the service",
            hint="Its key: service stands for the tag service:ranker. Without one an alert is about its entity.",
            default="service",
        ),
        Option(
            "people",
            "People",
            hint="One a line: an address or account id and the person's name, such as ana@acme.example Ana Ruiz.",
            many=True,
        ),
    ),
    secrets=(
        Secret(
            "token",
            "API token or key",
            hint="An API token without scopes of an account that may look at operations; of Opsgenie a read-only key.",
            required=True,
        ),
        Secret(
            WEBHOOK_SECRET,
            "Webhook secret",
            hint="With a webhook alerts arrive within a minute; without one they are asked for each quarter of an "
            "hour.",
        ),
    ),
    permissions=("Read access to operations", "of Opsgenie: an API key with Read and Configuration Access"),
    minutes=15,
    grade=Grade.GOLD,
    guide="https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/intro/",
)
