"""Cursors: where a list goes on, sealed so that a damaged one is refused and none fits another list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from ops_console.core.errors import BadInput
from ops_console.web.filters import Filters
from ops_console.web.operation import Query
from ops_console.web.view import url_with


@dataclass(frozen=True, slots=True)
class List:
    """A list, by the words that tell it from others; `named` stands in the address of each page after the first."""

    words: tuple[str, ...]
    named: Mapping[str, str] = field(default_factory=dict)

    def next(self, place: Any) -> str | None:
        """The address of the page that begins there."""
        if place is None:
            return None
        return url_with(**self.named, cursor=self._seal.dumps(place))

    def place(self, cursor: str) -> Any:
        """Where the page begins."""
        try:
            return self._seal.loads(cursor)
        except BadData:
            raise BadInput(
                "The cursor is damaged, or belongs to another list.",
                remedy="Follow the `next` link as it is, or begin again without a cursor.",
            ) from None

    @property
    def _seal(self) -> URLSafeSerializer:
        return URLSafeSerializer(str(current_app.secret_key), salt="\n".join(("cursor", *self.words)))


def of_kpi(what: str, key: str, about: Filters) -> List:
    """A list of one KPI, for one period and scope. Its pages name the period, which without a name would move on."""
    return List((what, key, str(about.scope), about.period.label), {"period": about.period.label})


def of_query(what: str, asked: Query) -> List:
    """A list of whatever a query asks for."""
    return List((what, asked.model_dump_json(exclude={"limit", "cursor"})))
