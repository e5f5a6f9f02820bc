"""What pages share: rendering, addresses, paging, sorting, CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.records import workspace as workspaces
from ops_console.records.workspace import Workspace
from ops_console.web.auth import account, signed_in
from ops_console.web.console import console
from ops_console.web.csv_file import csv_file
from ops_console.web.database import read
from ops_console.web.request_state import remember

PAGE_SIZE = 50


def workspace() -> Workspace:
    """The workspace, read once per request."""
    return remember("workspace", _workspace)


def _workspace() -> Workspace:
    with read() as session:
        return workspaces.current(session)


def render(template: str, **values: Any) -> str:
    """A page: the template's own values, plus what every page shows."""
    person = account() if signed_in() else None
    return render_template(
        template,
        **{"workspace": workspace(), "account": person, "menu": _menu() if person else [], "now": now()} | values,
    )


def _menu() -> list[tuple[str, str, bool]]:
    """Word, address, and whether the page at hand belongs to it."""
    here = request.path
    places = [(pages, pages.routes[0].rule) for pages in console().menu]
    return [
        (pages.menu, pages.address, here == first or (first != "/" and here.startswith(first)))
        for pages, first in places
    ]


def see_other(address: str) -> AnyResponse:
    """After a form was taken: show this page."""
    return redirect(address, code=303)


def url_with(**changes: Any) -> str:
    """This page's address with some parameters changed; `None` removes one. Any change starts at the first page."""
    kept = {name: values for name, values in request.args.to_dict(flat=False).items() if name != "page"}
    for name, value in changes.items():
        kept.pop(name, None)
        if value is not None and value != "":
            kept[name] = [str(value)]
    query = urlencode(kept, doseq=True)
    return f"{request.path}?{query}" if query else request.path


@dataclass(frozen=True, slots=True)
class Paging:
    """Which rows of how many a page shows."""

    number: int
    size: int
    total: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    @property
    def previous_address(self) -> str | None:
        return url_with(page=self.number - 1) if self.number > 1 else None

    @property
    def next_address(self) -> str | None:
        return url_with(page=self.number + 1) if self.number < self.pages else None


def asked_page() -> int:
    """The number in `?page=`, at least 1."""
    text = request.args.get("page", "1")
    if not text.isdecimal() or len(text) > 9:
        raise BadInput(f"{text!r} is no page number.")
    return max(1, int(text))


def page_of(total: int, size: int = PAGE_SIZE) -> Paging:
    """The page asked for, or the last one where there are fewer."""
    last = max(1, -(-total // size))
    return Paging(min(asked_page(), last), size, total)


@dataclass(frozen=True, slots=True)
class Sorting:
    """The column in `?sort=`; a leading minus means descending."""

    key: str
    descending: bool

    @property
    def text(self) -> str:
        """As the address says it."""
        return f"-{self.key}" if self.descending else self.key

    def address(self, key: str) -> str:
        """Sort by this column; by the one at hand, the other way round."""
        return url_with(sort=f"-{key}" if key == self.key and not self.descending else key)

    def aria(self, key: str) -> str:
        if key != self.key:
            return "none"
        return "descending" if self.descending else "ascending"

    def order(self, columns: Mapping[str, Any]) -> Any:
        """What SQL sorts by; unknown values last in either direction."""
        column = columns[self.key]
        return (column.desc() if self.descending else column.asc()).nulls_last()


def sorting(allowed: Iterable[str], default: str) -> Sorting:
    """The sorting asked for, if the page knows it, else the default."""
    asked = request.args.get("sort", default)
    key = asked.removeprefix("-")
    chosen = asked if key in set(allowed) else default
    return Sorting(chosen.removeprefix("-"), chosen.startswith("-"))


def csv_response(name: str, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Response:
    """A CSV download; `name` without its ending, such as `lead_time_2026-10_team-search`."""
    response = Response(csv_file(columns, rows), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name.removesuffix('.csv')}.csv")
    return response
