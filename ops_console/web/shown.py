"""What templates may call: addresses, icons, formats. Registered once per application."""

from datetime import date, datetime

from flask import Flask, request
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from ops_console.contracts import kind_words
from ops_console.core import units
from ops_console.reporting import words
from ops_console.web import fact_words, saved_views
from ops_console.web.auth import may_open
from ops_console.web.console import console
from ops_console.web.keys import KEYS
from ops_console.web.trail_words import differences
from ops_console.web.view import Paging, url_with, workspace


def prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        may_open=may_open,
        asset=lambda name: console().assets.address(name),
        url_with=url_with,
        theme=lambda: request.cookies.get("theme", "system"),
        keys_on=lambda: request.cookies.get("keys", "on") != "off",
        saved_views=saved_views.views,
        keys=KEYS,
        Paging=Paging,
        words=words,
        facts=fact_words,
        kind_words=kind_words,
    )
    app.jinja_env.filters.update(instant=instant, day=day, count=units.count, period_title=units.period_title)
    app.jinja_env.filters.update(address=address, differences=differences, many=kind_words.many)


def instant(value: datetime | None) -> str:
    """`4 Nov 2026 09:00 GMT`, in the workspace's zone; empty for unknown."""
    return "" if value is None else units.instant(value, workspace().zone)


def address(value: str) -> Markup:
    """The address of a person, which a narrow column breaks before its host."""
    return escape(value).replace("@", Markup("@<wbr>"))


def day(value: datetime | date | None) -> str:
    """`4 Nov 2026`, in the workspace's zone; empty for unknown."""
    if value is None:
        return ""
    return units.day(value.astimezone(workspace().zone).date() if isinstance(value, datetime) else value)
