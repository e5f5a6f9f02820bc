"""Which stretch of which subject's history must be concluded again: from what was touched, widened until no roll-out
reaches over its edge. The work is as large as what changed, however long the history.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import CTE, BigInteger, Column, ColumnElement, Text, and_, func, or_, select
from sqlmodel import Session

from ops_console.ingest.rollouts import APART, HOUR, LONGEST, Seen, seen_in, shas_of
from ops_console.ingest.shapes import Columns
from ops_console.ingest.tables import Shape, among, as_table, chunks, deployments, new_numbers, releases

Group = tuple[int, str]
FAR = 2 * APART
"""What belongs to a roll-out lies within a day of it; what tells its version, within a day of that."""
MARGIN = FAR + 12 * HOUR
"""What is loaded beyond a window: enough for most roll-outs, so that few windows are loaded twice."""
D = deployments.c
_MOMENTS = (D.finished_at, D.started_at, D.approved_at, D.requested_at, D.updated_at)
SPAN: Shape = {"entry_id": BigInteger(), "environment": Text(), "began": BigInteger(), "ended": BigInteger()}
MOMENT: ColumnElement[int] = func.coalesce(*_MOMENTS)
"""As in `records.deployments.MOMENT`, which an index serves."""
_moments = itemgetter(*(column.name for column in _MOMENTS))

_COLUMNS = (
    D.id,
    D.release_id,
    D.entry_id,
    D.environment,
    D.source,
    D.external_id,
    D.version,
    D.git_sha,
    D.status,
    D.kind,
    D.strategy,
    D.traffic_percent,
    D.ready_at,
    D.requested_at,
    D.approved_at,
    D.started_at,
    MOMENT.label("ended"),
    D.rolls_back,
    D.remediates,
    D.url,
)
_as_seen = itemgetter(*(column.name for column in _COLUMNS))


@dataclass(slots=True)
class Window:
    """One subject in one environment between two instants (both included), and the deployments that ended there."""

    group: Group
    began: int
    ended: int
    inside: list[Seen] = field(default_factory=list)
    earliest: int | None = None
    """When the first roll-out inside began, once that is known to lie before the window."""

    @property
    def loaded(self) -> tuple[int, int]:
        """From where to where deployments must be known to tell whether the window is wide enough."""
        began = self.began if self.earliest is None else min(self.began, self.earliest)
        return began - MARGIN, self.ended + MARGIN

    def widen(self, began: int, ended: int) -> None:
        self.began, self.ended = min(self.began, began), max(self.ended, ended)


class Former(NamedTuple):
    """What a deployment was called and said to mend, before it was told otherwise."""

    entry_id: int
    version: str
    git_sha: str | None
    remediates: str | None


def renamed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Former]:
    """What a deployment was before, if that is something else."""
    was, is_now = (Former(*(row[name] for name in Former._fields)) for row in (before, now))
    return [was] if was != is_now else []


@dataclass(slots=True)
class Touch:
    """What a batch touched: windows to conclude again, and the places its deployments had before."""

    windows: dict[Group, Window] = field(default_factory=dict)
    deployments: set[int] = field(default_factory=set)
    placed: dict[int, int] = field(default_factory=dict)
    """Release by deployment, as it was, of the deployments of the batch."""
    arriving: dict[int, Columns] = field(default_factory=dict)
    """Rows still to be inserted, by the number that each will have."""
    renamed: Sequence[Former] = ()

    def add(self, group: Group, began: int, ended: int) -> None:
        if group in self.windows:
            self.windows[group].widen(began, ended)
        else:
            self.windows[group] = Window(group, began, ended)


def touched_by(
    session: Session, external_ids: Collection[str], arriving: Sequence[Columns] = (), renamed: Sequence[Former] = ()
) -> Touch:
    """The places of some deployments, as they are and as they were, and of such as are still to be inserted."""
    touch = _touch(session, D.external_id, external_ids)
    touch.renamed = renamed
    for number, row in zip(new_numbers(session, deployments, len(arriving)), arriving, strict=True):
        moment = next((at for at in _moments(row) if at is not None), None)
        row |= {"id": number, "release_id": None, "ended": moment}
        touch.arriving[number] = row
        touch.deployments.add(number)
        if moment is not None:
            touch.add((row["entry_id"], row["environment"]), moment, moment)
    return touch


def touched_entries(session: Session, entry_ids: Collection[int]) -> Touch:
    """The places of everything that some entries ever deployed."""
    return _touch(session, D.entry_id, entry_ids)


def _touch(session: Session, named: Column[Any], names: Collection[Any]) -> Touch:
    touch = Touch()
    columns = (D.id, D.entry_id, D.environment, D.release_id, MOMENT.label("moment"))
    for part in chunks(sorted(names)):
        rows = session.execute(select(*columns).where(among(named, part))).all()
        for number, entry, environment, release, moment in rows:
            touch.deployments.add(number)
            if moment is not None:
                touch.add((entry, environment), moment, moment)
            if release is not None:
                touch.placed[number] = release
    _add_releases(session, touch, set(touch.placed.values()))
    return touch


def _add_releases(session: Session, touch: Touch, release_ids: Iterable[int]) -> None:
    r = releases.c
    for part in chunks(sorted(release_ids)):
        rows = session.execute(select(r.entry_id, r.environment, r.first_at, r.last_at).where(among(r.id, part)))
        for entry, environment, first, last in rows:
            touch.add((entry, environment), first, last)


def as_spans(session: Session, windows: Iterable[Window]) -> CTE:
    """The windows as a table to join: one statement serves all subjects."""
    return as_table(session, "span", SPAN, spans_of(windows))


def spans_of(windows: Iterable[Window]) -> Iterator[tuple[int, str, int, int]]:
    """The rows of that table."""
    return ((*window.group, window.began, window.ended) for window in windows)


def fill(session: Session, touch: Touch) -> None:
    """Load what lies in the windows, widening each until nothing outside belongs to a roll-out inside."""
    open_windows, arriving = list(touch.windows.values()), _arriving(touch)
    while open_windows:
        near = _near(session, open_windows)
        open_windows = [w for w in open_windows if not _settle(w, near[w.group] + arriving[w.group])]


def _arriving(touch: Touch) -> dict[Group, list[Seen]]:
    found: dict[Group, list[Seen]] = defaultdict(list)
    for row in touch.arriving.values():
        if row["ended"] is not None and row["deleted_at"] is None:
            found[row["entry_id"], row["environment"]].append(seen_in(_as_seen(row)))
    return found


def _near(session: Session, windows: Iterable[Window]) -> dict[Group, list[Seen]]:
    found: dict[Group, list[Seen]] = defaultdict(list)
    for part in chunks(windows):
        span = as_table(session, "span", SPAN, ((*window.group, *window.loaded) for window in part))
        statement = select(*_COLUMNS).select_from(span.join(deployments, _is_near(span)))
        for row in session.execute(statement).all():
            seen = seen_in(row)
            found[seen.entry_id, seen.environment].append(seen)
    return found


def _is_near(span: CTE) -> Any:
    return and_(
        D.entry_id == span.c.entry_id,
        D.environment == span.c.environment,
        span.c.began <= MOMENT,
        span.c.ended + LONGEST >= MOMENT,
        or_(span.c.ended >= MOMENT, D.started_at <= span.c.ended),
        D.deleted_at.is_(None),
    )


def _settle(window: Window, near: list[Seen]) -> bool:
    """Widen the window over what is near; True when nothing beyond what was loaded could belong to it."""
    loaded_from, loaded_to = window.loaded
    while True:
        inside: list[Seen] = []
        beyond: list[Seen] = []
        for seen in near:
            (inside if window.began <= seen.ended <= window.ended else beyond).append(seen)
        joined = _joined(inside, beyond)
        if not joined:
            break
        window.widen(min(seen.ended for seen in joined), max(seen.ended for seen in joined))
    window.inside = inside
    window.earliest = min((seen.began for seen in inside), default=window.began)
    return min(window.earliest, window.began) - FAR >= loaded_from and window.ended + FAR <= loaded_to


def _joined(inside: list[Seen], beyond: list[Seen]) -> list[Seen]:
    """What may belong to a roll-out inside: its version or commit, or one that goes with it, is rolled out nearby."""
    if _names(inside).isdisjoint(_names(beyond)):
        return []
    kin = _kin([*inside, *beyond])
    reach: dict[str, tuple[int, int]] = {}
    for seen in inside:
        began, ended = reach.get(kin[seen.version], (seen.began, seen.ended))
        reach[kin[seen.version]] = min(began, seen.began), max(ended, seen.ended)
    return [seen for seen in beyond if _is_within(seen, reach.get(kin[seen.version]))]


def _names(deployments: Iterable[Seen]) -> set[str]:
    return {name for seen in deployments for name in shas_of(seen)}


def _kin(deployments: Iterable[Seen]) -> dict[str, str]:
    """For each version and commit the one that stands for all that go with it, because a deployment bears both."""
    stands: dict[str, str] = {}

    def first(name: str) -> str:
        while (other := stands.setdefault(name, name)) != name:
            name = other
        return name

    for seen in deployments:
        version = first(seen.version)
        if seen.git_sha:
            stands[first(seen.git_sha)] = version
    return {name: first(name) for name in stands}


def _is_within(seen: Seen, reach: tuple[int, int] | None) -> bool:
    return reach is not None and seen.began <= reach[1] + APART and seen.ended >= reach[0] - APART
