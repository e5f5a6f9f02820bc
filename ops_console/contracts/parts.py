"""The parts a console is assembled from: whatever lies in `integrations/` and `reports/`, found by being there."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from ops_console.contracts.commands import Commands
from ops_console.contracts.integration import Channel, FileReader, Manifest
from ops_console.contracts.sources import Collector, Listener, Webhook
from ops_console.contracts.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Parts:
    """`reports` maps a report's name to its module; see `ops_console.reporting.report` for what it must offer.
    `listeners` are those webhooks whose integration has no collector.
    """

    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    reports: Mapping[str, ModuleType] = field(default_factory=dict)
    readers: Mapping[str, FileReader] = field(default_factory=dict)
    collectors: Mapping[str, Collector] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    listeners: Mapping[str, Listener] = field(default_factory=dict)
    trackers: Mapping[str, Tracker] = field(default_factory=dict)
    commands: Mapping[str, Commands] = field(default_factory=dict)


class Modules(Mapping[str, Any]):
    """Modules by name, each loaded when it is first asked for."""

    def __init__(self, found: Mapping[str, str]) -> None:
        self._found = found

    def __getitem__(self, name: str) -> ModuleType:
        return importlib.import_module(self._found[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def assemble(integrations: ModuleType, reports: ModuleType) -> Parts:
    """Look into both folders; a folder's name is the integration, a file's name is its role or the report."""
    packages = {folder: f"{integrations.__name__}.{folder}" for folder in _names(integrations)}
    manifests = {folder: importlib.import_module(package).MANIFEST for folder, package in packages.items()}
    channels, readers, collectors, webhooks, trackers, commands = (
        Modules({folder: f"{packages[folder]}.{role}" for folder, told in manifests.items() if role in told.roles})
        for role in ("channel", "reader", "collector", "webhook", "tracker", "commands")
    )
    kept = Modules({name: f"{reports.__name__}.{name}" for name in _names(reports)})
    listeners = Modules({key: f"{packages[key]}.webhook" for key in webhooks if key not in collectors})
    return Parts(manifests, channels, kept, readers, collectors, webhooks, listeners, trackers, commands)


def _names(package: ModuleType) -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(package.__path__))
