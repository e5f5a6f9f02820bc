"""One file per KPI, and nothing else. Module name = function name = key."""

import importlib
import inspect
import pkgutil
from dataclasses import replace

from ops_console.measures.definition import Definition


def _found() -> list[Definition]:
    definitions = []
    for module in pkgutil.iter_modules(__path__):
        definition: Definition = importlib.import_module(f"{__name__}.{module.name}").DEFINITION
        definitions.append(replace(definition, description=inspect.getdoc(definition.compute) or ""))
    return sorted(definitions, key=lambda definition: definition.number)


CATALOGUE: dict[str, Definition] = {definition.key: definition for definition in _found()}
"""Every KPI by its key, in catalogue order."""
