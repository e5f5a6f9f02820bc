"""Backstage: models and services from `catalog-info.yaml`."""

from ops_console.contracts.integration import Manifest

MANIFEST = Manifest(
    key="backstage",
    title="Backstage catalog-info.yaml",
    roles=("reader",),
    settings=(),
    summary="Reads components as models and services: lifecycle, owner, tier, runbook, dependencies, and the names "
    "that other tools know them by.",
)
