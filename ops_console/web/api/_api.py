"""Operations of the API: registered as pages are, with a signature that says what they take and answer."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from ops_console.web.access import Access, Pages, Route, View
from ops_console.web.api._answer import rendered
from ops_console.web.operation import Number, Operation, Variable, asked, operation_of

Register = Callable[[View], View]


class Api(Pages):
    """The operations of one module, under one heading of the description."""

    def __init__(self, name: str, tag: str, **variables: Variable | Number) -> None:
        super().__init__(name)
        self.tag, self.variables = tag, variables

    def get(self, rule: str, *, access: Access) -> Register:
        """`def view(key: str, asked: SomeQuery) -> Answer[SomeBody]`, both arguments where there are any."""
        return self._operation("GET", rule, access)

    def send(
        self,
        rule: str,
        *,
        access: Access,
        bodies: Mapping[str, type[BaseModel]],
        statuses: Mapping[int, str],
        problems: tuple[int, ...],
        max_bytes: int,
    ) -> Register:
        """POST of rows."""
        more = {"bodies": bodies, "statuses": statuses, "problems": problems}
        return self._operation("POST", rule, access, max_bytes, **more)

    def _operation(self, method: str, rule: str, access: Access, max_bytes: int | None = None, **more: Any) -> Register:
        def register(view: View) -> View:
            named = {name: each for name, each in self.variables.items() if f"<{name}>" in rule}
            operation = operation_of(view, self.tag, variables=named, **more)
            self.add(
                Route(
                    rule,
                    method,
                    self.endpoint(view),
                    _answering(view, operation),
                    access,
                    max_bytes,
                    from_our_pages=False,
                    operation=operation,
                )
            )
            return view

        return register


def _answering(view: View, operation: Operation) -> View:
    @functools.wraps(view)
    def answering(**parts: str) -> Response:
        named = {name: operation.variables[name].read(value) for name, value in parts.items()}
        query = asked(operation.query, request.args)
        return rendered(view(**named, **({"asked": query} if operation.query.model_fields else {})))

    return answering
