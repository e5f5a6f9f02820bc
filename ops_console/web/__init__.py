"""Pages and API. A module in `pages/` or `api/` is found by being there: it offers `pages`."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

FOLDERS = ("ops_console.web.pages", "ops_console.web.api")


def modules() -> Iterator[ModuleType]:
    """Every module that offers pages."""
    for folder in FOLDERS:
        package = importlib.import_module(folder)
        for found in pkgutil.iter_modules(package.__path__):
            if not found.name.startswith("_"):
                yield importlib.import_module(f"{folder}.{found.name}")
