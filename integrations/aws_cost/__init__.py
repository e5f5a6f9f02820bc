"""AWS costs: FOCUS exports in S3, else Cost Explorer, and budgets."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import Option, Secret

MANIFEST = Manifest(
    key="aws_cost",
    title="AWS costs",
    roles=("collector",),
    settings=(),
    summary="What AWS bills, from a FOCUS export in S3 or, where there is none, from Cost Explorer; and budgets.",
    facts=("costs", "budgets"),
    brings=(
        "Costs from a FOCUS export in S3: every charge with its tags, restated whenever AWS writes the export anew.",
        "Without an export, costs by day and service from Cost Explorer, at 0.01 USD for each request: a sync asks "
        "at most 6 times, on most days 4.",
        "The AWS budgets you name, as budgets of the workspace, a team, a model or a purpose.",
    ),
    options=(
        Option(
            "export",
            "Export in S3",
            hint="Of Data Exports, table FOCUS, written as gzip and csv: s3://BUCKET/PREFIX/EXPORT-NAME. It costs "
            "nothing to read.",
        ),
        Option(
            "explorer",
            "Cost Explorer",
            hint="Write yes where there is no export. Each request costs 0.01 USD: about 1.20 USD a month, and at "
            "first 0.02 USD for each month of the past.",
        ),
        Option(
            "model_tag",
            "Tag that names the model",
            hint="For Cost Explorer: a cost allocation tag that is activated, such as model. Without it costs come by "
            "usage type, and say what they are for but not for which model.",
        ),
        Option(
            "budgets",
            "Budgets",
            hint="One a line: the budget's name in AWS and its scope here (workspace, team:NAME, model:NAME, "
            "purpose:training), such as ml-training purpose:training. Others are not read.",
            many=True,
        ),
        Option("region", "Region of the bucket", default="us-east-1"),
        Option(
            "endpoint_url",
            "Address of the API",
            hint="Only for a server that stands in for AWS, such as an S3-compatible store.",
            is_address=True,
        ),
    ),
    secrets=(
        Secret("access_key_id", "Access key id", hint="Without keys the role of the machine is used."),
        Secret("secret_access_key", "Secret access key"),
        Secret("session_token", "Session token", hint="Only for temporary keys."),
    ),
    permissions=(
        "s3:ListBucket and s3:GetObject on the export",
        "or ce:GetCostAndUsage",
        "budgets:ViewBudget (for budgets)",
    ),
    minutes=360,
    grade=Grade.GOLD,
    guide="https://docs.aws.amazon.com/cur/latest/userguide/dataexports-create-standard.html",
)
