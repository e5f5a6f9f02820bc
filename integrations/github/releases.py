"""Published releases as deployments: to production where somebody said so, else to an environment of their own that
nothing counts.

What is said of them is said by asking. A webhook tells neither the commit of a release nor when it was changed, so that
of two of them nobody knows which came first. And a draft may be published, a tag moved or a release taken back long
after it was made: all of them are looked at each time, a hundred in a request.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from integrations.github.account import Account
from integrations.github.api import GitHub
from integrations.github.deployments import BOT, instant
from integrations.github.listing import OVERLAP, Item, Place, Step
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Told
from ops_console.contracts.vocabulary import RunStatus
from ops_console.core.clock import iso, now

TAKEN_BACK = timedelta(days=30)
"""One that is deleted or unpublished while it is younger was a mistake; later that is tidying up."""
QUERY = """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    releases(first: 100, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
      pageInfo { endCursor hasNextPage }
      nodes {
        databaseId tagName url isDraft isPrerelease publishedAt updatedAt
        author { login __typename }
        tagCommit { oid }
      }
    }
  }
}
"""


def page(github: GitHub, repository: str, after: str | None) -> Mapping[str, Any]:
    """A hundred releases and where to go on."""
    owner, _, name = repository.partition("/")
    said = github.query(QUERY, f"the releases of {repository}", owner=owner, name=name, after=after)
    if not said.get("repository"):
        raise Rejected(f"GitHub does not find {repository}, or the token may not see it.", remedy="Check its name.")
    found: Mapping[str, Any] = said["repository"]["releases"]
    return found


def published(items: Sequence[Item], since: datetime) -> list[Item]:
    """Without the drafts, which have not been published."""
    return [each for each in items if not each["isDraft"] and each["publishedAt"] and _published_at(each) >= since]


def walk(github: GitHub, here: Account, repository: str, place: Place, since: datetime) -> Iterator[Step]:
    """All releases from the newest on; a walk that was left is gone on with.

    `held` are young ones that were told, with the day of their publication. Within a walk, `met` are those it came by
    and `after` is where it goes on.
    """
    held, floor = place.get("held", {}), instant(place["seen"]) - OVERLAP if "seen" in place else since
    if "after" not in place:
        place["began"], place["met"] = iso(now()), {}
    is_over = False
    while not is_over:
        said = page(github, repository, place.get("after"))
        found = published(said["nodes"], since)
        news = [each for each in found if instant(each["updatedAt"]) >= floor or _is_unknown(each, held)]
        told = [fact(each, repository, here) for each in news]
        place["met"] |= {_name(each): each["publishedAt"] for each in found if _is_young(each) or _name(each) in held}
        place["after"], is_over = said["pageInfo"]["endCursor"], not said["pageInfo"]["hasNextPage"]
        yield Step(told + (_end(place) if is_over else []), min(map(_published_at, found), default=now()))


def fact(release: Item, repository: str, here: Account) -> Told:
    """What is known of a release."""
    author = release.get("author") or {}
    values = {
        "external_id": _name(release),
        "url": release["url"],
        "updated_at": release["updatedAt"],
        "service": repository,
        "version": release["tagName"],
        "environment": here.released_to(repository, is_early=release["isPrerelease"]),
        "status": RunStatus.SUCCEEDED.value,
        "finished_at": release["publishedAt"],
        "git_sha": (release.get("tagCommit") or {}).get("oid"),
        "actor": author.get("login"),
        "is_bot": author.get("__typename") == BOT if author else None,
    }
    return Told("deployments", {name: value for name, value in values.items() if value is not None})


def _end(place: Place) -> list[Told]:
    """The walk is over: what was told and is not there any more is taken back."""
    met, held = place.pop("met"), place.pop("held", {})
    place.pop("after")
    place["seen"] = place.pop("began")
    place["held"] = {name: at for name, at in met.items() if instant(at) > now() - TAKEN_BACK}
    gone = sorted(held.keys() - met.keys())
    return [Told("deployments", {"external_id": name, "deleted": True, "updated_at": iso(now())}) for name in gone]


def _is_unknown(release: Item, held: Mapping[str, str]) -> bool:
    return _is_young(release) and _name(release) not in held


def _is_young(release: Item) -> bool:
    return _published_at(release) > now() - TAKEN_BACK


def _published_at(release: Item) -> datetime:
    return instant(release["publishedAt"])


def _name(release: Item) -> str:
    """Numbers of releases are not those of deployments."""
    return f"release-{release['databaseId']}"
