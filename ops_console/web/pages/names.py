"""What do these names mean? Names that facts use and nobody registered, and the two forms that settle each."""

from flask import request, url_for
from sqlalchemy import select
from sqlmodel import Session, col
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.vocabulary import Lifecycle, ModelKind
from ops_console.core import units
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.mapping_names import map_name, register, unmap_name, unmapped
from ops_console.ingest.resolve import slug
from ops_console.records.catalog import Alias, CatalogEntry
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read, write
from ops_console.web.reads.choices import choices, slugs
from ops_console.web.refreshed import refreshed
from ops_console.web.view import page_of, render, see_other

pages = Pages("names")

PAGE = 25
MAPPED_SHOWN = 50
Errors = tuple[tuple[str, str], ...]


@pages.get("/data-health/names", access=Access.VIEWER)
def names() -> str:
    return _page()


def _page(errors: Errors = ()) -> str:
    search = request.args.get("q", "").strip()
    with read() as session:
        found = [each for each in unmapped(session) if slug(search) in each.slug or not search]
        paging = page_of(len(found), PAGE)
        offered = choices(session)
        return render(
            "names.html",
            names=found[paging.offset : paging.offset + PAGE],
            paging=paging,
            search=search,
            errors=errors,
            form=request.form,
            slugs=slugs(session),
            teams=offered.teams,
            kinds=list(ModelKind),
            lifecycles=list(Lifecycle),
            mapped=_mapped(session),
            units=units,
        )


def _mapped(session: Session) -> list[tuple[Alias, str]]:
    """What people mapped, the latest first."""
    made = select(Alias, col(CatalogEntry.slug)).join(CatalogEntry, col(CatalogEntry.id) == Alias.entry_id)
    latest = made.where(col(Alias.made_by) != "import").order_by(col(Alias.made_at).desc(), col(Alias.name))
    return [(alias, entry) for alias, entry in session.execute(latest.limit(MAPPED_SHOWN))]


@pages.post("/data-health/names/map", access=Access.EDITOR)
def map_onto() -> AnyResponse | tuple[str, int]:
    """Say that a name means a registered entry."""
    name, onto = request.form.get("name", ""), request.form.get("onto", "").strip()
    if not onto:
        return _page(((f"onto-{slug(name)}", f"Choose what {name} means."),)), 422
    try:
        with write() as session:
            map_name(session, name, onto, account().email)
    except (BadInput, NotFound) as error:
        return _page(((f"onto-{slug(name)}", str(error)),)), 422
    return _back()


@pages.post("/data-health/names/register", access=Access.EDITOR)
def make_real() -> AnyResponse | tuple[str, int]:
    """Say what a name is: from then on it is a model or service of its own."""
    given = {key: value.strip() for key, value in request.form.items() if value.strip()}
    fields = ("kind", "tier", "team", "owner", "lifecycle")
    attributes = {key: given[key] for key in fields if key in given}
    try:
        with write() as session:
            register(session, given.get("slug", ""), account().email, **attributes)
    except (BadInput, ValueError) as error:
        place = f"register-{given.get('slug', '')}"
        return _page(((place, f"{given.get('slug', 'The name')} cannot be registered: {_first_line(error)}"),)), 422
    return _back()


@pages.post("/data-health/names/unmap", access=Access.EDITOR)
def unmap() -> AnyResponse:
    """Later facts under the name wait again."""
    with write() as session:
        unmap_name(session, request.form.get("name", ""), account().email)
    return _back()


def _back() -> AnyResponse:
    """To the page the form stands on."""
    refreshed()
    return see_other(url_for("models.models" if request.form.get("from") == "models" else "names.names"))


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
