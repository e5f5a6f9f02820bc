"""The column mapping as a form: one line per field, filled from a mapping and read back into one."""

from collections.abc import Mapping as Form
from dataclasses import dataclass
from typing import Any

from ops_console.core.errors import BadInput
from ops_console.ingest.mapping import Mapping, Rule, mapping_from
from ops_console.ingest.shapes import Shape, choices, required, shapes

KEEP = "=rule"
"""The choice that leaves a saved rule as it is, where the form cannot show it."""
LEFT_TO_US = ("source", "deleted")
TIMES = {
    "": "ISO 8601, such as 2026-10-31T09:00:00Z",
    "epoch_s": "Seconds since 1970",
    "epoch_ms": "Milliseconds since 1970",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of the form. `words` are what the field may say; `values` translates what the file says."""

    field: str
    shape: str
    is_required: bool
    column: str
    constant: str
    has_rule: bool
    words: tuple[str, ...]
    values: str


def lines(kind: str, mapping: Mapping, columns: list[str]) -> list[Line]:
    """The form for a mapping over a file's columns: required fields, then those that are mapped, then the rest."""
    found = [_line(kind, field, mapping, columns) for field in shapes(kind) if field not in LEFT_TO_US]
    return sorted(found, key=lambda line: (not line.is_required, not (line.column or line.constant)))


def _line(kind: str, field: str, mapping: Mapping, columns: list[str]) -> Line:
    rule = mapping.fields.get(field)
    column, constant, has_rule = "", "", False
    if rule is None:
        column = field if field in columns and field not in mapping.ignore else ""
    elif is_plain(rule):
        column = (rule.column or [""])[0]
        constant = rule.constant if isinstance(rule.constant, str) else ""
    else:
        column, has_rule = KEEP, True
    values = "\n".join(f"{said} = {means}" for said, means in (rule.values or {}).items()) if rule else ""
    return Line(
        field, shapes(kind)[field], field in required(kind), column, constant, has_rule, choices(kind, field), values
    )


def is_plain(rule: Rule) -> bool:
    """Whether the form can show the rule: one column or a constant, with a translation at most."""
    shown = {"column", "constant", "values", "time"}
    written = rule.model_dump(exclude_defaults=True)
    single = len(rule.column or []) <= 1 and not isinstance(rule.constant, list)
    return single and written.keys() <= shown and (rule.time or "") in TIMES


def times(mapping: Mapping) -> str:
    """How the file writes its times, as far as the form offers it."""
    return next((rule.time for rule in mapping.fields.values() if rule.time in TIMES and rule.time), "")


def read(kind: str, form: Form[str, str], base: Mapping, columns: list[str]) -> Mapping:
    """The mapping the form describes; what the form cannot show is kept from `base`."""
    document = base.document()
    fields: dict[str, Any] = {}
    ignored = [name for name in document.get("ignore", []) if name not in shapes(kind)]
    for field, shape in shapes(kind).items():
        if field in LEFT_TO_US:
            continue
        chosen = form.get(f"column:{field}", "")
        rule = _rule(field, shape, form, chosen, document)
        if rule is not None:
            fields[field] = rule
        elif field in columns:
            ignored.append(field)
    document |= {
        "fields": fields,
        "ignore": ignored,
        "null": _listed(form.get("null", "")),
        "not_null": _listed(form.get("not_null", "")),
        "decimal": form.get("decimal") or ".",
    }
    return mapping_from(document, kind, "The mapping")


def _rule(
    field: str, shape: Shape, form: Form[str, str], chosen: str, document: dict[str, Any]
) -> dict[str, Any] | None:
    constant = form.get(f"constant:{field}", "").strip()
    if chosen == KEEP:
        kept: dict[str, Any] | None = document.get("fields", {}).get(field)
        return kept
    if chosen:
        rule: dict[str, Any] = {"column": [chosen]}
        if values := _translated(field, form.get(f"values:{field}", "")):
            rule["values"] = values
        if shape is Shape.INSTANT and form.get("times"):
            rule["time"] = form["times"]
        return rule
    return {"constant": constant} if constant else None


def _translated(field: str, text: str) -> dict[str, str]:
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        said, sign, means = line.partition("=")
        if not sign or not said.strip():
            raise BadInput(
                f"{field}: {line[:80]!r} translates nothing.", remedy="Write one pair a line: success = succeeded."
            )
        found[said.strip()] = means.strip()
    return found


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(";") if word.strip()]
