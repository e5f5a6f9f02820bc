"""Marks of a version, by which a registry says how far it has come: `alias champion`, `stage Production`,
`tag validation_status=approved`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

ALIAS, STAGE, TAG = "alias", "stage", "tag"
OURS = "mlflow."
"""Tags that MLflow itself sets begin like this; they say nothing of a decision."""
LIVE = re.compile(r"\b(prod|production|champion|live)\b|=prod", re.IGNORECASE)
READY = re.compile(r"\b(ready|approved|validated|passed|staging|challenger|candidate)\b", re.IGNORECASE)
NOWHERE = ("none", "archived")
LONGEST = 200


def alias(name: str) -> str:
    return f"{ALIAS} {name}"


def stage(name: str) -> str:
    return f"{STAGE} {name}"


def tag(key: str, value: str) -> str:
    return f"{TAG} {key}={value}"[:LONGEST]


def of_version(version: Mapping[str, Any], aliases: Iterable[str]) -> set[str]:
    """All marks of a version; aliases are known of the model alone."""
    found = {alias(each) for each in aliases}
    said = str(version.get("current_stage") or "")
    if said and said.lower() not in NOWHERE:
        found.add(stage(said))
    tags = ((str(each.get("key")), str(each.get("value", ""))) for each in version.get("tags") or ())
    return found | {tag(key, value) for key, value in tags if not key.startswith(OURS)}


def place(mark: str) -> str | None:
    """Where a version with this mark is, if the mark says so at all."""
    kind, _, name = mark.partition(" ")
    return name.lower() if kind in (ALIAS, STAGE) else None


def is_stage(mark: str) -> bool:
    return mark.startswith(f"{STAGE} ")


def is_tag(mark: str) -> bool:
    return mark.startswith(f"{TAG} ")


def sounds_live(mark: str) -> bool:
    return bool(LIVE.search(mark)) and not re.search(r"\b(non|pre|not)\b", mark, re.IGNORECASE)


def sounds_ready(mark: str) -> bool:
    return bool(READY.search(mark)) and not re.search(r"\bnot\b|=(false|no)$", mark, re.IGNORECASE)
