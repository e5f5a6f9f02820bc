"""What a set-up form says of the names somebody ticked."""

from ops_console.contracts.sources import Discovery, Found, Question
from ops_console.web.source_form import effects


def test_what_hangs_on_several_names_counts_once() -> None:
    found = (
        Found("alias champion", 2, suggested=True, members=frozenset({"ranker/1", "spam/1"})),
        Found("stage Production", 2, suggested=True, members=frozenset({"ranker/1", "eta/3"})),
        Found("alias old", 1, members=frozenset({"ranker/0"})),
    )
    discovery = Discovery((), (Question("production", "Which are production?", "versions", found),))
    assert effects(discovery, {}) == ["3 of 4 versions count, from 2 of 3."]
    assert effects(discovery, {"production": ["alias old"]}) == ["1 of 4 versions count, from 1 of 3."]
