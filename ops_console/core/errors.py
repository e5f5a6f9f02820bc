"""Errors that carry a sentence for a person: what, where, why, and what to do."""


class OpsConsoleError(Exception):
    """Base of every error the console raises on purpose.

    `remedy` says what the reader can do about it; it is shown beside the message.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadInput(OpsConsoleError):
    """What somebody gave us cannot be used as it is."""


class NotFound(OpsConsoleError):
    """There is no such thing."""


class Misconfigured(OpsConsoleError):
    """A setting is missing or makes no sense."""
