"""The composition root: the core plus whatever lies in `integrations/` and `reports/`. WSGI servers load `app:app`."""

import importlib
from typing import Any

import integrations
import reports
from ops_console import cli
from ops_console.contracts.parts import assemble


def main() -> None:
    """The `ops-console` command."""
    cli.run(assemble(integrations, reports))


def __getattr__(name: str) -> Any:
    # Loaded when asked for: the command line needs no web application.
    if name == "app":
        return importlib.import_module("ops_console.factory").create_app(assemble(integrations, reports))
    raise AttributeError(name)
