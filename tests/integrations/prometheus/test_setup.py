"""Setting a source up: who asks, what is there, and what stands in the way of counting."""

import pytest

from integrations.prometheus import collector
from ops_console.contracts.integration import Rejected
from tests.integrations.prometheus.asked import DAY, OWN, pages, steady
from tests.integrations.prometheus.conftest import NOW
from tests.integrations.prometheus.watchtower import BEGAN, TOKEN, Watchtower


@pytest.mark.parametrize(
    "line", ["", "x", "x y", "x y 99.9", "x y all sum(a)/sum(b)", "x y 100 sum(a)/sum(b)", "x y 0 a"]
)
def test_a_line_that_is_no_objective_is_refused_with_an_example(tower: Watchtower, line: str) -> None:
    with pytest.raises(Rejected, match="is no objective") as caught:
        pages(tower, slos=[line])
    assert "ranker-up ranker 99.9" in caught.value.remedy


def test_a_user_with_a_password_and_a_tenant_are_told(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    setup = tower.setup({"password": TOKEN}, user="ana", tenant="team-a")
    assert list(collector.pull(setup, {}, BEGAN))
    assert (tower.headers["X-Scope-Orgid"], tower.headers["Thanos-Tenant"]) == ("team-a", "team-a")


@pytest.mark.parametrize(
    ("secrets", "changes", "words"),
    [
        ({"token": "t", "password": "p"}, {"user": "ana"}, "Both a token and a password"),
        ({"password": "p"}, {}, "belong together"),
        ({}, {"user": "ana"}, "belong together"),
        ({"token": "t"}, {"tenant": "a\nb"}, "is no tenant"),
    ],
)
def test_what_makes_no_sense_of_who_asks_is_said(
    tower: Watchtower, secrets: dict[str, str], changes: dict[str, str], words: str
) -> None:
    with pytest.raises(Rejected, match=words):
        collector.check(tower.setup(secrets, **changes))


def test_a_check_says_whose_objectives_there_are(tower: Watchtower) -> None:
    with pytest.raises(Rejected, match="There is no objective") as caught:
        collector.check(tower.setup())
    assert "sloth or Pyrra" in caught.value.remedy
    tower.serve("ranker", steady)
    tower.serve("embed", steady)
    assert collector.check(tower.setup(slos=[OWN])) == (
        "Objectives can be read: 2 of sloth, 1 written here.",
        "Queries are answered.",
    )


def test_a_pair_of_which_every_series_is_told_twice_is_refused(tower: Watchtower) -> None:
    tower.serve("ranker", steady)
    tower.copies = ["a", "b"]
    with pytest.raises(Rejected, match=r"Every series is there 2 times, by prometheus_replica: a, b\.") as caught:
        collector.check(tower.setup())
    assert "Thanos Query" in caught.value.remedy
    tower.copies = ["a"]
    assert collector.check(tower.setup())
    tower.copies = ["a", "b"]
    assert collector.check(tower.setup(replica_label=""))


def test_a_preview_says_where_history_starts_and_what_has_no_counts(tower: Watchtower) -> None:
    tower.retention, tower.days = "15d", 15
    tower.serve("ranker", steady)
    tower.serve("embed", lambda _: None)
    tower.serve("whole", steady, objective="1")
    quantile = "slow embed 99 1 - histogram_fraction(0, 1, rate(latency[5m]))"
    found = collector.discover(tower.setup(slos=[quantile]), NOW - 90 * DAY)
    assert found.lines == (
        "3 objectives.",
        "History starts on 21 October 2026.",
        "Prometheus keeps 15 days; what is read before that stays here.",
        "The rules name no objective of whole-requests that could be missed; it is left out.",
        "Of slow nothing is there.",
        "Of embed-requests nothing is there.",
        "slow has no counts: every five minutes count equally.",
    )
    assert found.questions[0].setting == "objectives"
    assert [(each.name, each.count, each.suggested) for each in found.questions[0].found] == [
        ("embed-requests", 0, True),
        ("ranker-requests", 15, True),
    ]
