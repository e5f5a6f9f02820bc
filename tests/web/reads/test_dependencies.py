"""What a model needs and what needs it are found by any name, on both databases."""

from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.records.catalog import Alias
from ops_console.web.reads.dependencies import companions, dependents, needed
from ops_console.web.reads.model import aliases, entry
from tests.web.pages.builders import NOON, Workspace


def company(engine: Engine) -> None:
    with transaction(engine) as session:
        world = Workspace(session)
        embed = world.model("query-embed", name="Query Embed", service="search")
        session.add(Alias(name="org/query-embed", entry_id=embed.id, made_at=NOON))
        world.model("ranker", depends_on=["Query Embed", "org/query-embed", "resource:store"], service="search")
        world.model("fraud", depends_on=["ORG/query-embed"])
        world.model("gone", depends_on=["query-embed"], deleted_at=NOON)
        world.model("alone")


def test_names_lead_to_entries_by_slug_and_alias_and_others_stay_names(database: Engine) -> None:
    company(database)
    with reading(database) as session:
        ranker = entry(session, "ranker")
        assert ranker is not None
        found = [(each.name, each.entry and each.entry.slug) for each in needed(session, ranker)]
    assert found == [("Query Embed", "query-embed"), ("org/query-embed", "query-embed"), ("resource:store", None)]


def test_whoever_names_it_needs_it(database: Engine) -> None:
    company(database)
    with reading(database) as session:
        embed, alone = entry(session, "query-embed"), entry(session, "alone")
        assert embed is not None and alone is not None
        assert [each.slug for each in dependents(session, embed, aliases(session, embed.id or 0))] == [
            "fraud",
            "ranker",
        ]
        assert dependents(session, alone, []) == []
        assert [each.slug for each in companions(session, embed)] == ["ranker"]
        assert companions(session, alone) == []
