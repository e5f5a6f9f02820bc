"""What the operations about figures answer."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from ops_console.core.clock import Moment
from ops_console.measures.definition import Better, Definition, Unit
from ops_console.measures.readings import MachinePoint, MachineReading
from ops_console.scorecard.record import MachineRecord

Next = Annotated[str, Field(json_schema_extra={"format": "uri-reference"})] | None
"""Where the list goes on, relative to this address; null where it ends."""


class Kpi(TypedDict):
    """One KPI: what it means, and its reading."""

    key: str
    number: int
    title: str
    question: str
    formula: str
    description: str
    unit: Unit
    better: Better
    minimum: int
    window_days: int | None
    facts: list[str]
    version: int
    reading: MachineReading


class Scorecard(TypedDict):
    """Every KPI for one period and scope."""

    period: str
    scope: str
    kpis: list[Kpi]


class History(TypedDict):
    """One KPI: the reading that was asked for, and its periods, the latest first."""

    reading: MachineReading
    history: list[MachinePoint]
    next: Next


class Records(TypedDict):
    """The rows behind one number, the latest first, those left out behind those that count.

    The rows are anchored in `[window_start, window_end)`; `total`, `counted` and `excluded` count all of them.
    """

    key: str
    period: str
    scope: str
    unit: Unit
    window_start: Moment
    window_end: Moment
    total: int
    counted: int
    excluded: dict[str, int]
    rows: list[MachineRecord]
    next: Next


def kpi(definition: Definition, reading: MachineReading) -> Kpi:
    return {
        "key": definition.key,
        "number": definition.number,
        "title": definition.title,
        "question": definition.question,
        "formula": definition.formula,
        "description": definition.description,
        "unit": definition.unit,
        "better": definition.better,
        "minimum": definition.minimum,
        "window_days": definition.window_days,
        "facts": list(definition.facts),
        "version": definition.version,
        "reading": reading,
    }
