"""What is asked of somebody else, and what is wrong with a question that cannot be asked."""

from dataclasses import dataclass
from datetime import date

from ops_console.practices.promises import YEARS, Errors, Faulty

LONGEST = 300
"""Letters of each text: a report has room for no more; what needs more is linked."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided, by whom and by which day. Whoever decides may be named by address or by name."""

    question: str
    why: str
    owner: str
    due_on: date


def check(asked: Question) -> None:
    """`Faulty` names everything that is wrong at once."""
    errors: Errors = []
    if not 0 < len(asked.question) <= LONGEST:
        errors.append(("question", f"Say in 1 to {LONGEST} letters what is to be decided."))
    if len(asked.why) > LONGEST:
        errors.append(("why", f"Say in at most {LONGEST} letters why, and link what needs more."))
    if not 0 < len(asked.owner) <= LONGEST:
        errors.append(("owner", "Say who decides, by name or address."))
    if asked.due_on.year not in YEARS:
        errors.append(("due_on", "Write the day as 2026-11-30."))
    if errors:
        raise Faulty(errors)
