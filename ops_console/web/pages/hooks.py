"""`/hooks/<integration>/<source>`: what vendors send. A delivery is answered once it is kept, and read afterwards.

Senders that know one address alone find it where the manifest says; there the secret tells which source is meant.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NoReturn

from flask import Response, abort, jsonify, request

from ops_console.contracts.integration import Manifest, Rejected
from ops_console.contracts.sources import WEBHOOK_SECRET, Webhook
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, Misconfigured
from ops_console.ingest import inbox, sources
from ops_console.records.sources import Source
from ops_console.web.access import Access, Pages, Route, View
from ops_console.web.console import console
from ops_console.web.database import read, write
from ops_console.web.errors import is_api
from ops_console.web.problems import problem
from ops_console.web.unpacked import GZIP, unpacked

pages = Pages("hooks")

LARGEST_BYTES = 25 * 1024 * 1024
"""GitHub sends no larger body, nor does anybody else."""
NEW, KNOWN = 202, 200
Taken = tuple[Response, int]


@pages.post("/hooks/<integration>/<name>", access=Access.PUBLIC, max_bytes=LARGEST_BYTES, from_our_pages=False)
def take(integration: str, name: str) -> Taken:
    return _taken(integration, [source for source in _sources(integration) if source.name == name])


def addressed(manifests: Iterable[Manifest]) -> Pages:
    """The addresses that manifests fix."""
    found = Pages("addressed")
    for manifest in manifests:
        if manifest.address:
            view, endpoint = _taking(manifest.key), f"{found.name}.{manifest.key}"
            found.add(
                Route(manifest.address, "POST", endpoint, view, Access.PUBLIC, LARGEST_BYTES, from_our_pages=False)
            )
    return found


def _taking(integration: str) -> View:
    def take_addressed() -> Taken:
        return _taken(integration, _sources(integration))

    return take_addressed


def _sources(integration: str) -> list[Source]:
    with read() as session:
        return [source for source in sources.every(session) if source.integration == integration]


def _taken(integration: str, candidates: Sequence[Source]) -> Taken:
    webhook = console().parts.webhooks.get(integration)
    if webhook is None or not candidates:
        _refuse(404, "No source takes deliveries here.")
    headers = {key.lower(): value for key, value in request.headers.items()}
    body, moment = request.get_data(cache=False), now()
    source = _signed_for(candidates, webhook, headers, body, moment)
    content = unpacked(body) if body.startswith(GZIP) else body
    try:
        arrival = webhook.arrival(headers, content)
    except Rejected as error:
        _refuse(401, str(error))
    with write() as session:
        if not inbox.has_room(session, source, moment):
            _refuse(429, f"At most {inbox.PER_MINUTE} deliveries a minute.", {"Retry-After": "60"})
        is_new = inbox.receive(session, source, arrival, content, moment)
    return jsonify(delivery=arrival.delivery_id, known=not is_new), NEW if is_new else KNOWN


def _signed_for(
    candidates: Sequence[Source], webhook: Webhook, headers: dict[str, str], body: bytes, moment: datetime
) -> Source:
    """The source whose secret the delivery shows that its sender knows."""
    refusals: dict[int, str] = {}
    for source in candidates:
        try:
            webhook.verify(headers, body, sources.secrets_in_use(source, WEBHOOK_SECRET, console().settings), moment)
        except Rejected as error:
            refusals[401] = str(error)
        except (Misconfigured, BadInput):
            refusals[503] = "The secret of this source cannot be read here; its page under Integrations says more."
        else:
            return source
    status = min(refusals)
    _refuse(status, refusals[status])
    raise AssertionError  # it is refused


def _refuse(status: int, words: str, headers: dict[str, str] | None = None) -> NoReturn:
    """In plain text: vendors show it among their deliveries. Where the API begins, as the API does."""
    if not is_api():
        abort(Response(f"{words}\n", status, headers, mimetype="text/plain"))
    answer = problem(status, words)
    answer.headers.update(headers or {})
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    abort(answer)
