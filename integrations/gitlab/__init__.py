"""GitLab: deployments, merged merge requests, pipelines and incidents, by webhook and by asking."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import WEBHOOK_SECRET, Option, Secret

MANIFEST = Manifest(
    key="gitlab",
    title="GitLab",
    roles=("collector", "webhook"),
    settings=(),
    summary="Deployments, merge requests, pipelines and incidents of projects on GitLab.com or a server of your own.",
    facts=("deployments", "changes", "pipeline_runs", "incidents"),
    brings=(
        "Deployments with the tier of their environment: when each went live, failed or was given up.",
        "Merged merge requests: first commit, opening, first review, approval and merge.",
        "Runs of the pipelines you name, and incidents with their severity and duplicates.",
    ),
    options=(
        Option(
            "projects",
            "Projects",
            hint="One a line, with their groups, such as acme/search/ranker.",
            required=True,
            many=True,
        ),
        Option(
            "api_url",
            "Address of GitLab",
            hint="For a server of your own: https://gitlab.acme.example",
            default="https://gitlab.com",
            required=True,
            is_address=True,
        ),
        Option(
            "pipelines",
            "Pipelines",
            hint="One a line: what it does (train, validate, promote, deploy, rollback, feature, score), its "
            "project or its name, and perhaps = and the model, such as train Nightly training = ranker. No others are "
            "asked for.",
            many=True,
        ),
        Option(
            "service_label",
            "Label that names the service",
            hint="The key of a scoped label of incidents: service stands for service::ranker. Without one an incident "
            "is about its project.",
            default="service",
        ),
    ),
    secrets=(
        Secret(
            "token",
            "Token",
            hint="A project, group or personal access token which may read the API and no more.",
            required=True,
        ),
        Secret(
            WEBHOOK_SECRET,
            "Webhook secret",
            hint="The signing token (whsec_…) or the secret token of the webhook. Without one facts are asked for each "
            "quarter of an hour.",
        ),
    ),
    permissions=("Scope read_api", "Role Reporter, or Developer where environments are protected"),
    minutes=15,
    grade=Grade.GOLD,
    guide="https://docs.gitlab.com/user/profile/personal_access_tokens/",
)
