"""What one running application holds: parts, settings, engine, routes, assets."""

from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Engine

from ops_console.contracts.parts import Parts
from ops_console.core.settings import Settings
from ops_console.web.access import Pages, Route
from ops_console.web.assets import Assets

EXTENSION = "ops_console"


@dataclass
class Console:
    parts: Parts
    settings: Settings
    engine: Engine
    assets: Assets
    routes: dict[str, Route] = field(default_factory=dict)
    menu: list[Pages] = field(default_factory=list)


def attach(app: Flask, console: Console) -> None:
    app.extensions[EXTENSION] = console


def console() -> Console:
    """The console of the application at work."""
    return cast(Console, current_app.extensions[EXTENSION])
