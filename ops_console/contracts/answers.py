"""What people write into the options of a source, where several integrations ask for the same."""

import re
from collections.abc import Iterable

from ops_console.contracts.integration import Rejected

YES, NO = {"yes", "true", "on"}, {"", "no", "false", "off"}
BUDGET = re.compile(r"(\S.*?)\s+(workspace|(?:team|model|purpose):\S.*)")


def is_yes(word: str, remedy: str) -> bool:
    """Whether somebody wrote yes; an empty line is a no. The remedy says what a yes means."""
    said = word.strip().lower()
    if said not in YES | NO:
        raise Rejected(f"{word[:50]!r} is neither yes nor no.", remedy=remedy)
    return said in YES


def budget_scopes(lines: Iterable[str]) -> dict[str, str]:
    """Budgets of a vendor by name, and the scope each of them counts for here."""
    return dict(map(_scope, lines))


def _scope(line: str) -> tuple[str, str]:
    found = BUDGET.fullmatch(line.strip())
    if found is None:
        remedy = "Write ml-training purpose:training, with workspace, team:NAME, model:NAME or purpose:NAME."
        raise Rejected(f"{line[:100]!r} names no budget and its scope.", remedy=remedy)
    return found[1], found[2]
