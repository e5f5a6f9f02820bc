"""Are we all right, what changed, what needs me?"""

from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filters import filters, scope_choices
from ops_console.web.view import render

pages = Pages("overview", menu="Overview", place=10)


@pages.get("/", access=Access.VIEWER)
def overview() -> str:
    asked = filters()
    with read() as session:
        return render("overview.html", filters=asked, scopes=scope_choices(session))
