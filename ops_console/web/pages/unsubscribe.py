"""The link in each mail that stops further ones: no sign-in, one press, also by the mail program itself (RFC 8058)."""

from ops_console.core.clock import now
from ops_console.reporting.delivery import opt_out
from ops_console.reporting.reminding import opt_out_of_reminders
from ops_console.web.access import Access, Pages
from ops_console.web.database import write
from ops_console.web.view import render

pages = Pages("unsubscribe")


@pages.get("/reports/unsubscribe/<delivery>", access=Access.PUBLIC)
def ask(delivery: str) -> str:  # noqa: ARG001  (named by the address)
    """Asks for one press: programs that check links in mail open addresses too."""
    return render("unsubscribe.html", recipient="")


@pages.post("/reports/unsubscribe/<delivery>", access=Access.PUBLIC, from_our_pages=False)
def stop(delivery: str) -> str:
    with write() as session:
        recipient = opt_out_of_reminders(session, delivery, now()) or opt_out(session, delivery)
    return render("unsubscribe.html", recipient=recipient)
