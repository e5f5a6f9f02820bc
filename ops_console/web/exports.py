"""Where a figure of a KPI's page can be had as a file."""

from collections.abc import Sequence
from enum import StrEnum

from flask import request, url_for

from ops_console.measures.readings import Reading
from ops_console.web.filters import Filters

Addresses = Sequence[tuple[str, str]]


class Shown(StrEnum):
    """The figures of the page of a KPI."""

    HISTORY = "history"
    SPLIT = "split"
    OBJECTIVES = "objectives"


def exports(found: Reading, asked: Filters) -> dict[str, Addresses]:
    """Word and address of each kind of file, by figure."""
    return {each.value: _addresses(found.key, each, asked) for each in Shown}


def _addresses(key: str, shown: Shown, asked: Filters) -> Addresses:
    figure = {} if shown is Shown.HISTORY else {"figure": shown.value}
    by = {"by": request.args["by"]} if shown is Shown.SPLIT and request.args.get("by") else {}
    show = {"show": request.args["show"]} if shown is Shown.HISTORY and request.args.get("show") else {}
    params = asked.params(**figure, **by, **show)
    named = {"CSV": "figures.data", "PNG": "figures.png", "PDF": "figures.pdf"}
    return [(word, url_for(endpoint, key=key, **params)) for word, endpoint in named.items()]
