"""GitHub: deployments, releases, merged pull requests and workflow runs, by webhook and by asking."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="github",
    title="GitHub",
    roles=("collector", "webhook"),
    settings=(),
    summary="Deployments, releases, merged pull requests and workflow runs, from GitHub or GitHub Enterprise.",
    facts=("deployments", "changes", "pipeline_runs"),
    brings=(
        "Deployments with every status, who asked for each, and published releases, where publishing is deploying.",
        "Merged pull requests: first commit, opening, first review, approval and merge.",
        "Runs of the workflows you name: what trains, validates, promotes or deploys, attempt by attempt.",
    ),
    options=(
        Option(
            "repositories",
            "Repositories",
            hint="One a line, as owner/name, such as acme/ranker.",
            required=True,
            many=True,
        ),
        Option(
            "api_url",
            "Address of the API",
            hint="For GitHub Enterprise Server: https://HOST/api/v3",
            default="https://api.github.com",
            required=True,
            is_address=True,
        ),
        Option(
            "subject_key",
            "Key that names the model",
            hint="In the payload of a deployment, such as model. Without it a deployment is about its repository.",
        ),
        Option(
            "version_key",
            "Key that names the version",
            hint="In the payload of a deployment. Without it the version is the tag deployed, else the commit.",
            default="version",
        ),
        Option(
            "workflows",
            "Workflows",
            hint="One a line: file, what it does (train, validate, promote, deploy, rollback, feature, score) and "
            "perhaps the model, such as train.yml train ranker. Other workflows are not asked for.",
            many=True,
        ),
    ),
    secrets=(
        Secret(
            "token", "Token", hint="A fine-grained token or that of an app, which may read and no more.", required=True
        ),
        Secret(
            WEBHOOK_SECRET,
            "Webhook secret",
            hint="With a webhook facts arrive within a minute; without one they are asked for each quarter of an hour.",
        ),
    ),
    permissions=(
        "Deployments: read",
        "Pull requests: read",
        "Contents: read",
        "Actions: read (for workflow runs)",
    ),
    minutes=15,
    grade=Grade.GOLD,
    guide="https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens",
)
