"""The tables: a record is a fact plus what we concluded about it (identity, owner, cause).

Importing this package imports every table, so that `SQLModel.metadata` is complete.
"""

from ops_console.records import (
    access,
    catalog,
    changes,
    corrections,
    costs,
    deployments,
    imports,
    incidents,
    jobs,
    people,
    reports,
    scorecard,
    slos,
    surveys,
    targets,
    versions,
    workspace,
)

__all__ = [
    "access",
    "catalog",
    "changes",
    "corrections",
    "costs",
    "deployments",
    "imports",
    "incidents",
    "jobs",
    "people",
    "reports",
    "scorecard",
    "slos",
    "surveys",
    "targets",
    "versions",
    "workspace",
]
