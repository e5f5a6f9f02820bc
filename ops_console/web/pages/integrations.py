"""What could bring facts by itself, what it needs, and what it lights up; setting a source up, with a look first."""

from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.integration import Manifest, Rejected, Unavailable
from ops_console.contracts.sources import Discovery
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, Misconfigured, NotFound
from ops_console.ingest import sources
from ops_console.kpis import CATALOGUE
from ops_console.records.sources import Source
from ops_console.web import source_form
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.console import console
from ops_console.web.database import read, write
from ops_console.web.reads import sources as reads
from ops_console.web.source_form import Draft
from ops_console.web.source_words import told_of
from ops_console.web.view import render, see_other

pages = Pages("integrations", menu="Integrations", place=65)

Answer = str | tuple[str, int] | AnyResponse


@dataclass(frozen=True, slots=True)
class Preview:
    """What a check found: what can be read, what is there, and what the choices made so far come to."""

    checked: tuple[str, ...]
    discovery: Discovery
    effects: list[str]

    @property
    def told(self) -> list[str]:
        """What is there besides what the check said already."""
        return [line for line in self.discovery.lines if line not in self.checked]


def kpis_of(manifest: Manifest) -> list[str]:
    """The KPIs that the facts of an integration feed."""
    kinds = set(manifest.facts)
    return [each.title for each in CATALOGUE.values() if kinds & {*each.facts, *each.also}]


@pages.get("/integrations", access=Access.VIEWER)
def integrations() -> str:
    moment = now()
    with read() as session:
        found = [told_of(source, moment) for source in sources.every(session)]
        heard = reads.heard(session)
    manifests = sorted(console().parts.manifests.values(), key=lambda each: each.title.lower())
    return render(
        "integrations.html",
        units=units,
        bringing=[each for each in manifests if each.facts],
        others=[each for each in manifests if not each.facts],
        sources={each.key: [one for one in found if one.source.integration == each.key] for each in manifests},
        heard=heard,
        kpis_of=kpis_of,
    )


@pages.get("/integrations/<key>/new", access=Access.ADMIN)
def new(key: str) -> str:
    manifest = _manifest(key)
    with read() as session:
        taken = [source.name for source in sources.every(session)]
    return _form(manifest, source_form.blank(manifest, taken))


@pages.post("/integrations/<key>/new", access=Access.ADMIN)
def add(key: str) -> Answer:
    """ "Check" looks without saving anything; "Save" sets the source up."""
    manifest = _manifest(key)
    draft = source_form.read(manifest, request.form, console().settings)
    with read() as session:
        if draft.name in {source.name for source in sources.every(session)}:
            draft.errors.append(("name", "There is a source of that name already."))
    if (answer := _looked_at(manifest, draft)) is not None:
        return answer
    with write() as session:
        sources.add(session, manifest, draft.name, draft.settings, draft.secrets, draft.begin, account().email)
    return see_other(url_for("sources.source", name=draft.name))


@pages.get("/sources/<name>/settings", access=Access.ADMIN)
def settings(name: str) -> str:
    source = _source(name)
    return _form(_manifest(source.integration), source_form.of_source(source), source)


@pages.post("/sources/<name>/settings", access=Access.ADMIN)
def change(name: str) -> Answer:
    """Everything is read again afterwards, so that what the change means shows in what is there already."""
    source = _source(name)
    manifest = _manifest(source.integration)
    draft = source_form.read(manifest, request.form, console().settings, name)
    if (answer := _looked_at(manifest, draft, source)) is not None:
        return answer
    with write() as session:
        kept = sources.named(session, name)
        sources.change(session, kept, draft.settings, draft.secrets, draft.begin, account().email)
    return see_other(url_for("sources.source", name=name))


def _looked_at(manifest: Manifest, draft: Draft, source: Source | None = None) -> Answer | None:
    """The form again, with what is wrong or with a preview; nothing where it may be saved."""
    if draft.errors:
        return _form(manifest, draft, source), 422
    parts, save = console().parts, request.form.get("then") == "save"
    try:
        setup = draft.setup(manifest, console().settings)
        if manifest.key not in parts.collectors:
            checked, discovery = parts.listeners[manifest.key].check(setup), Discovery(())
        else:
            checked = parts.collectors[manifest.key].check(setup)
            discovery = Discovery(()) if save else parts.collectors[manifest.key].discover(setup, _previewed())
        if save:
            return None
    except (Rejected, Unavailable, Misconfigured, BadInput) as error:
        draft.errors.append(("check", str(error)))
        return _form(manifest, draft, source), 422
    preview = Preview(checked, discovery, source_form.effects(discovery, draft.settings))
    return _form(manifest, draft, source, preview)


def _previewed() -> datetime:
    return now() - source_form.PREVIEWED


def _form(manifest: Manifest, draft: Draft, source: Source | None = None, preview: Preview | None = None) -> str:
    return render(
        "integrations_form.html",
        units=units,
        manifest=manifest,
        draft=draft,
        source=source,
        preview=preview,
        ticks=source_form.ticks,
        kpis=kpis_of(manifest),
        days=source_form.PREVIEWED.days,
        folder=console().settings.secrets_folder,
    )


def _manifest(key: str) -> Manifest:
    found = console().parts.manifests.get(key)
    if found is None or not found.facts:
        raise NotFound(f"{key[:50]!r} brings no facts by itself.", remedy="Choose one on the page Integrations.")
    return found


def _source(name: str) -> Source:
    with read() as session:
        return sources.named(session, name)
