"""Jira: requests, incidents and toil, from Cloud and Data Center, by webhook and by asking."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret
from ops_console.contracts.tracker import ACTIONS_IN

MANIFEST = Manifest(
    key="jira",
    title="Jira",
    roles=("collector", "webhook", "tracker"),
    settings=(),
    summary="Requests, incidents and logged toil, from Jira and Jira Service Management, Cloud and Data Center; "
    "actions kept in step with issues.",
    facts=("requests", "incidents", "toil"),
    brings=(
        "Requests: submitted, taken on, usable and done, and how long they lay with the requester.",
        "Incidents: detected, taken on and restored, with severity, duplicates and what was none.",
        "Toil: work logged on issues with the labels you name, by person and day.",
    ),
    options=(
        Option(
            "api_url",
            "Address of Jira",
            hint="Such as https://acme.atlassian.net; for a token with scopes https://api.atlassian.com/ex/jira/CLOUDID",
            required=True,
            is_address=True,
        ),
        Option(
            "user",
            "E-mail of the account",
            hint="For an API token of Cloud. Leave it empty for a personal access token of Data Center.",
        ),
        Option(
            "severities",
            "Severities",
            hint="One a line: a priority and its severity, such as Urgent SEV1. Jira's own priorities, P1 to P5 and "
            "SEV1 to SEV5 are understood by themselves.",
            many=True,
        ),
        Option(
            "service_field",
            "Field that names the service",
            hint="Such as customfield_10042. Without it an incident is about its first component, else its project.",
            default="components",
        ),
        Option("teams", "Teams", hint="One a line: a project and its team, such as OPS ML Platform.", many=True),
        Option(
            "complex_labels",
            "Labels of complex requests",
            hint="One a line. Every other request is a standard one.",
            many=True,
        ),
        Option(
            "waiting",
            "Statuses that wait for the requester",
            hint="One a line.",
            default="Waiting for customer",
            many=True,
        ),
        Option(
            "dropped",
            "Resolutions with which nothing was delivered",
            hint="One a line, besides Won't Do, Declined, Duplicate and the like.",
            many=True,
        ),
        Option(
            "toil",
            "Labels of toil",
            hint="One a line: a label, and perhaps the category of the work, such as toil-access access requests.",
            many=True,
        ),
        Option(
            ACTIONS_IN,
            "Project of actions",
            hint="Such as OPS: actions may be opened here as issues and stay in step with them. Empty: nothing is ever "
            "written.",
        ),
        Option("actions_as", "Issue type of actions", default="Task"),
        Option(
            "zone",
            "Time zone of the people",
            hint="Says on which day work was done where Jira does not tell a person's own, such as Europe/London.",
            default="UTC",
        ),
    ),
    secrets=(
        Secret(
            "token",
            "Token",
            hint="An API token, or a personal access token. Its account may browse these projects and no more, but for "
            "a project of actions.",
            required=True,
        ),
        Secret(
            WEBHOOK_SECRET,
            "Webhook secret",
            hint="With a webhook incidents arrive within a minute; without one they are asked for each quarter of an "
            "hour.",
        ),
    ),
    permissions=(
        "Browse projects",
        "of a token with scopes: read:jira-work and read:jira-user",
        "with a project of actions: create, edit, assign and move issues there, and write:jira-work",
    ),
    minutes=15,
    grade=Grade.GOLD,
    guide="https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/",
)
