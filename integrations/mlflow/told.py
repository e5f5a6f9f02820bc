"""What is told of versions. A version is told in pieces: what the registry says of it, when it was ready, whether it is
still there. Webhooks tell when, the poll tells what; a version that the poll never met is none.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.mlflow.account import Account, Metric
from ops_console.contracts.sources import Piece, Told
from ops_console.core.clock import iso

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST, LONGEST_TEXT = 300, 2000
COMMIT = "mlflow.source.git.commit"
Item = Mapping[str, Any]


def instant(milliseconds: Any) -> datetime:
    return EPOCH + timedelta(milliseconds=int(milliseconds))


def stamp(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def short(name: str) -> str:
    """A name that can be kept; a hash where it is too long."""
    return name if len(name) <= LONGEST else hashlib.sha256(name.encode()).hexdigest()


def _known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def updated_at(version: Item) -> int:
    return int(version.get("last_updated_timestamp") or version["creation_timestamp"])


def registered(version: Item, run: Item | None, account: Account) -> Piece:
    """What the registry says of a version, and of the run that made it."""
    model, number = str(version["name"]), str(version["version"])
    values = _known(
        external_id=short(f"{model}/{number}"),
        model=model,
        version=number,
        url=account.version_page(model, number),
        created_at=iso(instant(version["creation_timestamp"])),
        run_id=version.get("run_id"),
        git_sha=tags_of(run).get(COMMIT),
        data_version=_data(run),
    )
    return Piece("model_versions", {**values, "deleted": False}, "registered", instant(updated_at(version)))


def there(model: str, number: str, at: datetime, *, is_gone: bool) -> Piece:
    """That a version is not there any more, or is there after all."""
    return Piece("model_versions", {"external_id": short(f"{model}/{number}"), "deleted": is_gone}, "there", at)


def ready(model: str, number: str, mark: str, at: datetime, account: Account) -> Piece:
    """That a version was given a mark, and where that makes it ready, since when: the first time counts."""
    begins = {"ready_at": iso(at)} if account.is_ready(mark) else {}
    values = {"external_id": short(f"{model}/{number}")}
    return Piece("model_versions", values, short(f"{mark} {iso(at)}"), at, begins)


def promotion(model: str, number: str, mark: str, at: datetime, account: Account, *, was_seen: bool = True) -> Told:
    """A version that was given a mark serves where the mark says. Whether it had it before anybody looked is not known:
    then it was live already, and that is no deployment.
    """
    values = _known(
        external_id=short(f"{model}/{number} {mark} {iso(at)}"),
        url=account.version_page(model, number),
        updated_at=iso(at),
        model=model,
        version=number,
        environment=account.environment(mark) or mark,
        status="succeeded",
        kind=None if was_seen else "restart",
        finished_at=iso(at),
        deleted=account.environment(mark) is None or None,
    )
    return Told("deployments", values)


def evaluation(version: Item, run: Item, name: str, metric: Metric, baseline: str | None, account: Account) -> Told:
    model, number = str(version["name"]), str(version["version"])
    said = next(each for each in _metrics(run) if each["key"] == name)
    at = iso(instant(said.get("timestamp") or version["creation_timestamp"]))
    values = _known(
        external_id=short(f"{model}/{number}/{name}"),
        url=account.version_page(model, number),
        updated_at=at,
        model=model,
        version=number,
        metric=name,
        value=str(said["value"]),
        baseline=baseline,
        threshold=None if metric.threshold is None else str(metric.threshold),
        direction=metric.direction,
        kind="offline",
        evaluated_at=at,
    )
    return Told("evaluations", values)


def metrics_of(run: Item | None, names: Mapping[str, Metric]) -> dict[str, str]:
    """The named metrics of a run, as they stand last; what is no number is not known."""
    found = {each["key"]: each.get("value") for each in _metrics(run)}
    return {name: str(found[name]) for name in names if _is_number(found.get(name))}


def tags_of(run: Item | None) -> dict[str, str]:
    return {str(each.get("key")): str(each.get("value", "")) for each in _data_of(run).get("tags") or ()}


def _metrics(run: Item | None) -> list[Item]:
    return list(_data_of(run).get("metrics") or ())


def _data_of(run: Item | None) -> Item:
    found: Item = (run or {}).get("data") or {}
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < float("inf")


def _data(run: Item | None) -> str:
    inputs = ((run or {}).get("inputs") or {}).get("dataset_inputs") or ()
    found = {f"{each['dataset'].get('name')}@{each['dataset'].get('digest')}" for each in inputs if "dataset" in each}
    return ", ".join(sorted(found))[:LONGEST_TEXT]
