"""The composition root: the core plus whatever lies in `integrations/` and `reports/`. WSGI servers load `app:app`.

What it composes is loaded when it is asked for: each process that works for another loads this module again, because
the other began with it, and needs nothing of it.
https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods
"""

from importlib import import_module
from typing import Any


def main() -> None:
    """The `ops-console` command."""
    import_module("ops_console.cli").run(_parts())


def _parts() -> Any:
    folders = map(import_module, ("integrations", "reports"))
    return import_module("ops_console.contracts.parts").assemble(*folders)


def __getattr__(name: str) -> Any:
    if name == "app":
        return import_module("ops_console.factory").create_app(_parts())
    raise AttributeError(name)
