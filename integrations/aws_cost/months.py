"""Billing periods as AWS counts them: calendar months in UTC, half-open."""

from collections.abc import Iterator
from datetime import date, datetime


def month_of(day: date) -> date:
    return date(day.year, day.month, 1)


def following(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def back(month: date, count: int) -> date:
    """The month so many before."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def newest_first(since: datetime, until: datetime) -> Iterator[date]:
    """Every month from the newest back to the first."""
    month, first = month_of(until.date()), month_of(since.date())
    while month >= first:
        yield month
        month = back(month, 1)


def named(month: date) -> str:
    return f"{month:%Y-%m}"


def stamp(day: date) -> str:
    """Midnight in UTC, as FOCUS writes it."""
    return f"{day:%Y-%m-%d}T00:00:00Z"
