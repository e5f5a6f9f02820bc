"""The billing export: https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/standard-usage

Rows are only ever added, for days and weeks after the usage. So it is asked which invoice months have grown since a
time of export, and those are read anew, whole, summed where they lie. Days and months are those of Google's invoices,
which are kept in Pacific time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.gcp_cost import query
from integrations.gcp_cost.account import Account
from integrations.gcp_cost.api import Google
from integrations.gcp_cost.query import Timestamp
from integrations.gcp_cost.sql import COLUMNS, GROWN, LABEL, MONTH, PARTITION
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import iso

OVERLAP = timedelta(days=2)
"""Rows of one export are not all there at one instant: so much later one may still appear."""
BEFORE = timedelta(days=5)
"""Rows of an invoice month are exported from a little before it begins."""
NEEDED = {"invoice", "cost", "currency", "cost_type", "usage_start_time", "export_time", "service", "project", "labels"}


@dataclass(frozen=True, slots=True)
class Grown:
    """An invoice month, such as 2026-10, when its newest row was exported, and how many were at about that time."""

    month: str
    newest: datetime
    beside: int

    @property
    def state(self) -> str:
        """What another row would change, were it exported before the newest."""
        return f"{iso(self.newest)} {self.beside}"


class Export:
    """The table of one account."""

    def __init__(self, google: Google, account: Account) -> None:
        self._google, self._account = google, account
        self._names: set[str] | None = None

    def columns(self) -> set[str]:
        """Names of its columns; `Rejected` where it is another kind of table."""
        if self._names is None:
            here = self._account
            address = f"/bigquery/v2/projects/{here.owner}/datasets/{here.dataset}/tables/{here.table}"
            said = self._google.read("bigquery", address, f"the table {here.name}")
            self._names = {str(each["name"]) for each in said.get("schema", {}).get("fields", ())}
            if missing := sorted(NEEDED - self._names):
                remedy = "Name the table of the standard or of the detailed export."
                raise Rejected(f"The table {here.name} has no column {', '.join(missing)}.", remedy=remedy)
        return self._names

    def grown(self, since: datetime) -> list[Grown]:
        """The invoice months that have rows exported since, newest first."""
        text = GROWN.format(table=self._account.name, partition=PARTITION, overlap=OVERLAP.days)
        bounds = {"since": Timestamp(since), "partition": Timestamp(since)}
        rows = query.rows(self._google, self._account, text, bounds)
        return [_grown(row) for row in rows if row is not None]

    def month(self, month: str) -> Iterator[Mapping[str, Any] | None]:
        """What an invoice month costs, by day and all that is told apart; nothing while it is worked out."""
        text, said = self.question(month)
        return query.rows(self._google, self._account, text, said)

    def reads(self, month: str) -> int:
        """Bytes that a month's question would read."""
        text, said = self.question(month)
        return query.weighed(self._google, self._account, text, said)

    def question(self, month: str) -> tuple[str, dict[str, Any]]:
        here, names = self._account, self.columns()
        listed = "cost_at_list" if "cost_at_list" in names else "NULL"
        text = MONTH.format(
            table=here.name,
            partition=PARTITION,
            sku="sku.id" if self.needs_prices else "CAST(NULL AS STRING)",
            listed=listed,
            labels=",\n    ".join(LABEL.format(name=name) for name in ("model", "team", "purpose")),
            columns=", ".join(COLUMNS),
            credited=", ".join(("'credit'", *COLUMNS[1:])),
        )
        begins = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
        labels = {f"{name}_label": getattr(here, f"{name}_label") for name in ("model", "team", "purpose")}
        return text, {"month": month.replace("-", ""), "partition": Timestamp(begins - BEFORE), **labels}

    @property
    def needs_prices(self) -> bool:
        return self._account.wants_prices and "cost_at_list" not in self.columns()


def _grown(row: Mapping[str, Any]) -> Grown:
    month = str(row["month"])
    return Grown(f"{month[:4]}-{month[4:]}", query.instant(row["newest"]), int(row["beside"]))
