"""What an account holds, told by a small question for each thing that will be read."""

import csv
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from integrations.aws_cost import budgets, explorer
from integrations.aws_cost.account import Account
from integrations.aws_cost.api import Aws
from integrations.aws_cost.exports import Bucket, Export
from integrations.aws_cost.months import month_of, named
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import now
from ops_console.core.units import counted

FOCUS = {"BilledCost", "BillingPeriodStart", "ChargePeriodStart"}


def checked(aws: Aws, here: Account) -> Iterator[str]:
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


def exported(aws: Aws, here: Account, since: datetime) -> Iterator[str]:
    bucket = Bucket(aws, here)
    periods = sorted(each for each in bucket.manifests() if each >= named(since.date()))
    if periods:
        yield f"{counted(len(periods), 'billing periods')}, {periods[0]} to {periods[-1]}."
    newest = _newest(bucket, here)
    yield f"{newest.period} was written {newest.manifest.at:%d %b %Y, %H:%M} UTC, in {_files(newest)}."


def explored(aws: Aws, here: Account, since: datetime) -> Iterator[str]:
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
        with suppress(zlib.error):  # what is no gzip after all has no such columns
            head = zlib.decompressobj(wbits=31).decompress(head, 1 << 20)
    return next(csv.reader(head.decode("utf-8-sig", "replace").splitlines()), [])


def _files(export: Export) -> str:
    size = sum(each.size for each in export.files) / 1_000_000
    return f"{counted(len(export.files), 'files')} of {size:,.1f} MB"
