"""Asks AWS for what it bills: a FOCUS export in S3, or Cost Explorer, and for budgets."""

from collections.abc import Generator, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from integrations.aws_cost import budgets, explorer, preview
from integrations.aws_cost.account import Account, account
from integrations.aws_cost.api import Aws
from integrations.aws_cost.exports import Bucket
from integrations.aws_cost.months import named, newest_first
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Charges, Discovery, Page, Setup
from ops_console.core.clock import now

Trouble = Rejected | Unavailable
State = dict[str, Any]


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here = account(setup.settings)
    with Aws(here, setup) as aws:
        return tuple(preview.checked(aws, here))


def discover(setup: Setup, since: datetime) -> Discovery:
    """What the account holds: the periods of the export, or what each month cost."""
    here = account(setup.settings)
    with Aws(here, setup) as aws:
        lines = list(preview.exported(aws, here, since) if here.bucket else preview.explored(aws, here, since))
        if here.budgets:
            lines += [budgets.line(each, here.budgets[name]) for name, each in budgets.chosen(aws, here).items()]
    return Discovery(tuple(lines))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """Newest first. What cannot be read does not keep the rest from being read."""
    here, state = account(setup.settings), deepcopy(dict(cursor))
    troubles: list[Trouble] = []
    with Aws(here, setup) as aws:
        if here.bucket:
            yield from _despite(troubles, _from_export(Bucket(aws, here), state, since, troubles))
        if here.asks_explorer:
            yield from _despite(troubles, _from_explorer(aws, here, state, since))
        if here.budgets:
            yield from _despite(troubles, _from_budgets(aws, here, state))
    if troubles:
        raise min(troubles, key=lambda each: isinstance(each, Unavailable))


def _despite(troubles: list[Trouble], pages: Iterator[Page]) -> Iterator[Page]:
    try:
        yield from pages
    except (Rejected, Unavailable) as error:
        troubles.append(error)


def _from_export(bucket: Bucket, state: State, since: datetime, troubles: list[Trouble]) -> Iterator[Page]:
    """Each period whose manifest is another than the one that was read last."""
    known, found = state.setdefault("export", {}), bucket.manifests()
    periods = [each for each in sorted(found, reverse=True) if each >= named(since.date())]
    fresh = [each for each in periods if known.get(each) != found[each].version]
    for done, period in enumerate(fresh, 1):
        try:
            export = bucket.export(period, found[period])
        except (Rejected, Unavailable) as error:
            troubles.append(error)
            continue
        known[period] = export.manifest.version
        # One that names no file says nothing, which is not that there are no costs.
        charges = Charges(period, bucket.rows(export)) if export.files else None
        yield Page((), deepcopy(state), done, len(fresh), charges)


def _from_explorer(aws: Aws, here: Account, state: State, since: datetime) -> Iterator[Page]:
    """The months that are due, as far as the purse reaches; the next sync goes on."""
    known, purse = state.setdefault("explorer", {}), explorer.Purse()
    months = [month for month in newest_first(since, now()) if month >= explorer.earliest()]
    for done, month in enumerate(months, 1):
        if not explorer.is_due(known.get(named(month))):
            continue
        try:
            read = explorer.read(aws, purse, month, here.model_tag)
        except explorer.Spent:
            return
        known[named(month)] = explorer.receipt(read)
        yield Page((), deepcopy(state), done, len(months), Charges(named(month), read.rows, read.notes))


def _from_budgets(aws: Aws, here: Account, state: State) -> Iterator[Page]:
    found = budgets.chosen(aws, here)
    yield Page([told for name, each in found.items() for told in budgets.facts(each, here.budgets[name])], state)
