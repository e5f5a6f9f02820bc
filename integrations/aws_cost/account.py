"""What somebody said when setting up a source of AWS costs, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops_console.contracts.answers import budget_scopes, is_yes
from ops_console.contracts.integration import Rejected

EXPORT = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(\S*[^\s/])/?")
REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+")
USUAL_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Account:
    """Either the `bucket` and `folder` of an export, or Cost Explorer, or only budgets with their scopes."""

    bucket: str
    folder: str
    asks_explorer: bool
    model_tag: str
    budgets: Mapping[str, str]
    region: str
    endpoint_url: str | None

    @property
    def export(self) -> str:
        return f"s3://{self.bucket}/{self.folder}"


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    said = {name: str(settings.get(name) or "").strip() for name in ("export", "explorer", "model_tag", "region")}
    bucket, folder = _export(said["export"]) if said["export"] else ("", "")
    asks_explorer = is_yes(said["explorer"], "Write yes to ask Cost Explorer, or nothing.")
    budgets = budget_scopes(settings.get("budgets") or ())
    if bucket and asks_explorer:
        remedy = "Leave Cost Explorer empty: the export says the same and more, and costs nothing."
        raise Rejected("An export and Cost Explorer are both named; each charge would count twice.", remedy=remedy)
    if not (bucket or asks_explorer or budgets):
        raise Rejected("Nothing is named to be read.", remedy="Name an export, or write yes for Cost Explorer.")
    region = said["region"] or USUAL_REGION
    if not REGION.fullmatch(region):
        raise Rejected(f"{region[:50]!r} is no region of AWS.", remedy="Write one such as eu-central-1.")
    return Account(
        bucket=bucket,
        folder=folder,
        asks_explorer=asks_explorer,
        model_tag=said["model_tag"],
        budgets=budgets,
        region=region,
        endpoint_url=str(settings.get("endpoint_url") or "").rstrip("/") or None,
    )


def _export(text: str) -> tuple[str, str]:
    found = EXPORT.fullmatch(text)
    if found is None:
        remedy = "Write s3://BUCKET/PREFIX/EXPORT-NAME: the folder that holds data and metadata."
        raise Rejected(f"{text[:200]!r} is no export in S3.", remedy=remedy)
    return found[1], re.sub(r"/(?:data|metadata)$", "", found[2])
