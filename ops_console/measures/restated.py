"""Figures that were sent and read otherwise since. What was sent stays as it was; every view of the figure says so."""

from dataclasses import dataclass
from datetime import datetime

from typing_extensions import TypedDict

from ops_console.core.clock import Moment, iso


@dataclass(frozen=True, slots=True)
class Restated:
    """What the newest report that reached anybody told of a figure: `value`, worded as `said`; today it `reads`
    otherwise. `sent_at` is when the first reader got it.
    """

    value: float | None
    said: str
    reads: str
    run_id: int
    sent_at: datetime


class MachineRestated(TypedDict):
    """The newest report sent about this figure told another one: `value` in the unit of the KPI, in words as it `said`;
    today the figure `reads` otherwise. The report is the run at `/reports/runs/{run_id}`.
    """

    value: float | None
    said: str
    reads: str
    run_id: int
    sent_at: Moment


def machine_restated(found: Restated | None) -> MachineRestated | None:
    """For machines; null where no report was sent, or where it still holds."""
    if found is None:
        return None
    return {
        "value": found.value,
        "said": found.said,
        "reads": found.reads,
        "run_id": found.run_id,
        "sent_at": iso(found.sent_at),
    }
