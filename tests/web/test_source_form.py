"""What a set-up form says of the names somebody ticked."""

from flask import Flask

from ops_console.contracts.sources import Discovery, Found, Question
from ops_console.web import source_form
from ops_console.web.console import EXTENSION
from ops_console.web.pages.integrations import Preview
from ops_console.web.source_form import effects


def test_every_integration_is_offered_under_a_name_that_its_form_takes(full_app: Flask) -> None:
    for manifest in full_app.extensions[EXTENSION].parts.manifests.values():
        with full_app.test_request_context():
            names = [source_form.blank(manifest, taken).name for taken in ((), (manifest.key.replace("_", "-"),))]
        assert all(source_form.NAME.fullmatch(name) for name in names), names
        assert len({*names}) == 2


def test_what_the_check_said_is_not_said_again() -> None:
    preview = Preview(("The table can be read.",), Discovery(("3 months.", "The table can be read.")), [])
    assert preview.told == ["3 months."]


def test_what_hangs_on_several_names_counts_once() -> None:
    found = (
        Found("alias champion", 2, suggested=True, members=frozenset({"ranker/1", "spam/1"})),
        Found("stage Production", 2, suggested=True, members=frozenset({"ranker/1", "eta/3"})),
        Found("alias old", 1, members=frozenset({"ranker/0"})),
    )
    discovery = Discovery((), (Question("production", "Which are production?", "versions", found),))
    assert effects(discovery, {}) == ["3 of 4 versions count, with 2 of 3 ticked."]
    assert effects(discovery, {"production": ["alias old"]}) == ["1 of 4 versions counts, with 1 of 3 ticked."]
