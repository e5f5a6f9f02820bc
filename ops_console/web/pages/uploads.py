"""How do I get a file in? Upload, look at what its rows become, mend the mapping, import. Two steps, no script."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo, available_timezones

from flask import request, url_for
from sqlalchemy import Engine, func, select
from sqlmodel import col
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts import kind_words
from ops_console.contracts.facts import KINDS
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, OpsConsoleError
from ops_console.core.periods import midnight
from ops_console.core.settings import settings
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file
from ops_console.ingest.mapping import Mapping
from ops_console.ingest.preview import preview
from ops_console.ingest.saved_mappings import saved_mapping
from ops_console.records.imports import Import
from ops_console.scorecard.refresh import refresh
from ops_console.web import background, mapping_form, upload_shelf
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.console import console
from ops_console.web.database import engine, read
from ops_console.web.upload_shelf import Upload
from ops_console.web.view import render, see_other, workspace

pages = Pages("uploads")

PATIENCE = 2.0
"""Seconds to wait for a small import, so that its page shows the result at once."""
LARGEST = settings().max_upload_mb * 1_000_000
Errors = list[tuple[str, str]]


@pages.get("/imports/new", access=Access.EDITOR)
def new() -> str:
    return _form(request.args.to_dict(), [])


@pages.post("/imports/new", access=Access.EDITOR, max_bytes=LARGEST)
def take() -> str | tuple[str, int] | AnyResponse:
    given = request.form.to_dict()
    file = request.files.get("file")
    errors = _wrong(given)
    if file is None or not file.filename:
        errors.append(("file", "Choose a file to import."))
    if errors or file is None:
        return _form(given, errors), 422
    upload = upload_shelf.keep(
        file,
        account().id or 0,
        kind=given["kind"],
        source=given["source"].strip(),
        zone=given.get("zone", "").strip(),
        covers_until=given.get("covers_until", ""),
    )
    return see_other(url_for("uploads.look", key=upload.key))


@pages.get("/imports/new/<key>", access=Access.EDITOR)
def look(key: str) -> str | tuple[str, int]:
    upload = upload_shelf.find(key, account().id or 0)
    with read() as session:
        saved = saved_mapping(session, upload.source, upload.kind)
    return _shown(upload, saved, is_saved=saved is not None)


@pages.post("/imports/new/<key>", access=Access.EDITOR)
def map_columns(key: str) -> str | tuple[str, int] | AnyResponse:
    """ "Look again" shows the rows under the mapping of the form; "Import" saves it and begins."""
    upload = upload_shelf.find(key, account().id or 0)
    with read() as session:
        base = saved_mapping(session, upload.source, upload.kind)
    first = preview(upload.path, _delivery(upload, base), limit=0, readers=console().parts.readers)
    try:
        mapping = mapping_form.read(upload.kind, request.form, first.mapping, first.columns)
    except BadInput as error:
        return _shown(upload, base, is_saved=base is not None, errors=[("mapping", str(error))])
    if request.form.get("then") != "import":
        return _shown(upload, mapping, is_saved=False)
    return see_other(_import(upload, mapping))


@pages.post("/imports/new/<key>/drop", access=Access.EDITOR)
def drop(key: str) -> AnyResponse:
    upload_shelf.drop(upload_shelf.find(key, account().id or 0))
    return see_other(url_for("imports.imports"))


def _form(given: dict[str, str], errors: Errors) -> str:
    kinds = [(kind, kind_words.title(kind)) for kind in KINDS]
    return render(
        "imports_new.html",
        given=given,
        errors=errors,
        kinds=kinds,
        zones=sorted(available_timezones()),
        largest=settings().max_upload_mb,
        read_besides=[console().parts.manifests[form].title for form in console().parts.readers],
    )


def _wrong(given: dict[str, str]) -> Errors:
    errors: Errors = []
    if given.get("kind") not in KINDS:
        errors.append(("kind", "Choose what the rows are."))
    if not given.get("source", "").strip() or len(given["source"]) > 100:
        errors.append(("source", "Name the system the file comes from, in at most 100 characters."))
    if given.get("zone") and given["zone"].strip() not in available_timezones():
        errors.append(("zone", "Choose a time zone such as Europe/London, or leave it empty."))
    try:
        _covers(given.get("covers_until", ""))
    except ValueError:
        errors.append(("covers_until", "Write the last complete day as 2026-10-31, or leave it empty."))
    return errors


def _covers(text: str) -> datetime | None:
    """The instant a complete day ends, in the workspace's zone."""
    return midnight(date.fromisoformat(text) + timedelta(days=1), workspace().zone) if text else None


def _delivery(upload: Upload, mapping: Mapping | None) -> Delivery:
    return Delivery(
        kind=upload.kind,
        source=upload.source,
        mapping=mapping,
        zone=ZoneInfo(upload.zone) if upload.zone else None,
        made_by=account().email,
        covers_until=_covers(upload.covers_until),
        origin=upload.name,
    )


def _shown(
    upload: Upload, mapping: Mapping | None, *, is_saved: bool, errors: Errors | None = None
) -> str | tuple[str, int]:
    try:
        found = preview(upload.path, _delivery(upload, mapping), readers=console().parts.readers)
    except OpsConsoleError as error:
        upload_shelf.drop(upload)
        given = {"kind": upload.kind, "source": upload.source, "zone": upload.zone}
        return _form(given, [("file", str(error))]), 422
    page = render(
        "imports_map.html",
        upload=upload,
        found=found,
        lines=mapping_form.lines(upload.kind, found.mapping, found.columns),
        times=mapping_form.TIMES,
        times_now=mapping_form.times(found.mapping),
        keep=mapping_form.KEEP,
        form=request.form,
        errors=errors or [],
        is_saved=is_saved,
        good=sum(bool(row.facts) for row in found.rows),
        odd=sum(bool(row.odd) for row in found.rows),
        refused=sum(bool(row.reason) for row in found.rows),
    )
    return (page, 422) if errors else page


def _import(upload: Upload, mapping: Mapping) -> str:
    """Begin, and say where the import is to be seen."""
    delivery, readers = _delivery(upload, mapping), console().parts.readers
    before = _latest(upload)

    def work(own: Engine) -> None:
        try:
            import_file(own, upload.path, delivery, readers=readers, processes=settings().processes)
        finally:
            upload_shelf.drop(upload)
        refresh(own, now())

    with engine() as own:
        background.start(f"import {upload.kind}", partial(work, own), patience=PATIENCE)
    found = _latest(upload)
    if found is None or found == before:
        return url_for("imports.imports", kind=upload.kind)
    return url_for("imports.delivery", import_id=found)


def _latest(upload: Upload) -> int | None:
    mine = (col(Import.kind) == upload.kind, col(Import.source) == upload.source)
    with read() as session:
        return session.scalar(select(func.max(col(Import.id))).where(*mine))
