"""What the operations about figures take."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from ops_console.core.periods import Grain
from ops_console.measures.comparison import Compare
from ops_console.scorecard.shelf import SHOWN
from ops_console.web.operation import Query, Word

MOST_ROWS = 500


def text(shape: str, says: str, *examples: str) -> Any:
    """A word that is read elsewhere; `shape` names how it is written."""
    return Field(default=None, description=says, examples=list(examples), json_schema_extra={"format": shape})


Cursor = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Window(StrEnum):
    """`default` is the window that the status is judged over, which may reach back behind the period."""

    DEFAULT = "default"
    PERIOD = "period"


class Figures(Query):
    """Which figure."""

    period: Word | None = text(
        "period",
        "A week, month, quarter or any days. `latest`, or nothing, is the newest complete month.",
        "2026-10",
        "2026-Q3",
    )
    scope: Word | None = text(
        "scope", "workspace, team:NAME, tier:1 or model:SLUG. By default the workspace.", "tier:1", "team:Search"
    )
    grain: Grain | None = Field(
        None, description="The length of the period, where it is not named or is to be another.", examples=["month"]
    )
    window: Window = Field(
        Window.DEFAULT,
        description="`period` reads the period itself where the status is judged over a longer window.",
        examples=["period"],
    )
    compare: Compare = Field(
        Compare.PREVIOUS,
        description="What the figure stands beside: the period before, the same one a year ago, or nothing.",
        examples=["year"],
    )


class Paged(Query):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description="How many rows a page has at most.", examples=[100])
    cursor: Cursor | None = text("cursor", "Where the page begins, as the `next` link of the page before says.")


class Rows(Paged, Figures):
    """Which rows of a list."""


class Periods(Figures):
    """Which periods of a history."""

    limit: int = Field(SHOWN, ge=1, le=SHOWN, description="How many periods a page has at most.", examples=[12])
    cursor: Cursor | None = text("cursor", "Where the page begins, as the `next` link of the page before says.")
