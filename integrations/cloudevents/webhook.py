"""What senders of CDEvents send: https://cdevents.dev/docs/cloudevents-binding/

Binary, structured and batched CloudEvents; each event is kept, and those that say something counted are read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.cloudevents import events
from integrations.cloudevents.readings import READINGS, WHY_NOT
from integrations.cloudevents.rules import Rules, rules
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import credential, is_secret, is_signed_standard
from ops_console.contracts.sources import Arrival, Ignored, Note, Setup, Told

SIGNATURE = "webhook-signature"


def check(setup: Setup) -> tuple[str, ...]:
    found = rules(setup.settings)
    production = ", ".join(sorted({"production", *found.production}))
    return (f"Production is {production}.", f"Pipelines whose flow is known: {len(found.flows)}.")


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    return events.arrival(headers, body)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """A signature where there is one, else a token."""
    if SIGNATURE in headers:
        if not is_signed_standard(headers, body, secrets, now):
            remedy = "Sender and source must share the secret, and their clocks the time."
            raise Rejected("The signature is wrong, or older than five minutes.", remedy=remedy)
    elif not is_secret(credential(headers.get("authorization", "")), secrets):
        raise Rejected("The delivery is not signed and has no token of this source.", remedy="Send it as Bearer token.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told | Note]:
    """Of a batch, what says nothing or cannot be read stands in the way of nothing else."""
    here, held = rules(settings), events.said_in(body)
    if len(held) == 1:
        return [_read(held[0], event, here)]
    found = [_read_or_noted(said, event, here) for said in held]
    told = [each for each in found if isinstance(each, Told)]
    notes = list(dict.fromkeys(each for each in found if isinstance(each, Note)))
    if not told and not any(each.is_trouble for each in notes):
        raise Ignored(" ".join(each.words for each in notes) or "It holds no event.")
    return [*told, *notes]


def _read_or_noted(said: Any, event: str, here: Rules) -> Told | Note:
    try:
        return _read(said, event, here)
    except Ignored as error:
        return Note(str(error))
    except Rejected as error:
        return Note(str(error), is_trouble=True)


def _read(said: Any, event: str, here: Rules) -> Told:
    kind = events.type_of(said) or event
    name = events.name_of(kind)
    reading = READINGS.get(name)
    if reading is None:
        raise Ignored(WHY_NOT.get(name, f"{kind[:100]} says nothing that is counted."))
    try:
        return reading(events.event(said), here)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"{name} lacks what it should have: {type(error).__name__} {error}.") from error
