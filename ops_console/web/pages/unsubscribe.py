"""The link in each mail that stops further ones: no sign-in, one press, also by the mail program itself (RFC 8058)."""

from flask import request

from ops_console.core.clock import now
from ops_console.practices.owed import SUBJECTS
from ops_console.reporting.delivery import opt_out
from ops_console.reporting.reminding import opt_out_of_reminders
from ops_console.web.access import Access, Pages
from ops_console.web.database import write
from ops_console.web.view import render

pages = Pages("unsubscribe")


@pages.get("/reports/unsubscribe/<delivery>", access=Access.PUBLIC)
def ask(delivery: str) -> str:
    """Asks for one press: programs that check links in mail open addresses too."""
    return _page(delivery)


@pages.post("/reports/unsubscribe/<delivery>", access=Access.PUBLIC, from_our_pages=False)
def stop(delivery: str) -> str:
    with write() as session:
        kind = request.form.get("kind", "")
        recipient = opt_out_of_reminders(session, delivery, now(), kind) or opt_out(session, delivery)
    return _page(delivery, recipient, kind if kind in SUBJECTS else "")


def _page(delivery: str, recipient: str = "", kind: str = "") -> str:
    kinds = SUBJECTS if delivery.startswith("reminder-") else ()
    return render("unsubscribe.html", recipient=recipient, kind=kind, kinds=kinds)
