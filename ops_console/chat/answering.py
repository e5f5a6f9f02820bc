"""Answers every call that waits: who asked, what is done, what is said."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.chat import actions, cards, desk, incidents, timeline
from ops_console.chat.desk import Taken
from ops_console.chat.work import Answer, Asked, Caller, Said, Shown, Work
from ops_console.contracts.commands import WORDS, Call, Commands, Line, What
from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.contracts.office import Office
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import Settings

LASTS = timedelta(minutes=25)
"""How long an answer is tried for; chat tools take none later than half an hour after the question."""
STRANGER = "Your account here belongs to nobody who signs in to the console. Ask an administrator to add your address."
BROKEN = "Something broke in the console; its log says more."
HELP = {
    "/ops incident": "open an incident in a form",
    "/ops incident ranker SEV2 Answers are slow": "open one at once",
    "/ops action": "what you owe",
    "/ops action add Add an alert on feature age": "promise one, in a form",
    "/ops action done 12 https://example.com/proof": "finish one, with what proves it",
    "“Add to timeline”, a shortcut of a message": "put it on the timeline of an incident, with its link",
}
Handler = Callable[[Work, str], Answer]

log = structlog.get_logger()


def answer_waiting(office: Office) -> int:
    """Answer everything that waits; how many calls."""
    count = 0
    while (taken := desk.take(office.engine)) is not None:
        count += 1
        if not _answered(office, taken):
            break  # it stays taken, and is tried again after a while
    return count


def _answered(office: Office, taken: Taken) -> bool:
    """Whether the call is over, well or not."""
    tool = office.parts.commands.get(taken.integration)
    if tool is None:
        desk.end(office.engine, taken.number, desk.FAILED, f"{taken.integration} is no longer part of this console.")
        return True
    try:
        _tell(tool, taken.call, _decided(office, taken, tool), office.settings)
    except Unavailable as error:
        if now() - taken.received_at < LASTS:
            return False
        desk.end(office.engine, taken.number, desk.FAILED, str(error))
    except OpsConsoleError as error:
        _failed(office, taken, tool, error, str(error))
    except Exception as error:  # noqa: BLE001  (one call that breaks must not hold up the others; the log keeps it)
        _failed(office, taken, tool, error, BROKEN)
    else:
        desk.end(office.engine, taken.number, desk.ANSWERED)
    return True


def _failed(office: Office, taken: Taken, tool: Commands, error: Exception, words: str) -> None:
    """Said if it can be, and kept with the reason in any case."""
    why, is_ours = f"{type(error).__name__}: {error}"[:2000], isinstance(error, OpsConsoleError)
    log.warning("call cannot be answered", call=taken.number, why=why if is_ours else "", exc_info=not is_ours)
    desk.end(office.engine, taken.number, desk.FAILED, why)
    if taken.call.what is not What.SHARED and not isinstance(error, Unclear):
        with suppress(OpsConsoleError):
            tool.say(taken.call, [Line(words), *_what_was_written(taken.call)], office.settings)


def _decided(office: Office, taken: Taken, tool: Commands) -> Answer:
    if taken.outcome is not None:
        return Said(taken.outcome)
    call = taken.call
    caller = _caller(office, tool.address_of(call, office.settings))
    if caller is None:
        return Shown() if call.what is What.SHARED else Said([Line(STRANGER)])
    place = (office.engine, tool, office.settings, taken.number, taken.integration, call, taken.received_at)
    try:
        return _done(Work(*place, caller))
    except (Unavailable, Unclear, Rejected):
        raise
    except OpsConsoleError as error:
        return Said([Line(str(error)), *_what_was_written(call)])


def _caller(office: Office, address: str) -> Caller | None:
    if not address:
        return None
    with reading(office.engine) as session:
        found = people.find(session, address)
    return None if found is None or found.disabled_at is not None else Caller(found.email, Role(found.role))


def _done(work: Work) -> Answer:
    match work.call.what:
        case What.COMMAND:
            word, _, rest = work.call.said.get(WORDS, "").strip().partition(" ")
            return COMMANDS.get(word.lower(), _help)(work, rest.strip())
        case What.FORM:
            return FORMS[work.call.form](work, "")
        case What.MESSAGE:
            return timeline.choose(work)
        case What.SHARED:
            return cards.unfolded(work)


def _help(_work: Work, _rest: str) -> Answer:
    return Said([Line(f"{words}: {does}") for words, does in HELP.items()])


def _what_was_written(call: Call) -> Sequence[Line]:
    """A form that was sent is closed: what was written into it is given back."""
    return [Line(f"{name.replace('_', ' ').capitalize()}: {text}") for name, text in call.said.items() if call.form]


def _tell(tool: Commands, call: Call, answer: Answer, settings: Settings) -> None:
    match answer:
        case Said(lines):
            tool.say(call, lines, settings)
        case Asked(form):
            tool.ask(call, form, settings)
        case Shown(found) if found:
            tool.show(call, found, settings)


COMMANDS: Mapping[str, Handler] = {"incident": incidents.command, "action": actions.command}
FORMS: Mapping[str, Handler] = {
    incidents.FORM: incidents.filled,
    actions.FORM: actions.filled,
    timeline.FORM: timeline.filled,
}
