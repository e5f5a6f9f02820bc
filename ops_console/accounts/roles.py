"""The four roles; each may do what the ones before it may."""

from enum import StrEnum

from ops_console.core.errors import BadInput


class Role(StrEnum):
    VIEWER = "viewer"
    EDITOR = "editor"
    MANAGER = "manager"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


def role(word: str) -> Role:
    """The role a word names."""
    if word not in {*Role}:
        raise BadInput(f"{word!r} is no role.", remedy=f"Use one of {', '.join(Role)}.")
    return Role(word)
