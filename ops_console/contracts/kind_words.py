"""What kinds of fact are called, in words."""

MANY = {"slos": "SLOs", "sli_slices": "SLI slices"}
"""Kinds whose name is no plain word."""
ONE = {
    "people": "person",
    "capacity": "capacity",
    "toil": "toil",
    "usage": "usage",
    "slos": "SLO",
    "sli_slices": "SLI slice",
    "survey_responses": "survey answer",
}
"""One fact of a kind, where dropping the s does not say it."""


def many(kind: str) -> str:
    """`survey responses`"""
    return MANY.get(kind, kind.replace("_", " "))


def title(kind: str) -> str:
    """`Survey responses`"""
    words = many(kind)
    return words[0].upper() + words[1:]


def one(kind: str) -> str:
    """`survey answer`"""
    return ONE.get(kind, kind.removesuffix("s").replace("_", " "))


def an(kind: str) -> str:
    """`an incident`, `a survey answer`, and plain `toil`"""
    word = one(kind)
    if word == kind:
        return word
    return f"an {word}" if word[0] in "aeio" or word.startswith("SL") else f"a {word}"
