"""Moving an issue through its workflow: Jira offers transitions from where it stands, and each may want fields."""

from collections.abc import Sequence

from integrations.jira.account import Account, Item
from integrations.jira.api import Jira
from integrations.jira.history import ACTIVE, DONE, NEW, category
from integrations.jira.issues import is_dropped
from integrations.jira.transitions import CATEGORY, Move, ways
from ops_console.contracts.tracker import Standing

STANDINGS = {NEW: Standing.OPEN, ACTIVE: Standing.IN_PROGRESS}
STEPS = 4
"""More a workflow seldom needs from one end to the other."""


def standing(fields: Item, here: Account) -> Standing:
    """How far it is, by the category of its status, and where that is done by its resolution."""
    kind = category(fields["status"])
    if kind == DONE:
        return Standing.DROPPED if is_dropped(fields, here) else Standing.DONE
    return STANDINGS.get(kind, Standing.IN_PROGRESS)


def moved(jira: Jira, number: str, target: Standing, here: Account) -> str:
    """Move it there, over others where there is no direct way; why not, where it cannot be."""
    seen: set[str] = set()
    for _ in range(STEPS):
        issue = jira.issue(number, ["status", "resolution"])
        if issue is None:
            return "The issue is gone."
        if standing(issue["fields"], here) == target:
            return ""
        seen.add(category(issue["fields"]["status"]))
        step = _step(_offered(jira, number), target, seen, here)
        if step is None:
            return f"Its workflow offers no way to {target.replace('_', ' ')} that asks for nothing else."
        name, fields = step
        said = {"transition": {"id": name}} | ({"fields": fields} if fields else {})
        jira.send("POST", f"issue/{number}/transitions", said, f"the status of {issue['key']}")
    return f"Its workflow does not lead to {target.replace('_', ' ')}."


def _offered(jira: Jira, number: str) -> Sequence[Item]:
    question = {"expand": "transitions.fields"}
    told = jira.asked(lambda: jira.client._get_json(f"issue/{number}/transitions", question), "its transitions")
    return list(told.get("transitions") or ())


def _step(offered: Sequence[Item], target: Standing, seen: set[str], here: Account) -> Move | None:
    """The way to the target, else to somewhere on the way where it has not been."""
    direct = next(ways(offered, CATEGORY[target], target, here), None)
    around = (NEW, ACTIVE) if target is Standing.OPEN else (ACTIVE, NEW)
    others = (way for kind in around if kind not in seen for way in ways(offered, kind, STANDINGS[kind], here))
    return direct or next(others, None)
