"""Who may open a page is said on the line that registers it; one guard (`web.auth`) enforces it.

pages = Pages("models", menu="Models", place=30)

@pages.get("/models", access=Access.VIEWER)
def models() -> str: ...
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Flask

from ops_console.accounts.roles import Role
from ops_console.web.operation import Operation

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller needs: nothing, a role, or an API token with a scope."""

    role: Role | None = None
    scope: str | None = None

    PUBLIC: ClassVar["Access"]
    VIEWER: ClassVar["Access"]
    EDITOR: ClassVar["Access"]
    MANAGER: ClassVar["Access"]
    ADMIN: ClassVar["Access"]

    @classmethod
    def token(cls, scope: str) -> "Access":
        """An API token that carries this scope."""
        return cls(scope=scope)

    @property
    def is_public(self) -> bool:
        return self.role is None and self.scope is None


Access.PUBLIC = Access()
Access.VIEWER = Access(Role.VIEWER)
Access.EDITOR = Access(Role.EDITOR)
Access.MANAGER = Access(Role.MANAGER)
Access.ADMIN = Access(Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Route:
    """`max_bytes` is the largest body the page takes, where the usual limit is too small. A route that is not
    `from_our_pages` is posted to by programs, which hold no form token. An `operation` is part of the API.
    """

    rule: str
    method: str
    endpoint: str
    view: View
    access: Access
    max_bytes: int | None = None
    from_our_pages: bool = True
    operation: Operation | None = None


class Pages:
    """The pages of one module. `menu` is its word in the navigation, `place` its order there, `address` where it
    leads: the first page registered, unless said otherwise.
    """

    def __init__(self, name: str, *, menu: str = "", place: int = 0, address: str = "") -> None:
        self.name, self.menu, self.place, self._address = name, menu, place, address
        self.routes: list[Route] = []

    def get(self, rule: str, *, access: Access) -> Callable[[View], View]:
        return self._route("GET", rule, access)

    def post(
        self, rule: str, *, access: Access, max_bytes: int | None = None, from_our_pages: bool = True
    ) -> Callable[[View], View]:
        return self._route("POST", rule, access, max_bytes, from_our_pages and access.scope is None)

    def _route(
        self, method: str, rule: str, access: Access, max_bytes: int | None = None, from_our_pages: bool = True
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            self.add(Route(rule, method, self.endpoint(view), view, access, max_bytes, from_our_pages))
            return view

        return register

    def add(self, route: Route) -> None:
        self.routes.append(route)

    def endpoint(self, view: View) -> str:
        return f"{self.name}.{view.__name__}"

    @property
    def address(self) -> str:
        return self._address or self.routes[0].rule


def register(app: Flask, pages: Pages) -> dict[str, Route]:
    """Give a module's pages to the application; the answer says what the guard needs to know of each."""
    for route in pages.routes:
        app.add_url_rule(route.rule, route.endpoint, route.view, methods=[route.method])
    return {route.endpoint: route for route in pages.routes}
