"""Style sheets, scripts and the icon."""

from flask import Response, abort, request

from ops_console.web.access import Access, Pages
from ops_console.web.console import console

pages = Pages("files")


@pages.get("/assets/<digest>/<name>", access=Access.PUBLIC)
def asset(digest: str, name: str) -> Response:
    found = console().assets.get(digest, name)
    if found is None:
        abort(404)
    compressed = request.accept_encodings.quality("gzip") > 0
    response = Response(found.compressed if compressed else found.content, mimetype=found.media_type)
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@pages.get("/favicon.ico", access=Access.PUBLIC)
def icon() -> Response:
    response = Response(console().assets["icon.svg"].path.read_bytes(), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
