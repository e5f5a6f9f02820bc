"""What teams ask for, and when they have it."""

from collections.abc import Iterator
from typing import Any

from ops_console.contracts.vocabulary import RequestClass
from ops_console.demo import company
from ops_console.demo.story import Batch, Story, hours, poisson, working_moment

REQUESTS_A_WEEK = 3.0
USABLE_HOURS = (24 * 9.0, 0.6)
CANCELLED, COMPLEX = 0.06, 0.2
REQUESTS = ("new endpoint", "feature in the store", "GPU quota", "dashboard for a model", "access to a dataset")
SOURCE = "work-tracker"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("requests", SOURCE, _requests(story))


def _requests(story: Story) -> Iterator[dict[str, Any]]:
    for monday in story.weeks():
        dice = story.dice("requests", monday)
        for number in range(poisson(dice, REQUESTS_A_WEEK)):
            asked = working_moment(story, monday, dice)
            usable = asked + hours(dice, USABLE_HOURS) * (1 + 0.5 * story.trouble(asked))
            cancelled, is_complex = dice.random() < CANCELLED, dice.random() < COMPLEX
            team, what = dice.choice(sorted(set(company.PEOPLE.values()))), dice.choice(REQUESTS)
            if asked >= story.start and story.has_passed(asked):
                ended = story.has_passed(usable)
                yield {
                    "external_id": f"REQ-{monday:%y%m%d}-{number}",
                    "updated_at": usable if ended else asked,
                    "title": f"{what.capitalize()} for {team}",
                    "kind": what,
                    "class": RequestClass.COMPLEX if is_complex else RequestClass.STANDARD,
                    "team": team,
                    "submitted_at": asked,
                    "first_usable_at": usable if ended and not cancelled else None,
                    "done_at": usable if ended and not cancelled else None,
                    "cancelled_at": usable if ended and cancelled else None,
                    "waiting_seconds": dice.randrange(0, 3) * 86_400 if ended else None,
                }
