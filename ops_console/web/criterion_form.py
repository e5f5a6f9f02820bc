"""A criterion as a form writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ops_console.contracts.vocabulary import Monitor
from ops_console.core.errors import BadInput
from ops_console.ingest.criteria import Wanted, checked_proof
from ops_console.ingest.criteria_asked import key_of
from ops_console.records.criteria import ATTESTED, MONITOR, ROLLBACK, ROLLBACK_DAYS, Criterion
from ops_console.web.proof_words import KINDS, kind_of
from ops_console.web.target_form import read_day

MONITORS = [(monitor.value, monitor.replace("_", " ").capitalize()) for monitor in Monitor]
Errors = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks for, and under which key."""

    key: str
    wanted: Wanted


def read(form: Mapping[str, Any], key: str) -> tuple[Asked | None, datetime | None, Errors]:
    """What a form asks for, from when, and what is wrong with it."""
    errors: Errors = []
    title = form.get("title", "").strip()
    if not key_of(title) or len(title) > 300:
        errors.append(("title", "Give it a title, in at most 300 characters."))
    key = key or key_of(form.get("key", "") or title)
    proof = _proof(form, key, errors)
    from_at = read_day(form.get("from", ""))
    if from_at is None:
        errors.append(("from", "Write the first day as 2026-11-01."))
    if not form.get("reason", "").strip():
        errors.append(("reason", "Say why, so that the next reader can judge it."))
    wanted = Wanted(title, proof, form.get("required") == "yes")
    return None if errors else Asked(key, wanted), from_at, errors


def _proof(form: Mapping[str, Any], key: str, errors: Errors) -> str:
    kind = form.get("kind", "")
    if kind not in KINDS:
        errors.append(("kind", "Choose what proves it."))
        return ""
    field = kind if kind in ("monitors", "rollback") else "kind"
    try:
        return checked_proof(_written(kind, form, key))
    except BadInput as error:
        errors.append((field, str(error)))
        return ""


def _written(kind: str, form: Mapping[str, Any], key: str) -> str:
    if kind == "attested":
        return ATTESTED + key
    if kind == "monitors":
        return " ".join(MONITOR + monitor for monitor in form.get("monitors", ()))
    if kind == "rollback":
        return ROLLBACK + (form.get("rollback", "").strip() or "?")
    return kind


def filled(found: Criterion | None, today: str) -> dict[str, Any]:
    """The form as it is opened."""
    empty = {"title": "", "key": "", "kind": "", "required": "yes", "from": today, "reason": ""}
    if found is None:
        return empty | {"monitors": [], "rollback": str(ROLLBACK_DAYS)}
    kind, parts = kind_of(found.proof), found.proof.split()
    return empty | {
        "title": found.title,
        "kind": kind,
        "required": "yes" if found.required else "no",
        "monitors": [part.removeprefix(MONITOR) for part in parts if kind == "monitors"],
        "rollback": found.proof.removeprefix(ROLLBACK) if kind == "rollback" else str(ROLLBACK_DAYS),
    }
