"""The cast: an invented company, its teams, people and models. Any likeness is chance."""

from dataclasses import dataclass

from ops_console.contracts.vocabulary import ModelKind

WORKSPACE_NAME = "Quillmark ML (demo)"
ZONE = "Europe/London"
CURRENCY = "USD"
COUNTRY = "GB"

REGISTRY = "model-registry"
PIPELINE = "delivery-pipeline"
CODE_HOST = "code-host"
PAGER = "pager"
MONITORING = "monitoring"
CATALOG = "service-catalog"
SCANNER = "platform-scan"
DIRECTORY = "staff-directory"
FINANCE = "finance-plan"
TRACKER = "tracker"
SURVEYS = "quarterly-survey"
BILLS = {"AWS": "aws-bill", "GCP": "gcp-bill"}


@dataclass(frozen=True, slots=True)
class Member:
    """One model or service.

    `share` is its part of the company's releases (the first fourteen of Lift Wing's namespaces, in per mille),
    `traffic` its requests an hour, `training` and `inference` its money a day.
    """

    slug: str
    kind: ModelKind
    tier: int
    team: str
    owner: str
    share: int
    incidents: float
    traffic: int
    objective: str | None
    training: int
    inference: int
    cloud: str
    metric: str

    @property
    def service_name(self) -> str:
        """The name the delivery pipeline and the pager use."""
        return f"svc-{self.slug}"

    @property
    def on_call(self) -> str:
        return f"{self.team.lower().replace(' ', '-')}-oncall"


SEARCH, RISK, GROWTH, ASSISTANTS = "Search", "Payments risk", "Growth", "Assistants"
_K = ModelKind

CAST = (
    Member("ranker", _K.ONLINE, 1, SEARCH, "Ines Farrow", 103, 1.2, 90_000, "99.9", 120, 210, "AWS", "NDCG@10"),
    Member("query-embed", _K.ONLINE, 1, SEARCH, "Tomas Wren", 59, 0.6, 120_000, "99.9", 45, 160, "AWS", "recall@50"),
    Member("product-index", _K.INDEX, 2, SEARCH, "Ines Farrow", 73, 0.5, 0, None, 60, 35, "AWS", "freshness"),
    Member("spell-fix", _K.ONLINE, 3, SEARCH, "Tomas Wren", 8, 0.2, 40_000, "99.0", 4, 12, "AWS", "accuracy"),
    Member(
        "fraud-score", _K.ONLINE, 1, RISK, "Nadia Holt", 101, 1.0, 30_000, "99.9", 80, 95, "AWS", "recall at 1% FPR"
    ),
    Member("chargeback-forecast", _K.BATCH, 2, RISK, "Piet Larkin", 20, 0.3, 0, None, 25, 14, "AWS", "MAPE"),
    Member("account-guard", _K.STREAMING, 1, RISK, "Nadia Holt", 69, 0.7, 55_000, "99.9", 30, 88, "AWS", "AUC"),
    Member("offer-picker", _K.ONLINE, 2, GROWTH, "Sam Ardley", 95, 0.6, 60_000, "99.5", 70, 75, "GCP", "uplift"),
    Member("churn-weekly", _K.BATCH, 3, GROWTH, "Lena Moss", 8, 0.1, 0, None, 9, 4, "GCP", "AUC"),
    Member("bid-pacer", _K.STREAMING, 2, GROWTH, "Sam Ardley", 71, 0.5, 80_000, "99.5", 22, 64, "GCP", "pacing error"),
    Member("demand-forecast", _K.BATCH, 2, GROWTH, "Lena Moss", 40, 0.4, 0, None, 55, 18, "GCP", "WAPE"),
    Member(
        "help-assistant", _K.LLM_APP, 1, ASSISTANTS, "Ravi Dunmore", 77, 0.8, 6_000, "99.9", 15, 190, "GCP", "solved"
    ),
    Member("help-prompt", _K.PROMPT, 2, ASSISTANTS, "Ada Quill", 77, 0.2, 0, None, 2, 9, "GCP", "judge score"),
    Member("listing-writer", _K.LLM_APP, 2, ASSISTANTS, "Ada Quill", 32, 0.4, 3_000, "99.5", 12, 61, "GCP", "accepted"),
)

PROMOTED_TO_TIER_1 = "account-guard"
"""Was tier 2 in the first half of the history."""

MOVED_FROM_GROWTH = "spell-fix"
"""Changed its team a third of the way."""

LEFT_THE_LAB = "listing-writer"
"""Was an experiment in the first half of the history."""

UNREGISTERED = "fraud-score-eu"
"""Deployed by somebody, registered by nobody: data health lists it for mapping."""

DEPENDS_ON = {
    "ranker": ["query-embed", "product-index"],
    "query-embed": ["spell-fix"],
    "fraud-score": ["account-guard", "resource:feature-store"],
    "offer-picker": ["churn-weekly", "resource:feature-store"],
    "bid-pacer": ["demand-forecast"],
    "help-assistant": ["help-prompt", "query-embed"],
    "listing-writer": ["product-index"],
}
WITHOUT = {"help-prompt": ("on_call", "runbook_url"), "churn-weekly": ("runbook_url",), "spell-fix": ("on_call",)}
"""What nobody filled in: the gaps a manager would find."""

PEOPLE = {
    "Ines Farrow": SEARCH,
    "Tomas Wren": SEARCH,
    "Nadia Holt": RISK,
    "Piet Larkin": RISK,
    "Sam Ardley": GROWTH,
    "Lena Moss": GROWTH,
    "Ravi Dunmore": ASSISTANTS,
    "Ada Quill": ASSISTANTS,
    "Mara Penrose": "MLOps platform",
}
LEAD = "Mara Penrose"
"""Of the platform team: who keeps what belongs to nobody else."""
