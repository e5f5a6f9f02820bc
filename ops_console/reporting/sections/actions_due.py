"""What was promised after incidents and is not done."""

from ops_console.contracts.document import Block, Note, Section
from ops_console.reporting import pieces
from ops_console.reporting.sections.reliability import overdue, promised
from ops_console.reporting.snapshot import Snapshot

TITLE = "Actions"


def actions_due(snapshot: Snapshot) -> Section | None:
    """Nothing where nobody has ever promised anything."""
    found = snapshot.evidence.actions
    figures = promised(found, snapshot)
    if not figures:
        return None
    late: list[Block] = [*overdue(found, snapshot)]
    blocks = [pieces.figures([], *figures), *(late or [Note("No action is overdue.")])]
    return pieces.section("actions", TITLE, blocks)
