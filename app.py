"""The composition root: the core plus whatever lies in `integrations/` and `reports/`. WSGI servers load `app:app`."""

from typing import Any

import integrations
import reports
from ops_console import factory
from ops_console.contracts.parts import assemble


def main() -> None:
    """The `ops-console` command."""
    factory.command_line(assemble(integrations, reports))


def __getattr__(name: str) -> Any:
    # Made when asked for, so that the command line does not build a web application it never serves.
    if name == "app":
        return factory.create_app(assemble(integrations, reports))
    raise AttributeError(name)
