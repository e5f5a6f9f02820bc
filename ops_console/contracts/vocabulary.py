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


class DeploymentStatus(StrEnum):
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
