"""The name of a model in addresses."""

import pytest

from ops_console.ingest.resolve import RESERVED, slug


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Fraud  Score", "fraud-score"),
        ("gaps", "gaps_"),
        (" GAPS ", "gaps_"),
        ("gaps_", "gaps_"),
        ("Gaps model", "gaps-model"),
    ],
)
def test_a_name_becomes_an_address_that_no_page_has(name: str, made: str) -> None:
    assert slug(name) == made
    assert slug(made) == made
    assert made not in RESERVED
