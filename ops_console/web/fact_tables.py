"""The fields of every kind of fact in words, read off the fact classes, so that the help cannot be stale."""

import json
from dataclasses import dataclass

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.ingest.shapes import Shape, choices, required, shapes
from ops_console.web.fact_words import hint

EXAMPLES: dict[Shape, str] = {
    Shape.INSTANT: "2026-10-31T09:00:00Z",
    Shape.DAY: "2026-10-31",
    Shape.NUMBER: "1",
    Shape.TRUTH: "false",
    Shape.NAMES: "one;two",
    Shape.SPANS: "2026-10-31T09:00:00Z/2026-10-31T10:00:00Z",
}
ENDS = {"ended_at": "2026-10-31T21:00:00Z"}
"""What ends must do so after it began."""
COMMON = ("source", "external_id", "url", "updated_at", "deleted")
"""Fields that every kind has; they are explained once."""


@dataclass(frozen=True, slots=True)
class FieldHelp:
    name: str
    is_required: bool
    shape: str
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class KindHelp:
    """One kind: what it is, its fields, a file of one row, and the same as an API call."""

    kind: str
    summary: str
    fields: tuple[FieldHelp, ...]
    csv: str
    api: str


def kinds() -> list[KindHelp]:
    """Every kind of fact, in the order in which they are best imported."""
    return [_kind(kind, fact) for kind, fact in KINDS.items()]


def _kind(kind: str, fact: type[Fact]) -> KindHelp:
    fields = tuple(_field(kind, name) for name in shapes(kind) if name not in COMMON or name == "external_id")
    shown = [each for each in fields if each.is_required] or list(fields[:3])
    if "service" in shapes(kind) and "model" in shapes(kind):
        shown.append(next(each for each in fields if each.name == "model"))
    row = {each.name: each.example for each in shown}
    csv = ",".join(row) + "\n" + ",".join(row.values())
    summary = " ".join((fact.__doc__ or "").split())
    return KindHelp(kind, summary, fields, csv, json.dumps([row], indent=2))


def _field(kind: str, name: str) -> FieldHelp:
    words = choices(kind, name)
    shape = ", ".join(words) if words else shapes(kind)[name].value
    example = words[0] if words else ENDS.get(name) or EXAMPLES.get(shapes(kind)[name], _text(kind, name))
    return FieldHelp(name, name in required(kind), shape, hint(kind, name), example)


def _text(kind: str, name: str) -> str:
    usual = {
        "external_id": f"{kind.removesuffix('s')}-1",
        "model": "ranker",
        "service": "ranker-api",
        "version": "4.12",
        "environment": "production",
        "slo": "ranker-availability",
        "scope": "workspace",
        "period": "2026-10",
        "currency": "USD",
        "billing_currency": "USD",
        "charge_category": "Usage",
        "provider": "AWS",
        "title": "Latency above the limit",
        "survey": "satisfaction",
        "wave": "2026-Q3",
        "question": "Overall",
        "person": "Ada Lee",
    }
    return usual.get(name, "text")
