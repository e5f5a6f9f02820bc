"""What one request has found out already."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import g

T = TypeVar("T")


def remember(name: str, find: Callable[[], T]) -> T:
    """The answer of `find`, asked once per request."""
    if name not in g:
        setattr(g, name, find())
    return cast(T, g.get(name))


def forget(name: str) -> None:
    g.pop(name, None)
