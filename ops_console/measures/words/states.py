"""What stands in place of a value, or joins it, when the data are not all there. Missing is not zero."""

from zoneinfo import ZoneInfo

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.measures.readings import DataState, Reading

ACTIONS = {
    DataState.NOT_CONNECTED: "Connect a source",
    DataState.FIRST_SYNC: "View progress",
    DataState.STALE: "Fix source",
    DataState.REAL_ZERO: "Open records",
    DataState.TOO_FEW: "Open records",
    DataState.PARTIAL: "See gaps",
    DataState.ESTIMATED: "Explain",
}


def state(r: Reading) -> str:
    """The data state in words; empty where the data are complete."""
    if r.data_state is DataState.NOT_CONNECTED:
        return "Not connected"
    if r.data_state is DataState.FIRST_SYNC:
        return _first_sync(r)
    if r.data_state is DataState.STALE:
        return as_of(r)
    if r.data_state is DataState.NO_CASES:
        return r.definition.nothing if r.scope.kind in r.definition.scopes else f"Not measured by {r.scope.kind}"
    if r.data_state is DataState.TOO_FEW:
        return "Too few" if r.n is None else f"Too few (n={units.count(r.n)})"
    if r.data_state is DataState.PARTIAL:
        return coverage(r)
    return "estimated" if r.data_state is DataState.ESTIMATED else ""


def stand_in(r: Reading) -> str:
    """The words in place of a value that is not there."""
    if r.data_state in (DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.NO_CASES, DataState.TOO_FEW):
        return state(r)
    if r.detail.get("hidden"):
        return f"Hidden to protect {'answers' if r.definition.unit is Unit.SCORE else 'people'}"
    if r.k is not None and not r.k and r.definition.unit is Unit.MONEY:
        return r.definition.nothing
    return "No recent data" if r.data_state is DataState.STALE else "No data"


def action(r: Reading) -> str:
    """What the card offers to do about the state; empty where there is nothing to do."""
    return ACTIONS.get(r.data_state, "")


def as_of(r: Reading) -> str:
    """`as of 2 Nov`, in the reporting zone."""
    if r.as_of is None:
        return "not yet synced"
    local = r.as_of.astimezone(ZoneInfo(r.period.zone)).date()
    return f"as of {units.short_day(local, beside=r.period.last_day)}"


def coverage(r: Reading) -> str:
    """How much of what was expected is there: `11 of 14 models`."""
    if r.data_reason and r.data_state is DataState.PARTIAL:
        return r.data_reason
    if r.coverage_known is None or r.coverage_expected is None:
        return "partial data"
    return f"{units.count(r.coverage_known)} of {units.count(r.coverage_expected)} covered"


def period(r: Reading) -> str:
    """`Oct 2026`, or `Oct so far (12 of 31 days)` while it runs."""
    if not r.is_running:
        return units.period_title(r.period.label)
    return units.so_far_title(r.period, r.as_of or r.window_end)


def source_line(r: Reading, zone: ZoneInfo) -> str:
    """Where a figure comes from, how fresh it is, how complete, and by which definition."""
    known = r.data_state is DataState.PARTIAL or r.coverage_known is not None
    parts = [
        f"Source: {', '.join(r.sources) or 'none connected'}",
        f"as of {units.instant(r.as_of, zone)}" if r.as_of else "not yet synced",
        coverage(r) if known and r.coverage_expected else "",
        f"definition v{r.definition_version}",
    ]
    return " · ".join(part for part in parts if part)


def _first_sync(r: Reading) -> str:
    progress = r.detail.get("progress")
    return "First sync running" if progress is None else f"First sync: {units.bare_percent(progress)}"
