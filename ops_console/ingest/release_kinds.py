"""Release, rollback, hotfix or restart: what a release is, seen from what was live before it.

Looked at again: releases that changed, new ones that share their version or roll something back, later releases of
their versions, and whichever went live next after these, unless it brought a version that was new.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.sql.selectable import FromClause
from sqlmodel import Session

from ops_console.contracts.vocabulary import DeploymentKind
from ops_console.ingest.moved import Moved
from ops_console.ingest.rollouts import PARTIAL
from ops_console.ingest.tables import (
    Shape,
    among_told,
    as_json,
    as_told_table,
    deployments,
    releases,
    rewrite_plain,
    told,
)
from ops_console.ingest.windows import SPAN, spans_of

D, R = deployments.c, releases.c
UNSEEN = "a version that was not live before"
NEVER_LIVE = "it has not gone live"
SAME = "the version that was live already"
BACK = "back to a version that was live before the one it replaced"
AGAIN = "live again after it had been replaced"
REMEDY = "it remedies an incident"
TOLD = "told by its source: "
PLACE = ("entry_id", "environment", "version", "live_at")
PLACE_SHAPE: Shape = dict(zip(PLACE, (BigInteger(), Text(), Text(), BigInteger()), strict=True))
DERIVED = ("kind", "kind_reason", "is_first_of_version", "rolls_back_id")


def told_by_source(kind: str) -> str:
    return TOLD + kind


def is_full(told_kind: str | None, live_at: int | None) -> bool:
    """Whether a release made its version the live one."""
    return live_at is not None and told_kind not in PARTIAL


def _is_full(table: FromClause) -> ColumnElement[bool]:
    """The same, in SQL."""
    kind = func.coalesce(table.c.told_kind, "")
    return table.c.live_at.is_not(None) & kind.not_in([str(one) for one in PARTIAL])


def derive_kinds(session: Session, moved: Moved) -> None:
    """Derive kind, first-of-version and rollback target where they may have changed, and write what differs."""
    rows = session.execute(_statement(session.get_bind().dialect.name), _told(moved)).all()
    for row in rows:
        moved.note_turned(row)
    rewrite_plain(session, releases, [{name: row._mapping[name] for name in ("id", *DERIVED)} for row in rows])


def _told(moved: Moved) -> dict[str, str]:
    values: dict[str, Iterable[Any]] = {
        "left": moved.left,
        "written": moved.written,
        "rewritten": moved.written - moved.begun,
        "begun": moved.begun,
        "rejoined": moved.touched - moved.regrouped,
        "spans": spans_of(moved.windows.values()),
        "named": moved.touched | moved.regrouped,
    }
    return {name: as_json(each) for name, each in values.items()}


@cache
def _statement(dialect: str) -> Select[Any]:
    return _differing(_affected(dialect))


def _affected(dialect: str) -> CTE:
    left = as_told_table(dialect, "place_left", PLACE_SHAPE, told("left"))
    unsettled = union(
        select(R.id).where(among_told(R.id, told("rewritten"))),
        select(R.id).where(among_told(R.id, told("begun")), _shares_version()),
    ).cte("unsettled")
    are = select(*(R[name] for name in PLACE)).where(R.id.in_(unsettled.select()), R.live_at.is_not(None))
    at = union_all(are, select(left)).cte("at")
    later = _same_group(at, releases) & (R.version == at.c.version) & (R.live_at >= at.c.live_at)
    rejoined = among_told(D.id, told("rejoined")) & D.release_id.is_not(None)
    changed = union(
        unsettled.select(),
        select(R.id).select_from(at.join(releases, later)),
        select(D.release_id).where(rejoined),
    ).cte("changed")
    beyond = changed.select().where(~among_told(changed.c.id, told("written"))).subquery()
    went_live = select(_neighbour(releases, later=True)).where(R.id.in_(select(beyond.c.id)), R.live_at.is_not(None))
    followed = select(_neighbour(left, later=True)).select_from(left)
    return union(select(changed.c.id), went_live, followed, *_after(dialect), _naming()).cte("affected")


def _shares_version() -> ColumnElement[bool]:
    other = releases.alias()
    same = _same_group(other, releases) & (other.c.version == R.version) & (other.c.id != R.id)
    return select(other.c.id).where(same).correlate(releases).exists()


def _after(dialect: str) -> Iterator[Select[Any]]:
    """What may have gone live next after releases that were written. Of what lies between them, a version that was live
    for the first time is new whatever it replaced.
    """
    span = as_told_table(dialect, "span", SPAN, told("spans"))
    again = (
        _same_group(span, releases)
        & (R.live_at >= span.c.began)
        & (R.live_at <= span.c.ended)
        & R.is_first_of_version.is_(False)
    )
    yield select(R.id).select_from(span.join(releases, again))
    following = releases.alias()
    found = select(following.c.id).where(
        _same_group(following, span), following.c.live_at > span.c.ended, _is_full(following)
    )
    order = (following.c.live_at, following.c.version)
    yield select(found.order_by(*order).limit(1).correlate(span).scalar_subquery()).select_from(span)


def _naming() -> Select[Any]:
    """Releases whose witnesses name a deployment that came in or belongs to another release."""
    target, namer = deployments.alias(), deployments.alias()
    named = target.c.external_id == namer.c.rolls_back
    found = select(namer.c.release_id).select_from(target.join(namer, named))
    return found.where(among_told(target.c.id, told("named")), namer.c.release_id.is_not(None))


def _same_group(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return (one.c.entry_id == other.c.entry_id) & (one.c.environment == other.c.environment)


def _neighbour(origin: FromClause, *, later: bool) -> Any:
    """The release that went live just before or after a place, among those that took the whole traffic."""
    other = releases.alias()
    position, place = tuple_(other.c.live_at, other.c.version), tuple_(origin.c.live_at, origin.c.version)
    beyond = position > place if later else position < place
    # The plain comparison is what the index on live_at serves; the pair settles equal instants.
    within = other.c.live_at >= origin.c.live_at if later else other.c.live_at <= origin.c.live_at
    found = select(other.c.id).where(_same_group(other, origin), within, beyond, _is_full(other)).limit(1)
    columns = (other.c.live_at, other.c.version)
    return found.order_by(*(c if later else c.desc() for c in columns)).correlate(origin).scalar_subquery()


def _differing(affected: CTE) -> Select[Any]:
    """The releases that are something else than is written, with what they are."""
    seen = _with_what_was_live(affected)
    written = (seen.c[name].label(f"written_{name}") for name in DERIVED)
    found = (value.label(name) for name, value in _derived(seen).items())
    own = select(*(seen.c[name] for name in ("id", *PLACE)), *written, *found).cte("derived")
    return select(own).where(or_(*(own.c[f"written_{name}"].is_distinct_from(own.c[name]) for name in DERIVED)))


def _with_what_was_live(affected: CTE) -> CTE:
    """The releases, each with the one it replaced, the instants at which both versions were first live, and the
    release that its witnesses say it rolls back.
    """
    columns = (R[name] for name in ("id", *PLACE, "told_kind", "remediates", *DERIVED))
    first_live = _first_live(releases).label("first_live")
    mine = select(*columns, first_live).where(R.id.in_(select(affected.c.id)))
    alone = mine.cte("alone").prefix_with("MATERIALIZED")
    # All is looked for only where it can say something: most versions are new, and few roll-outs name another.
    before_id = case((_was_live(alone), _neighbour(alone, later=False))).label("before_id")
    own = select(alone, before_id).cte("own").prefix_with("MATERIALIZED")
    before = releases.alias("before")
    names_any = select(D.id).where(D.rolls_back.is_not(None)).exists()
    return (
        select(
            own,
            before.c.version.label("before_version"),
            _first_live(before).label("before_first_live"),
            case((names_any, _named_target(own))).label("target_id"),
        )
        .select_from(own.outerjoin(before, before.c.id == own.c.before_id))
        .cte("seen")
        .prefix_with("MATERIALIZED")
    )


def _first_live(origin: FromClause) -> Any:
    other = releases.alias()
    found = select(func.min(other.c.live_at)).where(
        _same_group(other, origin), other.c.version == origin.c.version, _is_full(other)
    )
    return found.correlate(origin).scalar_subquery()


def _was_live(own: CTE) -> ColumnElement[bool]:
    return own.c.first_live < own.c.live_at


def _named_target(origin: FromClause) -> Any:
    """A deployment of the same source that is named counts first, then one of the same subject."""
    namer, target = deployments.alias(), deployments.alias()
    same_source = target.c.source == namer.c.source
    return (
        select(target.c.release_id)
        .select_from(namer.join(target, target.c.external_id == namer.c.rolls_back))
        .where(
            namer.c.release_id == origin.c.id,
            namer.c.rolls_back.is_not(None),
            target.c.release_id != namer.c.release_id,
            same_source | (target.c.entry_id == namer.c.entry_id),
        )
        .order_by(same_source.desc(), target.c.source, target.c.id)
        .limit(1)
        .correlate(origin)
        .scalar_subquery()
    )


def _derived(seen: CTE) -> dict[str, ColumnElement[Any]]:
    """What a release is: kind and reason are those of the first case that holds."""
    own = seen.c
    remedies = func.coalesce(own.remediates, "") != ""
    planned = case((remedies, DeploymentKind.HOTFIX.value), else_=DeploymentKind.RELEASE.value)
    was_live = _was_live(seen)
    cases: tuple[tuple[ColumnElement[bool], Any, Any], ...] = (
        (own.told_kind.is_not(None), own.told_kind, literal(TOLD) + own.told_kind),
        (own.live_at.is_(None), planned, NEVER_LIVE),
        (own.before_version == own.version, DeploymentKind.RESTART.value, SAME),
        (and_(was_live, own.first_live < own.before_first_live), DeploymentKind.ROLLBACK.value, BACK),
        (was_live, planned, AGAIN),
        (remedies, DeploymentKind.HOTFIX.value, REMEDY),
    )
    kind = case(*((holds, found) for holds, found, _ in cases), else_=DeploymentKind.RELEASE.value)
    replaced = case((and_(kind == DeploymentKind.ROLLBACK.value, own.before_version != own.version), own.before_id))
    return {
        "kind": kind,
        "kind_reason": case(*((holds, reason) for holds, _, reason in cases), else_=UNSEEN),
        "is_first_of_version": and_(_is_full(seen), own.first_live == own.live_at),
        "rolls_back_id": case((own.live_at.is_not(None), func.coalesce(own.target_id, replaced))),
    }
