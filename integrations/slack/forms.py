"""Forms as modals: https://docs.slack.dev/surfaces/modals"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from integrations.slack.blocks import context, escape, section
from ops_console.contracts.commands import Blank, Call, Card, Form, Line, Look

Json = dict[str, Any]
METADATA = 3000
"""What a modal carries at most."""


def modal(form: Form, call: Call) -> Json:
    return {
        "type": "modal",
        "callback_id": form.name,
        "title": _plain(form.title),
        "submit": _plain(form.send),
        "close": _plain("Cancel"),
        "private_metadata": _kept(call.reply, dict(form.carried)),
        "blocks": [_block(blank) for blank in form.blanks],
    }


def answer(lines: tuple[Line, ...]) -> str:
    return "\n".join(f"<{line.link}|{escape(line.text)}>" if line.link else escape(line.text) for line in lines)


def card(told: Card, address: str) -> Json:
    words = [escape(line) for line in told.lines]
    return {"blocks": [section(f"*<{address}|{escape(told.title)}>*"), context(", ".join(words))]}


def _kept(reply: str, carried: dict[str, str]) -> str:
    """A long text is carried as far as it goes; its link leads to the rest."""
    while len(kept := json.dumps({"reply": reply, "carried": carried}, ensure_ascii=False)) > METADATA:
        carried["text"] = carried["text"][: -(len(kept) - METADATA)]
    return kept


def _block(blank: Blank) -> Json:
    block = {
        "type": "input",
        "block_id": blank.name,
        "label": _plain(blank.label),
        "optional": not blank.is_required,
        "element": {"action_id": "value", **ELEMENTS[blank.look](blank)},
    }
    return block | ({"hint": _plain(blank.hint)} if blank.hint else {})


def _line(blank: Blank) -> Json:
    text = {"type": "plain_text_input", "multiline": blank.look is Look.TEXT}
    return text | ({"initial_value": blank.value} if blank.value else {})


def _day(blank: Blank) -> Json:
    return {"type": "datepicker"} | ({"initial_date": blank.value} if blank.value else {})


def _choice(blank: Blank) -> Json:
    options = [{"text": _plain(words), "value": value} for value, words in blank.options]
    first = next((option for option in options if option["value"] == blank.value), None)
    return {"type": "static_select", "options": options} | ({"initial_option": first} if first else {})


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


ELEMENTS: Mapping[Look, Callable[[Blank], Json]] = {
    Look.LINE: _line,
    Look.TEXT: _line,
    Look.DAY: _day,
    Look.CHOICE: _choice,
}
