"""The columns of facts about the quality of models that are not simply copied."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from ops_console.contracts.vocabulary import MODEL_CARD_FIELDS, DocumentKind, Verdict
from ops_console.ingest.days import day_end
from ops_console.ingest.shapes import Columns, Finish, Values

PLACEHOLDERS = ("more information needed", "todo", "tbd", "n/a", "")
"""Texts of a template: they fill in nothing (Hugging Face's card template says the first)."""


def _evaluation(row: Columns, values: Values, _zone: ZoneInfo) -> None:
    row["regressed"] = regressed(values)


def regressed(values: Values) -> bool | None:
    """The source's verdict; else worse than the baseline by more than the threshold, or by more than chance where an
    interval says so. Unknown where there is nothing to compare, or nobody said which way is better.
    """
    if values["verdict"] is not None:
        return {Verdict.REGRESSED: True, Verdict.PASSED: False}.get(values["verdict"])
    value, baseline, direction = values["value"], values["baseline"], values["direction"]
    if value is None or baseline is None or direction is None:
        return None
    worse_by: Decimal = baseline - value if direction == "higher" else value - baseline
    if values["threshold"] is not None:
        return bool(worse_by > values["threshold"])
    best = values["ci_high"] if direction == "higher" else values["ci_low"]
    if best is None:
        return None
    return bool(best < baseline if direction == "higher" else best > baseline)


def _outcome(row: Columns, values: Values, zone: ZoneInfo) -> None:
    row["ends_at"] = (day_end(values["period_end"], zone) or 0) - 1


def _document(row: Columns, values: Values, _zone: ZoneInfo) -> None:
    row["fields_present"] = filled(values["fields_present"])
    row["complete_for_tier"] = complete_for(values["kind"], row["fields_present"])


def complete_for(kind: DocumentKind, present: list[str]) -> int | None:
    """The strictest tier of which a model card has all required fields."""
    complete = (tier for tier, needed in MODEL_CARD_FIELDS.items() if needed <= set(present))
    return min(complete, default=None) if kind is DocumentKind.MODEL_CARD else None


def filled(fields: list[str]) -> list[str]:
    """The names of fields that hold more than a template's own words; `name=text` says what a field holds."""
    parts = (field.partition("=") for field in fields)
    return [
        name.strip().casefold()
        for name, says, text in parts
        if name.strip() and not (says and text.strip(" []().").casefold() in PLACEHOLDERS)
    ]


FINISH: dict[str, Finish] = {"evaluations": _evaluation, "outcomes": _outcome, "documents": _document}
