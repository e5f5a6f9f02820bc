"""OpenLineage: runs of pipelines and the data checks in them, from whatever sends lineage."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="openlineage",
    title="OpenLineage",
    roles=("webhook",),
    settings=(),
    summary="Runs and data checks of Airflow, Spark, dbt, Flink, Dagster, Great Expectations and others.",
    facts=("pipeline_runs", "quality_checks"),
    brings=(
        "Runs of pipelines: planned, started, ended, and how; steps belong to the run they are part of.",
        "Data checks that passed or failed, by dataset and column, blocking or not.",
    ),
    options=(
        Option(
            "pipelines",
            "Pipelines",
            hint="One a line: what it does (train, validate, promote, deploy, rollback, feature, score), the job's "
            "name, with its namespace where that is needed, and perhaps the model, such as train nightly = ranker. "
            "Runs of others are kept without saying what they do.",
            many=True,
        ),
        Option(
            "left_out",
            "Namespaces that are left out",
            hint="One a line, such as those of staging.",
            many=True,
        ),
    ),
    secrets=(
        Secret(
            WEBHOOK_SECRET,
            "API key",
            hint="What senders send as bearer token: api_key of their transport, or OPENLINEAGE_API_KEY. It also says "
            "which source is meant, so each has its own.",
            required=True,
        ),
    ),
    permissions=("None: senders are told where to send",),
    minutes=0,
    grade=Grade.GOLD,
    guide="https://openlineage.io/docs/client/python/configuration",
    address="/api/v1/lineage",
)
