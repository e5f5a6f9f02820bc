"""One box for models, KPIs and incidents."""

from flask import request, url_for
from sqlalchemy import or_
from sqlmodel import Session, col, select

from ops_console.contracts.document import Line
from ops_console.kpis import CATALOGUE
from ops_console.records.catalog import Alias, CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.view import render

pages = Pages("search")
SHOWN = 20
LONGEST = 100


@pages.get("/search", access=Access.VIEWER)
def search() -> str:
    asked = request.args.get("q", "").strip()[:LONGEST]
    found: dict[str, list[Line]] = {}
    if asked:
        with read() as session:
            found = {"KPIs": _kpis(asked), "Models and services": _models(session, asked)}
            found["Incidents"] = _incidents(session, asked)
    return render("search.html", asked=asked, found={group: lines for group, lines in found.items() if lines})


def _kpis(asked: str) -> list[Line]:
    word = asked.casefold()
    return [
        Line(kpi.title, link=url_for("kpis.kpi", key=kpi.key))
        for kpi in CATALOGUE.values()
        if word in f"{kpi.title} {kpi.question}".casefold()
    ]


def _models(session: Session, asked: str) -> list[Line]:
    """By name, slug or any name a source uses."""
    pattern = _containing(asked)
    aliased = select(Alias.entry_id).where(col(Alias.name).ilike(pattern, escape="\\"))
    rows = session.exec(
        select(CatalogEntry.slug, CatalogEntry.name)
        .where(
            col(CatalogEntry.deleted_at).is_(None),
            or_(
                col(CatalogEntry.name).ilike(pattern, escape="\\"),
                col(CatalogEntry.slug).ilike(pattern, escape="\\"),
                col(CatalogEntry.id).in_(aliased),
            ),
        )
        .order_by(col(CatalogEntry.name))
        .limit(SHOWN)
    )
    return [Line(name, link=f"/models/{slug}") for slug, name in rows]


def _incidents(session: Session, asked: str) -> list[Line]:
    """Newest first; by title or the source's own number."""
    pattern = _containing(asked)
    rows = session.exec(
        select(Incident.id, Incident.external_id, Incident.title)
        .where(
            col(Incident.deleted_at).is_(None),
            or_(col(Incident.title).ilike(pattern, escape="\\"), col(Incident.external_id) == asked),
        )
        .order_by(col(Incident.began_at).desc())
        .limit(SHOWN)
    )
    return [Line(f"{external_id} {title}", link=f"/incidents/{number}") for number, external_id, title in rows]


def _containing(asked: str) -> str:
    for sign in ("\\", "%", "_"):
        asked = asked.replace(sign, f"\\{sign}")
    return f"%{asked}%"
