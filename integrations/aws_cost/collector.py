"""Asks AWS for what it bills: a FOCUS export in S3, or Cost Explorer, and for budgets."""

import csv
import zlib
from collections.abc import Generator, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from integrations.aws_cost import budgets, explorer
from integrations.aws_cost.account import Account, account
from integrations.aws_cost.api import Aws
from integrations.aws_cost.exports import Bucket, Export
from integrations.aws_cost.months import month_of, named, newest_first
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Charges, Discovery, Page, Setup
from ops_console.core.clock import now

FOCUS = {"BilledCost", "BillingPeriodStart", "ChargePeriodStart"}
Trouble = Rejected | Unavailable
State = dict[str, Any]


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here = account(setup.settings)
    with Aws(here, setup) as aws:
        return tuple(_checked(aws, here))


def _checked(aws: Aws, here: Account) -> Iterator[str]:
    if here.bucket:
        newest = _newest(Bucket(aws, here), here)
        yield f"The export {here.export} can be read; {newest.period} is whole, in {_files(newest)}."
    if here.asks_explorer:
        today = now().date()
        explorer.totals(aws, month_of(today) if today.day > 1 else explorer.earliest(), today)
        yield f"Cost Explorer can be asked; this question cost {explorer.PRICE} USD."
    if here.budgets:
        for name, budget in budgets.chosen(aws, here).items():
            yield budgets.line(budget, here.budgets[name])


def discover(setup: Setup, since: datetime) -> Discovery:
    """What the account holds: the periods of the export, or what each month cost."""
    here = account(setup.settings)
    with Aws(here, setup) as aws:
        lines = list(_exported(aws, here, since) if here.bucket else _explored(aws, here, since))
        if here.budgets:
            lines += [budgets.line(each, here.budgets[name]) for name, each in budgets.chosen(aws, here).items()]
    return Discovery(tuple(lines))


def _exported(aws: Aws, here: Account, since: datetime) -> Iterator[str]:
    bucket = Bucket(aws, here)
    periods = sorted(each for each in bucket.manifests() if each >= named(since.date()))
    if periods:
        yield f"{len(periods)} billing periods, {periods[0]} to {periods[-1]}."
    newest = _newest(bucket, here)
    yield f"{newest.period} was written {newest.manifest.at:%d %b %Y, %H:%M} UTC, in {_files(newest)}."


def _explored(aws: Aws, here: Account, since: datetime) -> Iterator[str]:
    if not here.asks_explorer:
        return
    begin, end = max(explorer.earliest(), month_of(since.date())), now().date()
    for each in explorer.totals(aws, begin, end)["ResultsByTime"] if begin < end else ():
        cost, word = each["Total"]["UnblendedCost"], ", an estimate" if each.get("Estimated") else ""
        yield f"{each['TimePeriod']['Start'][:7]}: {cost['Amount']} {cost['Unit']}{word}."
    yield (
        f"A request costs {explorer.PRICE} USD; a sync makes at most {explorer.MOST_REQUESTS}, on most days 4. "
        f"This preview cost {explorer.PRICE} USD."
    )


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
    fresh = [each for each in periods if known.get(each) != found[each].etag]
    for done, period in enumerate(fresh, 1):
        try:
            export = bucket.export(period, found[period])
        except (Rejected, Unavailable) as error:
            troubles.append(error)
            continue
        known[period] = export.manifest.etag
        yield Page((), deepcopy(state), done, len(fresh), Charges(period, bucket.rows(export)))


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


def _newest(bucket: Bucket, here: Account) -> Export:
    """The newest period that is whole, once it is sure that it holds costs."""
    found = bucket.manifests()
    if not found:
        remedy = "Check the address; a new export is first written within a day."
        raise Rejected(f"There is no export in {here.export}.", remedy=remedy)
    period = max(found)
    export = bucket.export(period, found[period])
    columns = set(_columns(bucket.header(export)))
    if not columns >= FOCUS:
        missing = ", ".join(sorted(FOCUS - columns))
        raise Rejected(f"The export {here.export} has no column {missing}.", remedy="Make one of a FOCUS table.")
    return export


def _columns(head: bytes) -> list[str]:
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 1 << 20)
        except zlib.error:
            return []
    return next(csv.reader(head.decode("utf-8-sig", "replace").splitlines()), [])


def _files(export: Export) -> str:
    size = sum(each.size for each in export.files) / 1_000_000
    count = len(export.files)
    return f"{'1 file' if count == 1 else f'{count} files'} of {size:,.1f} MB"
