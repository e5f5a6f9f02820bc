"""What a document says that cannot be."""

from decimal import Decimal, InvalidOperation

HUNDRED = Decimal(100)


class Unfit(Exception):
    """Why, and in which field of the document."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def number(said: str, field: str) -> Decimal:
    try:
        found = Decimal(said)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Unfit(field, f"{said[:80]!r} is no number")
    return found


def percent(said: str, field: str) -> str:
    """An objective in per cent, of which neither end can be kept."""
    found = number(said, field)
    if not 0 < found < HUNDRED:
        raise Unfit(field, f"{said[:80]} % is no objective; it lies between 0 and 100, and reaches neither")
    return format(found.normalize(), "f")
