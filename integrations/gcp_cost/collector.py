"""Asks Google Cloud for what it bills, month by month as the billing export grows, and for budgets."""

from collections.abc import Generator, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from integrations.gcp_cost import budgets, catalogue
from integrations.gcp_cost.account import GIGABYTE, Account, account
from integrations.gcp_cost.api import Google
from integrations.gcp_cost.export import OVERLAP, Export
from integrations.gcp_cost.lines import fact
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Charges, Discovery, Page, Setup
from ops_console.core.clock import iso, now
from ops_console.core.units import counted

State = dict[str, Any]


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here = account(setup.settings)
    with Google(here, setup) as google:
        return tuple(_checked(google, here))


def _checked(google: Google, here: Account) -> Iterator[str]:
    export = Export(google, here)
    size = export.reads(f"{now():%Y-%m}") / GIGABYTE
    yield f"The table {here.name} can be read; this month's question reads {size:,.1f} GB of it."
    if here.number:
        found = catalogue.billing_account(google, here.number)
        state = "open" if found.is_open else "closed"
        yield f"The billing account {found.name} is {state}, in {found.currency}, with {found.projects} projects."
    if here.budgets:
        for name, budget in budgets.chosen(google, here).items():
            yield budgets.line(budget, here.budgets[name])


def discover(setup: Setup, since: datetime) -> Discovery:
    """The months of the export, what one of them costs to read, and the account behind it."""
    here = account(setup.settings)
    with Google(here, setup) as google:
        months = sorted(each.month for each in Export(google, here).grown(since))
        count = counted(len(months), "invoice months")
        lines = [f"{count}, {months[0]} to {months[-1]}."] if months else ["No costs so far."]
        lines += _checked(google, here)
    return Discovery(tuple(lines))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """Newest first. Budgets that cannot be read do not keep the costs away."""
    here, state = account(setup.settings), deepcopy(dict(cursor))
    with Google(here, setup) as google:
        trouble = None
        try:
            if here.budgets:
                found = budgets.chosen(google, here)
                today = now().date()
                told = [budgets.fact(each, here.budgets[name], today) for name, each in found.items()]
                yield Page(told, deepcopy(state))
        except Rejected as error:
            trouble = error
        yield from _months(Export(google, here), catalogue.Prices(google), state, since)
    if trouble is not None:
        raise trouble


def _months(export: Export, prices: catalogue.Prices, state: State, since: datetime) -> Iterator[Page]:
    """Each invoice month that has other rows than those it was read with. `until` moves on once all of them are."""
    known: dict[str, str] = state.setdefault("months", {})
    settled = max(since, datetime.fromisoformat(state["until"]) - OVERLAP) if "until" in state else since
    grown = [each for each in export.grown(max(since, settled - OVERLAP)) if each.month >= f"{since:%Y-%m}"]
    fresh = [each for each in grown if each.newest >= settled and known.get(each.month) != each.state]
    for done, each in enumerate(fresh, 1):
        known[each.month] = each.state
        if done == len(fresh):
            state["until"] = iso(max(every.newest for every in grown))
        yield Page((), deepcopy(state), done, len(fresh), Charges(each.month, _rows(export, prices, each.month)))


def _rows(export: Export, prices: catalogue.Prices, month: str) -> Iterator[Mapping[str, Any] | None]:
    is_empty = True
    for row in export.month(month):
        if row is None:
            yield None
            continue
        is_empty = False
        listed = row["listed"]
        if export.needs_prices:
            listed = prices.listed(row["service"], row["sku"], row["units"], row["currency"])
        yield fact(row, month, listed)
    if is_empty:  # it has grown, so there are some; to take the month back would be to lose it
        raise Unavailable(f"BigQuery tells no row of {month}.", remedy="It is asked again by itself.")
