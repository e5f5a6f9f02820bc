"""What Slack sends: commands, interactions and events, as calls.

https://docs.slack.dev/interactivity/implementing-slash-commands, /reference/interaction-payloads, /reference/events
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ops_console.contracts.commands import LINKS, WORDS, Call, Heard, What
from ops_console.contracts.integration import Rejected

Body = Mapping[str, Any]
RETRIES = "x-slack-retry-num"
NOTHING = Heard(None)
SHORTCUT = "add_to_timeline"
LONGEST = 1200
"""Letters of a message that are carried through a form, of the 3000 Slack carries in all."""


def heard(headers: Mapping[str, str], body: bytes) -> Heard:
    """`Rejected` where it cannot be read; what says nothing to us is answered with success."""
    again = headers.get(RETRIES, "0")
    try:
        found = _read(headers, body)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The request lacks what it should have: {type(error).__name__}.") from None
    return Heard(found.call, found.answer, int(again) if again.isascii() and again.isdecimal() else 0)


def _read(headers: Mapping[str, str], body: bytes) -> Heard:
    if headers.get("content-type", "").startswith("application/json"):
        said = json.loads(body)
        return EVENTS.get(said["type"], _nothing)(said)
    fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    if "payload" in fields:
        said = json.loads(fields["payload"])
        return INTERACTIONS.get(said["type"], _nothing)(said)
    return _command(fields) if "command" in fields else NOTHING


def _nothing(_said: Body) -> Heard:
    return NOTHING


def _command(said: Mapping[str, str]) -> Heard:
    trigger = said["trigger_id"]
    words = {WORDS: said.get("text", "")}
    return Heard(
        Call(_id("command", trigger), What.COMMAND, said["user_id"], said["response_url"], trigger, said=words)
    )


def _message(said: Body) -> Heard:
    if said["callback_id"] != SHORTCUT:
        return NOTHING
    message, trigger = said["message"], said["trigger_id"]
    about = {"channel": said["channel"]["id"], "ts": message["ts"], "text": (message.get("text") or "")[:LONGEST]}
    caller, reply = said["user"]["id"], said["response_url"]
    return Heard(Call(_id("message", trigger), What.MESSAGE, caller, reply, trigger, said=about))


def _form(said: Body) -> Heard:
    """A form is sent once, however often its button is pressed."""
    view = said["view"]
    kept = json.loads(view["private_metadata"])
    values = {name: _value(*held.values()) for name, held in view["state"]["values"].items()}
    return Heard(
        Call(
            _id("form", view["id"]),
            What.FORM,
            said["user"]["id"],
            kept["reply"],
            form=view["callback_id"],
            said=values,
            carried=kept["carried"],
        )
    )


def _value(held: Body) -> str:
    chosen = held.get("selected_option") or {}
    return str(held.get("value") or held.get("selected_date") or chosen.get("value") or "")


def _challenge(said: Body) -> Heard:
    return Heard(None, {"challenge": said["challenge"]})


def _event(said: Body) -> Heard:
    """Shared links. A channel shared with another company is told nothing."""
    event = said["event"]
    if event["type"] != "link_shared" or said.get("is_ext_shared_channel"):
        return NOTHING
    if event.get("unfurl_id") and event.get("source"):
        place = {"unfurl_id": event["unfurl_id"], "source": event["source"]}
    else:
        place = {"channel": event["channel"], "ts": event["message_ts"]}
    links = {LINKS: "\n".join(link["url"] for link in event["links"])}
    return Heard(Call(_id("event", said["event_id"]), What.SHARED, event["user"], json.dumps(place), said=links))


def _id(kind: str, name: str) -> str:
    """Short, and telling nothing: a trigger would open a form before somebody."""
    return hashlib.sha256(f"{kind} {name}".encode()).hexdigest()


Reading = Callable[[Body], Heard]
EVENTS: Mapping[str, Reading] = {"url_verification": _challenge, "event_callback": _event}
INTERACTIONS: Mapping[str, Reading] = {"message_action": _message, "view_submission": _form}
