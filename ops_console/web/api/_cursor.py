"""Cursors: where a list goes on, sealed so that a damaged one is refused and none fits another list."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from ops_console.core.errors import BadInput
from ops_console.web.filters import Filters
from ops_console.web.view import url_with


@dataclass(frozen=True, slots=True)
class List:
    """A list of one KPI, for one period and scope."""

    what: str
    key: str
    about: Filters

    def next(self, place: Any) -> str | None:
        """The address of the page that begins there. It names the period, which without a name would move on."""
        if place is None:
            return None
        return url_with(period=self.about.period.label, cursor=self._seal.dumps(place))

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
        words = ("cursor", self.what, self.key, str(self.about.scope), self.about.period.label)
        return URLSafeSerializer(str(current_app.secret_key), salt="\n".join(words))
