"""`/hooks/<integration>/<source>`: what vendors send. A delivery is answered once it is kept, and read afterwards."""

from typing import NoReturn

from flask import Response, abort, jsonify, request

from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import WEBHOOK_SECRET, Webhook
from ops_console.core import errors
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, Misconfigured
from ops_console.ingest import inbox, sources
from ops_console.records.sources import Source
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import read, write

pages = Pages("hooks")

LARGEST_BYTES = 25 * 1024 * 1024
"""GitHub sends no larger body, nor does anybody else."""
NEW, KNOWN = 202, 200


@pages.post("/hooks/<integration>/<name>", access=Access.PUBLIC, max_bytes=LARGEST_BYTES, from_our_pages=False)
def take(integration: str, name: str) -> tuple[Response, int]:
    source, webhook = _receiver(integration, name)
    headers = {key.lower(): value for key, value in request.headers.items()}
    body = request.get_data(cache=False)
    moment = now()
    try:
        webhook.verify(headers, body, sources.secrets_in_use(source, WEBHOOK_SECRET, console().settings), moment)
        arrival = webhook.arrival(headers, body)
    except Rejected as error:
        _refuse(401, str(error))
    except (Misconfigured, BadInput):
        _refuse(503, "The secret of this source cannot be read here; its page under Integrations says more.")
    with write() as session:
        is_new = inbox.receive(session, source, arrival, body, moment)
    return jsonify(delivery=arrival.delivery_id, known=not is_new), NEW if is_new else KNOWN


def _receiver(integration: str, name: str) -> tuple[Source, Webhook]:
    """The source a delivery is for, if it has room for one more."""
    webhook = console().parts.webhooks.get(integration)
    with read() as session:
        try:
            source = sources.named(session, name)
        except errors.NotFound:
            source = None
        if webhook is None or source is None or source.integration != integration:
            _refuse(404, "No source takes deliveries here.")
        if not inbox.has_room(session, source, now()):
            _refuse(429, f"At most {inbox.PER_MINUTE} deliveries a minute.", {"Retry-After": "60"})
    return source, webhook


def _refuse(status: int, words: str, headers: dict[str, str] | None = None) -> NoReturn:
    """In plain text: vendors show it among their deliveries."""
    abort(Response(f"{words}\n", status, headers, mimetype="text/plain"))
