"""What the paved road asks for over time, and whether all of it was there.

The defaults hold until a person says otherwise.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlmodel import Session

from ops_console.ingest.standing import BEGINNING, END
from ops_console.ingest.stretches import Stretches, common, united
from ops_console.ingest.tables import criteria, insert_missing
from ops_console.records.criteria import ATTESTED, ROLLBACK, ROLLBACK_DAYS

DEFAULTS = (
    ("scaffold", "Made from the team's scaffold", ATTESTED + "scaffold"),
    ("ci_workflow", "Built and tested by the shared CI workflow", ATTESTED + "ci_workflow"),
    ("registry", "Registered in the model registry", ATTESTED + "registry"),
    ("standard_runtime", "Runs on the standard runtime", ATTESTED + "standard_runtime"),
    ("owner", "Has an owner", "owner"),
    ("runbook", "Has a runbook", "runbook"),
    ("slo", "Has a service level objective", "slo"),
)
"""Key, title and proof of what is asked for from the beginning."""
DEFAULT = "default"
"""Who set them."""


def key_of(name: str) -> str:
    """How a criterion's key is compared: lower-case words joined by underscores."""
    return "_".join(re.findall(r"\w+", name.casefold().replace("_", " ")))[:100]


@dataclass(frozen=True)
class Asked:
    """What was required from when to when: `parts` are (begin, end, proofs), in which something was."""

    parts: tuple[tuple[int, int, tuple[str, ...]], ...]
    rollback_days: frozenset[int]

    def all_met(self, had: Mapping[str, Stretches]) -> Stretches:
        """The stretches in which everything required was there."""
        found: Stretches = []
        for began, ended, proofs in self.parts:
            met = [(began, ended)]
            for what in proofs:
                met = common(met, had.get(what, []))
            found += met
        return united(found)


def asked_over_time(session: Session) -> tuple[Asked, bool]:
    """What is asked for; and whether the defaults were set just now."""
    rows = session.execute(select(criteria)).all()
    is_first = not rows
    if is_first:
        set_defaults(session)
        rows = session.execute(select(criteria)).all()
    required = [(row.from_at, row.until_at, row.proof.split()) for row in rows if row.required and not row.withdrawn]
    edges = sorted({edge for began, ended, _ in required for edge in (began, ended)})
    parts = ((began, ended, _required_in(required, began)) for began, ended in pairwise(edges))
    proofs = (what for row in rows for what in row.proof.split() if what.startswith(ROLLBACK))
    days = frozenset(int(what.removeprefix(ROLLBACK)) for what in proofs) | {ROLLBACK_DAYS}
    return Asked(tuple(part for part in parts if part[2]), days), is_first


def _required_in(required: list[tuple[int, int, list[str]]], at: int) -> tuple[str, ...]:
    return tuple(sorted({what for began, ended, proofs in required if began <= at < ended for what in proofs}))


def set_defaults(session: Session) -> None:
    """Ask for what is usual, from the beginning on. Twice, at the same time, too, sets them once."""
    always = {"from_at": BEGINNING, "until_at": END, "set_at": BEGINNING, "set_by": DEFAULT}
    usual = {"required": True, "withdrawn": False, "reason": ""}
    insert_missing(
        session,
        criteria,
        [{"key": key, "title": title, "proof": proof, **always, **usual} for key, title, proof in DEFAULTS],
    )
