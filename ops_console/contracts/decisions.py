"""The words of what people decide: parts in a response, reviews of incidents, factors, actions, what is asked."""

from enum import StrEnum


class ReviewState(StrEnum):
    DUE = "due"
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    CLOSED = "closed"
    WAIVED = "waived"


class Factor(StrEnum):
    """What contributes to incidents. Several apply to one; each says what the system allowed, never who."""

    CODE_CHANGE = "code_change"
    MODEL_RELEASE = "model_release"
    CONFIGURATION = "configuration"
    DATA_QUALITY = "data_quality"
    DATA_OR_CONCEPT_DRIFT = "data_or_concept_drift"
    TRAINING_SERVING_SKEW = "training_serving_skew"
    CAPACITY = "capacity"
    DEPENDENCY = "dependency"
    INFRASTRUCTURE = "infrastructure"
    SECURITY = "security"
    MISSING_TEST_OR_GATE = "missing_test_or_gate"
    MISSING_ALERT = "missing_alert"
    MISSING_ROLLBACK = "missing_rollback"
    PROCESS_OR_DOCUMENTATION = "process_or_documentation"
    OTHER = "other"


WITH_RELEASES = frozenset(
    {
        Factor.CODE_CHANGE,
        Factor.MODEL_RELEASE,
        Factor.CONFIGURATION,
        Factor.TRAINING_SERVING_SKEW,
        Factor.MISSING_TEST_OR_GATE,
        Factor.MISSING_ROLLBACK,
    }
)
"""Factors that can only show when something is released; the others can show on any day in production."""


class ResponseRole(StrEnum):
    """What somebody did while an incident lasted."""

    COMMANDER = "commander"
    DEPUTY = "deputy"
    OPERATIONS = "operations"
    COMMUNICATIONS = "communications"
    SCRIBE = "scribe"
    SUBJECT_EXPERT = "subject_expert"


class ActionType(StrEnum):
    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    REPAIR = "repair"
    PROCESS = "process"
    LEARN = "learn"


class Priority(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ActionState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"


PROMISED = (ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.BLOCKED)
"""States of an action that is still owed."""


class AskState(StrEnum):
    """What became of a decision that was asked of somebody."""

    ASKED = "asked"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Effect(StrEnum):
    """Whether an action kept its incident from coming back."""

    WATCHING = "watching"
    EFFECTIVE = "effective"
    RECURRED = "recurred"
    UNPROVEN = "unproven"
