"""Which of my views do I keep, which do others share, and which one do I see first?"""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.accounts import saved_views
from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.saved_views import own_page, told, views
from ops_console.web.view import render, see_other

pages = Pages("views")
Answer = AnyResponse | tuple[str, int]


@pages.get("/views", access=Access.VIEWER)
def listed() -> str:
    return _page()


def _page(**more: Any) -> str:
    values: dict[str, Any] = {"errors": (), "asked": None, "wrong": None}
    return render("views.html", views=views(), told=told, **values | more)


@pages.post("/views", access=Access.VIEWER)
def save() -> Answer:
    """Keep the page the form stands on, and go back to it."""
    form = request.form
    try:
        address = own_page(form.get("address", ""))
        with write() as session:
            is_shared, person = "shared" in form, account()
            view = saved_views.save(session, person, form.get("name", ""), address, now(), is_shared=is_shared)
            if "landing" in form:
                saved_views.land_on(session, person, view.id)
    except BadInput as error:
        return _page(errors=[("view-name", str(error))], asked=form), 400
    return see_other(address)


@pages.post("/views/<int:view_id>", access=Access.VIEWER)
def change(view_id: int) -> Answer:
    form = request.form
    try:
        with write() as session:
            saved_views.change(session, account(), view_id, form.get("name", ""), is_shared="shared" in form)
    except BadInput as error:
        return _page(errors=[(f"name-{view_id}", str(error))], wrong=(view_id, form)), 400
    return see_other(url_for("views.listed"))


@pages.post("/views/<int:view_id>/delete", access=Access.VIEWER)
def delete(view_id: int) -> Answer:
    with write() as session:
        saved_views.remove(session, account(), view_id)
    return see_other(url_for("views.listed"))


@pages.post("/views/first", access=Access.VIEWER)
def first() -> Answer:
    """The view to see first after signing in; none for the overview."""
    chosen = request.form.get("view", "")
    if chosen and not chosen.isdecimal():
        raise BadInput(f"{chosen[:80]!r} is no view.", remedy="Choose one from the list.")
    with write() as session:
        saved_views.land_on(session, account(), int(chosen) if chosen else None)
    return see_other(url_for("views.listed"))
