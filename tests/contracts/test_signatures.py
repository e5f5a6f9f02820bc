"""A signature counts if any secret in use made it, a token or password if it is one of them."""

import pytest

from ops_console.contracts.signatures import credential, is_secret, is_signed_sha256

BODY = b"Hello, World!"
SECRET = "It's a Secret to Everybody"
DIGEST = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
"""The example that GitHub's pages give for testing an implementation."""


@pytest.mark.parametrize("secrets", [[SECRET], ["old", SECRET], [SECRET, "new"]])
def test_a_secret_in_use_opens(secrets: list[str]) -> None:
    assert is_signed_sha256(BODY, DIGEST, secrets)
    assert is_signed_sha256(BODY, DIGEST.upper(), secrets)


@pytest.mark.parametrize(
    ("body", "digest", "secrets"),
    [(BODY, DIGEST, []), (BODY, DIGEST, ["other"]), (BODY + b" ", DIGEST, [SECRET]), (BODY, "", [SECRET]),
     (BODY, "é" * 64, [SECRET]), (BODY, DIGEST[:-1], [SECRET])],
)  # fmt: skip
def test_nothing_else_does(body: bytes, digest: str, secrets: list[str]) -> None:
    assert not is_signed_sha256(body, digest, secrets)


def test_a_secret_that_is_sent_along_is_one_of_those_in_use() -> None:
    assert is_secret("new", ["old", "new"]) and is_secret("pâss", ["pâss"])
    assert not is_secret("new", []) and not is_secret("", ["new"]) and not is_secret("ne", ["new"])


@pytest.mark.parametrize(
    ("authorization", "given"),
    [("Bearer abc", "abc"), ("bearer abc ", "abc"), ("Basic dXNlcjphOmI=", "a:b"), ("Basic dXNlcg==", ""),
     ("Basic %", ""), ("Basic /w==", ""), ("Digest abc", ""), ("abc", ""), ("", "")],
)  # fmt: skip
def test_a_token_or_password_is_taken_from_its_header(authorization: str, given: str) -> None:
    assert credential(authorization) == given
