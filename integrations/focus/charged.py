"""What a file charges, under its own name."""

from collections.abc import Iterable
from pathlib import Path

from ops_console.contracts.sources import Charges

LONGEST = 250


def charged(name: str, rows: Iterable[Path]) -> Charges:
    """A file that is overwritten month by month says nothing of the months before."""
    part = name if len(name) <= LONGEST else f"…{name[-LONGEST + 1 :]}"
    return Charges(part, rows, is_whole=False)
