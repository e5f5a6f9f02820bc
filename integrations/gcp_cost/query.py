"""Queries: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query

Asked over the plain REST API, which takes two addresses; the library for it would bring far more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.gcp_cost.account import Account
from integrations.gcp_cost.api import Google
from ops_console.contracts.integration import Rejected, Unavailable

PAGE = 5_000
PATIENCE_MS = 10_000
"""How long an answer is held back while a query runs."""
MOST_WAITS = 180
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A parameter that is an instant."""

    at: datetime


def rows(google: Google, account: Account, text: str, said: Mapping[str, Any]) -> Iterator[Row | None]:
    """Each row by the names of its columns, page by page; nothing whenever one has to be waited for."""
    what = f"the rows of {account.name}"
    address = f"/bigquery/v2/projects/{account.project}/queries"
    asked = _body(account, text, said) | {"maxResults": PAGE, "timeoutMs": PATIENCE_MS}
    answer = google.ask("bigquery", address, what, asked)
    job = answer.get("jobReference") or {}
    place, waits = {"location": job["location"]} if job.get("location") else {}, 0
    while True:
        if not answer.get("jobComplete"):
            waits += 1
            if waits > MOST_WAITS:
                raise Unavailable("BigQuery does not come to an end of a query.", remedy="It is tried again by itself.")
            yield None
        else:
            _sound(answer, what)
        yield from named(answer)
        token = answer.get("pageToken")
        if answer.get("jobComplete") and not token:
            return
        more = {"pageToken": token} if token else {}
        params = {**place, **more, "maxResults": PAGE, "timeoutMs": PATIENCE_MS}
        answer = google.read("bigquery", f"{address}/{job.get('jobId', '')}", what, params)


def weighed(google: Google, account: Account, text: str, said: Mapping[str, Any]) -> int:
    """Bytes a query would read, without its being made."""
    address = f"/bigquery/v2/projects/{account.project}/queries"
    answer = google.ask(
        "bigquery", address, f"the rows of {account.name}", _body(account, text, said) | {"dryRun": True}
    )
    return int(answer.get("totalBytesProcessed") or 0)


def instant(microseconds: str) -> datetime:
    """Instants are asked for as whole microseconds: BigQuery may write them as seconds with an exponent."""
    return EPOCH + timedelta(microseconds=int(microseconds))


def _body(account: Account, text: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "query": text,
        "useLegacySql": False,
        "parameterMode": "NAMED",
        "queryParameters": [_parameter(name, value) for name, value in said.items()],
        "maximumBytesBilled": str(account.most_bytes),
    }


def _parameter(name: str, value: Any) -> dict[str, Any]:
    kind, text = ("TIMESTAMP", value.at.isoformat()) if isinstance(value, Timestamp) else ("STRING", str(value))
    return {"name": name, "parameterType": {"type": kind}, "parameterValue": {"value": text}}


def _sound(answer: Mapping[str, Any], what: str) -> None:
    """An answer without columns is none, and no month without costs."""
    if not (answer.get("schema") or {}).get("fields"):
        words = "; ".join(str(each.get("message"))[:200] for each in answer.get("errors") or ())
        raise Rejected(f"BigQuery has no answer for {what}{words and f' ({words})'}.", remedy="Check the table.")


def named(answer: Mapping[str, Any]) -> Iterator[Row]:
    names = [each["name"] for each in (answer.get("schema") or {}).get("fields", ())]
    for row in answer.get("rows") or ():
        yield dict(zip(names, (cell.get("v") for cell in row["f"]), strict=True))
