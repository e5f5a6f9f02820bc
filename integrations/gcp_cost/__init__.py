"""Google Cloud costs: the billing export in BigQuery, list prices and budgets."""

from ops_console.contracts.integration import Grade, Manifest
from ops_console.contracts.sources import Option, Secret

MANIFEST = Manifest(
    key="gcp_cost",
    title="Google Cloud costs",
    roles=("collector",),
    settings=(),
    summary="What Google Cloud bills, summed to days in the billing export in BigQuery; list prices and budgets.",
    facts=("costs", "budgets"),
    brings=(
        "Costs by day, service, project and the labels that name model, team and purpose, from the billing export in "
        "BigQuery; credits by themselves, with their sign.",
        "An invoice month is read again whenever the export has grown by rows of it, however late they are.",
        "The budgets of the billing account you name, as budgets of the workspace, a team, a model or a purpose.",
    ),
    options=(
        Option(
            "table",
            "Table of the billing export",
            hint="Standard or detailed: PROJECT.DATASET.gcp_billing_export_v1_012345_6789AB_CDEF01",
            required=True,
        ),
        Option("project", "Project that asks", hint="Pays for the queries. Without it the project of the table."),
        Option(
            "most_gigabytes",
            "Most gigabytes of a query",
            hint="A query that would read more is not made. A sync reads each month that changed.",
            default="100",
        ),
        Option("model_label", "Label that names the model", default="model"),
        Option("team_label", "Label that names the team", default="team"),
        Option("purpose_label", "Label that says what it is for", hint="Such as training.", default="purpose"),
        Option(
            "list_prices",
            "List prices",
            hint="Write yes where the export has no column cost_at_list: the list price of each SKU is then looked up.",
        ),
        Option(
            "budgets",
            "Budgets",
            hint="One a line: the budget's name in Google Cloud and its scope here (workspace, team:NAME, model:NAME, "
            "purpose:training), such as ml-training purpose:training. Others are not read.",
            many=True,
        ),
        Option(
            "endpoint_url",
            "Address of the API",
            hint="Only for a server that stands in for Google's.",
            is_address=True,
        ),
    ),
    secrets=(
        Secret(
            "service_account",
            "Key of a service account",
            hint="The JSON file, or a variable that holds it. Without one the identity of the machine is used.",
        ),
    ),
    permissions=(
        "BigQuery Data Viewer on the dataset and BigQuery Job User on the project that asks",
        "Billing Account Viewer (for the account, its projects and budgets)",
    ),
    minutes=360,
    grade=Grade.GOLD,
    guide="https://cloud.google.com/billing/docs/how-to/export-data-bigquery",
)
