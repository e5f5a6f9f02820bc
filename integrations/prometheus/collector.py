"""Asks Prometheus for objectives, and for every hour of each."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.prometheus.account import Account, account
from integrations.prometheus.api import Prometheus, TooMuch
from integrations.prometheus.expression import HOUR, has_counts, questions
from integrations.prometheus.objectives import DAY, Objective, Rule, objectives, seconds, without_objective
from integrations.prometheus.slices import slices
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup, Told
from ops_console.core.clock import iso, now
from ops_console.core.units import counted

WIDEST = 720
"""Hours asked for at once, where the server is not asked for less: a month, of the 11,000 that an answer may hold."""
SETTLED = timedelta(minutes=10)
"""After its end an hour is left alone for so long: rules are evaluated late, and samples arrive late."""
OVERLAP = timedelta(hours=3)
"""Read again each time: what could not be sent for a while comes later."""
MOST_PREVIEWED = 50
WORDS = {"": "written here"}
NONE = "Write rules with sloth or Pyrra, or name an objective of your own."

State = dict[str, Any]
"""`at` holds how far each objective was read, `hours` how many a server answers at once."""


def check(setup: Setup) -> tuple[str, ...]:
    """Whether rules and queries are answered, and no event twice."""
    here = account(setup.settings)
    with Prometheus(here, setup) as prometheus:
        found = _objectives(prometheus, here)
        _refuse_copies(prometheus, here)
        for each in here.own:
            prometheus.ask(questions(each.expression, each.range).total, f"all events of {each.name}")
    counts = Counter(WORDS.get(each.teller, f"of {each.teller}") for each in found)
    told = ", ".join(f"{count} {words}" for words, count in sorted(counts.items()))
    return (f"Objectives can be read: {told}.", "Queries are answered.")


def discover(setup: Setup, since: datetime) -> Discovery:
    """The objectives, on how many days there is something of them, and what stands in the way of counting."""
    here = account({**setup.settings, "objectives": None})
    with Prometheus(here, setup) as prometheus:
        kept = _kept(prometheus)
        told = _objectives(prometheus, here)[:MOST_PREVIEWED]
        days = {each.id: _days(prometheus, each, since) for each in told}
        without = without_objective(_rules(prometheus))
    lines = [f"{counted(len(days), 'objectives')}."]
    known = [min(each) for each in days.values() if each]
    if known:
        lines.append(f"History starts on {datetime.fromtimestamp(min(known), UTC):%d %B %Y}.")
    if kept is not None:
        lines.append(f"Prometheus keeps {kept.days} days; what is read before that stays here.")
    lines += [f"The rules name no objective of {name} that could be missed; it is left out." for name in without]
    lines += [f"Of {each.name} nothing is there." for each in told if not days[each.id]]
    lines += [
        f"{each.name} has no counts: every five minutes count equally."
        for each in told
        if not has_counts(each.expression)
    ]
    found = tuple(Found(each.id, len(days[each.id]), suggested=True) for each in told if each.teller)
    asked = Question("objectives", "Which objectives count?", "days", found)
    return Discovery(tuple(lines), (asked,) if found else ())


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """The objectives, then their hours. One that cannot be read does not keep the others from being read."""
    here, trouble = account(setup.settings), None
    state: State = {"at": {}, "hours": WIDEST, **deepcopy(dict(cursor))}
    with Prometheus(here, setup) as prometheus:
        found = _objectives(prometheus, here)
        kept = _kept(prometheus)
        begin = _next_hour(since if kept is None else max(since, now() - kept))
        end = _hour(now() - SETTLED)
        days = max(1, (end - begin).days)
        yield Page([each.fact() for each in found], deepcopy(state), 0, len(found) * days)
        for number, each in enumerate(found):
            try:
                for told, reached in _walk(prometheus, each, state, begin, end):
                    walked = min(days, max(0, (reached - begin).days))
                    yield Page(told, deepcopy(state), number * days + walked, len(found) * days)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble


def _walk(
    prometheus: Prometheus, objective: Objective, state: State, begin: datetime, end: datetime
) -> Iterator[tuple[Sequence[Told], datetime]]:
    """Hours from where the objective was left; fewer at once where the server could not answer, and then more again."""
    last = state["at"].get(objective.id)
    at = begin if last is None else max(begin, datetime.fromisoformat(last) - OVERLAP)
    while at < end:
        hours = state["hours"]
        until = min(at + hours * timedelta(seconds=HOUR), end)
        try:
            told = slices(prometheus, objective, at, until)
        except TooMuch:
            if hours == 1:
                raise
            state["hours"] = hours // 2
            continue
        except Unavailable as error:
            if error.retry_after is None:
                state["hours"] = max(1, hours // 2)
                yield (), at
            raise
        at, state["hours"] = until, min(WIDEST, hours * 2)
        state["at"][objective.id] = iso(at)
        yield told, at


def _objectives(prometheus: Prometheus, here: Account) -> list[Objective]:
    told = objectives(_rules(prometheus), here.model_label, here.service_label)
    own = {each.id for each in here.own}
    counted = [each for each in told if here.counted is None or each.id in here.counted]
    found = [*here.own, *(each for each in counted if each.id not in own)]
    if not found:
        raise Rejected("There is no objective: the rules tell of none, and none is written here.", remedy=NONE)
    return found


def _rules(prometheus: Prometheus) -> Sequence[Rule]:
    return prometheus.read("rules", "the rules").get("groups") or ()


def _refuse_copies(prometheus: Prometheus, here: Account) -> None:
    """A server that tells each series of a pair counts every event twice."""
    label = here.replica_label
    if not label:
        return
    found = prometheus.ask(f"count by ({label}) (up)", "the copies")
    names = sorted({each[label] for each in found if each.get(label)})
    if len(names) > 1:
        raise Rejected(
            f"Every series is there {len(names)} times, by {label}: {', '.join(names)[:200]}.",
            remedy="Ask an address that tells each once, such as Thanos Query or Mimir, or one of the copies alone.",
        )


def _kept(prometheus: Prometheus) -> timedelta | None:
    """For how long this server keeps what it saw, where it says so: `15d`, or `15d or 10GiB`."""
    data = prometheus.found("status/runtimeinfo", "how long it keeps data")
    said = str(data.get("storageRetention") or "").split(" ")[0]
    length = seconds(said)
    return timedelta(seconds=length) if length else None


def _days(prometheus: Prometheus, objective: Objective, since: datetime) -> list[int]:
    """The days on which there was something; an hour of each is looked at."""
    asked = questions(objective.expression, objective.range).total
    begin, end = (_hour(at).replace(hour=0) for at in (since, now()))
    return list(prometheus.hours(asked, f"all events of {objective.name}", begin, end, DAY))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _next_hour(at: datetime) -> datetime:
    return at if at == _hour(at) else _hour(at) + timedelta(hours=1)
