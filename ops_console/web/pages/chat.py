"""`/chat/<integration>`: what people ask from where they talk. A call is kept, answered at once with success, and
answered properly in the background; what a crash leaves there the timetable answers.
"""

from functools import partial

import structlog
from flask import Response, abort, jsonify, request

from ops_console.chat import desk
from ops_console.chat.answering import answer_waiting
from ops_console.contracts.integration import Rejected
from ops_console.contracts.office import Office
from ops_console.core.clock import now
from ops_console.web import background
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import engine, write

pages = Pages("chat")

LARGEST_BYTES = 1_000_000
log = structlog.get_logger()


@pages.post("/chat/<integration>", access=Access.PUBLIC, max_bytes=LARGEST_BYTES, from_our_pages=False)
def take(integration: str) -> Response:
    tool, chosen, moment = console().parts.commands.get(integration), console().settings, now()
    if tool is None or not tool.is_ready(chosen):
        abort(Response("Nothing listens here.\n", 404, mimetype="text/plain"))
    headers = {key.lower(): value for key, value in request.headers.items()}
    try:
        heard = tool.hear(headers, request.get_data(cache=False), chosen, moment)
    except Rejected as error:
        abort(Response(f"{error}\n", 401, mimetype="text/plain"))
    if heard.call is not None:
        with write() as session:
            is_new = desk.keep(session, integration, heard.call, moment)
        if heard.again:
            log.info("call repeated", integration=integration, again=heard.again, known=not is_new)
        if is_new:
            with engine() as own:
                background.start("chat", partial(answer_waiting, Office(own, console().parts, chosen)))
    return jsonify(heard.answer) if heard.answer else Response(status=200)
