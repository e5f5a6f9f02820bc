"""CDEvents in CloudEvents: deployments, incidents, changes, runs, test suites and tickets, from whoever sends them."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="cloudevents",
    title="CloudEvents",
    roles=("webhook",),
    settings=(),
    summary="CDEvents 0.3 to 0.6 of pipelines, delivery and operations tools, sent as CloudEvents.",
    facts=("deployments", "incidents", "changes", "pipeline_runs", "quality_checks", "requests"),
    brings=(
        "Services deployed, upgraded and rolled back, and changes merged.",
        "Incidents detected, reported and resolved; tickets opened and closed, as requests.",
        "Pipeline runs, and test suites that say which run they checked.",
    ),
    options=(
        Option(
            "production",
            "Environments that are production",
            hint="One a line, by id. One called production is.",
            many=True,
        ),
        Option(
            "pipelines",
            "Pipelines",
            hint="One a line: what it does (train, validate, promote, deploy, rollback, feature, score) and its name, "
            "such as train ranker-training. Runs of others are kept without saying what they do.",
            many=True,
        ),
        Option(
            "ticket_types",
            "Types of tickets that are requests",
            hint="One a line, such as task. Where nothing is said, all are.",
            many=True,
        ),
    ),
    secrets=(
        Secret(
            WEBHOOK_SECRET,
            "Token or signing secret",
            hint="What senders send as a bearer token, or sign with (Standard Webhooks, whsec_…).",
            required=True,
        ),
    ),
    permissions=("None: senders are told where to send",),
    minutes=0,
    grade=Grade.GOLD,
    guide="https://cdevents.dev/docs/cloudevents-binding/",
)
