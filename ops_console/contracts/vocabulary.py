"""The words facts may use. One word per concept, the field's standard terms, on every floor."""

from enum import StrEnum


class ModelKind(StrEnum):
    ONLINE = "online"
    BATCH = "batch"
    STREAMING = "streaming"
    EDGE = "edge"
    LLM_APP = "llm_app"
    PROMPT = "prompt"
    INDEX = "index"
    SERVICE = "service"


class Lifecycle(StrEnum):
    EXPERIMENTAL = "experimental"
    PRODUCTION = "production"
    RETIRED = "retired"


class Monitor(StrEnum):
    """What somebody or something watches of a model in production."""

    SERVICE = "service"
    DRIFT = "drift"
    DATA_QUALITY = "data_quality"
    PERFORMANCE = "performance"


class RunStatus(StrEnum):
    """How something that runs for a while stands: a pipeline, or a deployment."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DeploymentKind(StrEnum):
    RELEASE = "release"
    ROLLBACK = "rollback"
    HOTFIX = "hotfix"
    RESTART = "restart"
    CONFIG = "config"
    CANARY = "canary"
    SHADOW = "shadow"


class Severity(StrEnum):
    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"


class IncidentStatus(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class IncidentKind(StrEnum):
    SERVICE = "service"
    DATA_PIPELINE = "data_pipeline"
    DRIFT_OR_QUALITY = "drift_or_quality"
    MODEL = "model"
    SECURITY = "security"
    COST = "cost"
    TRAINING = "training"


class Mitigation(StrEnum):
    ROLLBACK_MODEL_VERSION = "rollback_model_version"
    RULES_FALLBACK = "rules_fallback"
    RETRAINING_FREEZE = "retraining_freeze"
    RETRAINED_RELEASE = "retrained_release"
    FEATURE_FLAG_OFF = "feature_flag_off"
    SCALE_UP = "scale_up"
    DATA_BACKFILL = "data_backfill"
    NONE = "none"


class Budgeting(StrEnum):
    """How an SLO counts (OpenSLO `budgetingMethod`)."""

    OCCURRENCES = "occurrences"
    TIMESLICES = "timeslices"


class Purpose(StrEnum):
    TRAINING = "training"
    INFERENCE = "inference"
    EXPERIMENTATION = "experimentation"
    STORAGE = "storage"
    PLATFORM = "platform"


class AlertClass(StrEnum):
    PAGE = "page"
    TICKET = "ticket"


class Flow(StrEnum):
    """What a pipeline is for; the core flows are those every production model needs."""

    TRAIN = "train"
    VALIDATE = "validate"
    PROMOTE = "promote"
    DEPLOY = "deploy"
    ROLLBACK = "rollback"
    FEATURE = "feature"
    SCORE = "score"


CORE_FLOWS = (Flow.TRAIN, Flow.VALIDATE, Flow.PROMOTE, Flow.DEPLOY, Flow.ROLLBACK)


class Trigger(StrEnum):
    SCHEDULE = "schedule"
    EVENT = "event"
    MANUAL = "manual"
    BACKFILL = "backfill"


class CheckOutcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    SKIPPED = "skipped"


class FindingKind(StrEnum):
    EXCEPTION = "exception"
    POLICY = "policy"
    ACCESS_REVIEW = "access_review"
    VULNERABILITY = "vulnerability"


class FindingSeverity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class UsageUnit(StrEnum):
    INFERENCES = "inferences"
    TOKENS = "tokens"
    GPU_HOURS_USED = "gpu_hours_used"
    GPU_HOURS_ALLOCATED = "gpu_hours_allocated"


class DegradationSignal(StrEnum):
    DATA_DRIFT = "data_drift"
    CONCEPT_DRIFT = "concept_drift"
    PERFORMANCE = "performance"
    QUALITY = "quality"


class EvaluationKind(StrEnum):
    OFFLINE = "offline"
    SHADOW = "shadow"
    LIVE = "live"
    JUDGE = "judge"


class Verdict(StrEnum):
    PASSED = "passed"
    REGRESSED = "regressed"
    INCONCLUSIVE = "inconclusive"


class ReproductionMethod(StrEnum):
    DIGEST = "digest"
    METRIC = "metric"


class OutcomeMethod(StrEnum):
    AB_TEST = "ab_test"
    HOLD_OUT = "hold_out"
    PRE_POST = "pre_post"
    ESTIMATE = "estimate"


class DocumentKind(StrEnum):
    MODEL_CARD = "model_card"
    DATASET_SHEET = "dataset_sheet"
    RUNBOOK = "runbook"


_CARD_TIER_3 = frozenset({"name", "version", "owner", "intended_use", "limitations"})
_CARD_TIER_2 = _CARD_TIER_3 | {"training_data", "evaluation_data", "metrics"}
MODEL_CARD_FIELDS = {
    1: _CARD_TIER_2 | {"ethical_considerations", "fairness", "monitoring", "rollback"},
    2: _CARD_TIER_2,
    3: _CARD_TIER_3,
}
"""What a model card must say, by tier (after Mitchell et al., Model Cards for Model Reporting, section 4)."""
CARD_REVIEWED_DAYS = {1: 180, 2: 365, 3: 365}
"""After so many days without a review a card is out of date."""


class RequestClass(StrEnum):
    STANDARD = "standard"
    COMPLEX = "complex"


class InitiativeStatus(StrEnum):
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    DROPPED = "dropped"


class LinkMethod(StrEnum):
    """How an incident came to be attributed to a release; the order is the precedence."""

    PERSON = "person"
    EXPLICIT = "explicit"
    ROLLBACK = "rollback"
    HOTFIX = "hotfix"
    SUGGESTION = "suggestion"
    NO_CHANGE = "no_change"


CONFIRMED_METHODS = (LinkMethod.PERSON, LinkMethod.EXPLICIT, LinkMethod.ROLLBACK, LinkMethod.HOTFIX)

PRODUCTION = "production"
"""The environment that counts as production."""
