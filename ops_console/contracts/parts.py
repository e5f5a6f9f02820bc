"""The parts a console is assembled from: whatever lies in `integrations/` and `reports/`, found by being there."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

from ops_console.contracts.integration import Channel, Manifest


@dataclass(frozen=True, slots=True)
class Parts:
    """`reports` maps a report's name to its module; see `ops_console.reporting.report` for what it must offer."""

    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    reports: Mapping[str, ModuleType] = field(default_factory=dict)


def assemble(integrations: ModuleType, reports: ModuleType) -> Parts:
    """Look into both folders; a folder's name is the integration, a file's name is its role or the report."""
    manifests, channels = {}, {}
    for folder in _names(integrations):
        package = importlib.import_module(f"{integrations.__name__}.{folder}")
        manifests[folder] = package.MANIFEST
        if "channel" in package.MANIFEST.roles:
            channels[folder] = importlib.import_module(f"{package.__name__}.channel")
    found = {name: importlib.import_module(f"{reports.__name__}.{name}") for name in _names(reports)}
    return Parts(manifests, channels, found)


def _names(package: ModuleType) -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__))
