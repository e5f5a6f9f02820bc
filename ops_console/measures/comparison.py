"""What a figure is compared with."""

from enum import StrEnum

from ops_console.core.errors import BadInput
from ops_console.core.periods import Period


class Compare(StrEnum):
    """The period before, the same period a year ago, or nothing."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"

    def to(self, period: Period) -> Period | None:
        """The period that stands beside this one; a stretch of days that is no week, month or quarter stands alone."""
        if period.grain is None or self is Compare.NONE:
            return None
        return period.a_year_before() if self is Compare.YEAR else period.previous()


def parse(text: str | None) -> Compare:
    """What an address or a command asks for; nothing means the period before."""
    if text and text not in {*Compare}:
        raise BadInput(f"{text!r} is nothing to compare with.", remedy=f"Write one of {', '.join(Compare)}.")
    return Compare(text) if text else Compare.PREVIOUS
