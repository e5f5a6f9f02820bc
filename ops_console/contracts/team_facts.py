"""Facts of the team and the people it serves: requests, initiatives, toil, capacity, positions, skills."""

from typing import Annotated, ClassVar

from pydantic import Field, create_model

from ops_console.contracts.fact import Day, Fact, Happened, HappenedOn, Instant, Integer, Name, Number, Text
from ops_console.contracts.times import NOTHING, Stretch
from ops_console.contracts.vocabulary import InitiativeStatus, RequestClass


class _Request(Fact):
    """Something a team asked for. It is answered when the first usable thing is in its hands, not when the ticket is
    closed. `waiting_seconds` is the time it lay with the requester.
    """

    kind_of_fact: ClassVar[str] = "requests"
    stretches = (
        Stretch(("submitted_at",), ("accepted_at", "first_usable_at", "done_at", "cancelled_at"), is_kept=True),
    )

    title: Text
    kind: Name | None = None
    team: Name | None = None
    submitted_at: Happened
    accepted_at: Happened | None = None
    first_usable_at: Happened | None = None
    done_at: Happened | None = None
    cancelled_at: Happened | None = None
    waiting_seconds: Annotated[Number, Field(ge=0)] | None = None


RequestFact = create_model(
    "RequestFact",
    __base__=_Request,
    __doc__=_Request.__doc__,
    **{"class": (RequestClass | None, None)},  # type: ignore[call-overload]  # a column named as producers name it
)


class InitiativeFact(Fact):
    """A piece of improvement work, and the metric it was meant to move, before and after."""

    kind_of_fact = "initiatives"

    title: Text
    category: Name
    status: InitiativeStatus
    owner: Name | None = None
    delivered_at: Happened | None = None
    metric: Name | None = None
    before: Number | None = None
    after: Number | None = None
    measured_at: Happened | None = None


class ToilFact(Fact):
    """Manual, repetitive work of one person on one day. Seen by that person and the manager; pages show sums."""

    kind_of_fact = "toil"

    person: Name
    date: HappenedOn
    minutes: Annotated[Integer, Field(ge=0, le=1440)]
    category: Name
    flow: Name | None = None


class CapacityFact(Fact):
    """The hours one person can work between two days, both included: contract less leave and holidays."""

    kind_of_fact = "capacity"
    stretches = (Stretch(("starts_on",), ("ends_on",), NOTHING),)

    person: Name
    starts_on: Day
    ends_on: Day
    hours: Annotated[Number, Field(ge=0)]


class PositionFact(Fact):
    """A planned position, and when it was filled."""

    kind_of_fact = "positions"

    title: Name
    team: Name | None = None
    planned_at: Instant
    filled_at: Happened | None = None
    cancelled_at: Happened | None = None


class SkillFact(Fact):
    """How well one person masters a skill, and how well the team needs it. Pages show the team, never a person."""

    kind_of_fact = "skills"

    person: Name
    skill: Name
    team: Name | None = None
    level: Annotated[Integer, Field(ge=0, le=10)]
    target: Annotated[Integer, Field(ge=0, le=10)]
    assessed_on: HappenedOn
