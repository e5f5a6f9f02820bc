"""MLflow: model versions and their promotion, evaluations, experiments and runs, by webhook and by asking."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="mlflow",
    title="MLflow",
    roles=("collector", "webhook"),
    settings=(),
    summary="Models, versions, aliases and stages of an MLflow registry, with the runs and experiments behind them.",
    facts=("model_versions", "deployments", "pipeline_runs", "evaluations", "experiments"),
    brings=(
        "Versions with run, commit and data; when each was ready, and each promotion, by alias, tag or stage.",
        "Metrics you name, compared with the version that was in production before; experiments and what they led to.",
        "Runs of the experiments you name: what trains or validates, and how each ended.",
    ),
    options=(
        Option(
            "url",
            "Address of MLflow",
            hint="Where people open it, such as https://mlflow.example.com",
            required=True,
            is_address=True,
        ),
        Option(
            "metrics",
            "Metrics that judge a version",
            hint="One a line: metric, higher or lower is better, and perhaps how much worse is still accepted, such as "
            "auc higher 0.005. Without any no evaluations are read.",
            many=True,
        ),
        Option(
            "pipelines",
            "Experiments that are pipelines",
            hint="One a line: what its runs do (train, validate, promote, deploy, rollback, feature, score), its name "
            "and perhaps the model, such as train ranker-training = ranker.",
            many=True,
        ),
    ),
    secrets=(
        Secret("token", "Token", hint="A bearer token, or user:password where MLflow asks for a password."),
        Secret(
            WEBHOOK_SECRET,
            "Webhook secret",
            hint="With a webhook (MLflow 3.3 or later) promotions carry their own time; without one that of the poll "
            "which saw them, up to a quarter of an hour later.",
        ),
    ),
    permissions=("Read registered models", "Read experiments and runs (for commits, evaluations and experiments)"),
    minutes=15,
    grade=Grade.GOLD,
    guide="https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/",
)
