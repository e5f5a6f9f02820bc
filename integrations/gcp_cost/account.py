"""What somebody said when setting up a source of Google Cloud costs, as the code asks for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops_console.contracts.answers import budget_scopes, is_yes
from ops_console.contracts.integration import Rejected

TABLE = re.compile(r"([a-z][a-z0-9-]{4,28}[a-z0-9])[.:]([A-Za-z0-9_]+)\.([A-Za-z0-9_-]+)")
PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
LABEL = re.compile(r"[a-z][a-z0-9_-]{0,62}")
NUMBER = re.compile(r"gcp_billing_export_(?:resource_)?v1_([0-9A-F]{6})_([0-9A-F]{6})_([0-9A-F]{6})")
GIGABYTE = 10**9


@dataclass(frozen=True, slots=True)
class Account:
    """`table` lies in a dataset of `owner`; `project` pays for what is asked of it. `number` names the billing account,
    where the table's name tells it.
    """

    owner: str
    dataset: str
    table: str
    project: str
    number: str
    most_bytes: int
    model_label: str
    team_label: str
    purpose_label: str
    wants_prices: bool
    budgets: Mapping[str, str]
    endpoint_url: str | None

    @property
    def name(self) -> str:
        return f"{self.owner}.{self.dataset}.{self.table}"


def account(settings: Mapping[str, Any]) -> Account:
    """The account; `Rejected` names what makes no sense."""
    said = {name: str(value or "").strip() for name, value in settings.items() if not isinstance(value, list)}
    owner, dataset, table = _table(said.get("table", ""))
    project = said.get("project") or owner
    if not PROJECT.fullmatch(project):
        raise Rejected(f"{project[:100]!r} is no project.", remedy="Write the id of the project, such as acme-billing.")
    number = NUMBER.fullmatch(table)
    budgets = budget_scopes(settings.get("budgets") or ())
    if budgets and not number:
        remedy = "Name the table as Google does, or leave the budgets out."
        raise Rejected("The table's name does not tell the billing account whose budgets are meant.", remedy=remedy)
    return Account(
        owner=owner,
        dataset=dataset,
        table=table,
        project=project,
        number="-".join(number.groups()) if number else "",
        most_bytes=_bytes(said.get("most_gigabytes") or "100"),
        model_label=_label(said.get("model_label") or "model"),
        team_label=_label(said.get("team_label") or "team"),
        purpose_label=_label(said.get("purpose_label") or "purpose"),
        wants_prices=is_yes(said.get("list_prices", ""), "Write yes to look up list prices, or nothing."),
        budgets=budgets,
        endpoint_url=said.get("endpoint_url", "").rstrip("/") or None,
    )


def _table(text: str) -> tuple[str, str, str]:
    found = TABLE.fullmatch(text)
    if found is None:
        remedy = "Write PROJECT.DATASET.TABLE, such as acme-billing.costs.gcp_billing_export_v1_012345_6789AB_CDEF01."
        raise Rejected(f"{text[:200]!r} is no table of BigQuery.", remedy=remedy)
    return found[1], found[2], found[3]


def _label(key: str) -> str:
    if not LABEL.fullmatch(key):
        raise Rejected(f"{key[:100]!r} is no key of a label.", remedy="Write it as Google does, in small letters.")
    return key


def _bytes(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise Rejected(f"{text[:50]!r} is no number of gigabytes.", remedy="Write a whole number, such as 100.")
    return int(text) * GIGABYTE
