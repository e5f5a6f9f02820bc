"""The parts of a review and what each asks: what and how, never who."""

from dataclasses import dataclass

SUMMARY, IMPACT = "summary", "impact"


@dataclass(frozen=True, slots=True)
class Part:
    """`prompts` are questions that help to write it; `words` are other headings the part is known by."""

    key: str
    title: str
    prompts: tuple[str, ...]
    words: tuple[str, ...] = ()
    about_model: bool = False


PARTS = (
    Part(
        SUMMARY, "Summary", ("What happened, in three sentences that a stranger understands?",), ("overview", "tl;dr")
    ),
    Part(
        IMPACT,
        "Impact",
        ("Which users and decisions were affected, how many, for how long?", "What was the cost, and is it known?"),
        ("scope", "data integrity"),
    ),
    Part(
        "what_happened",
        "What happened",
        ("Which changes came together?", "What made the system able to fail in this way?"),
        ("root cause", "root cause analysis", "how did it happen", "why did it happen", "cause"),
    ),
    Part(
        "detection",
        "Detection",
        ("What told us, and how long after the beginning?", "Which cue was there earlier, and what hid it?"),
    ),
    Part(
        "response",
        "Response",
        ("What did people know at each turn, and what did they try to reach?", "What help was missing?"),
        ("escalation", "mitigation"),
    ),
    Part(
        "resolution",
        "Resolution",
        ("What ended the impact, and how do we know that it ended?",),
        ("recovery", "remediation", "fix"),
    ),
    Part(
        "surprise", "Why were we surprised", ("What did we believe about the system that was not so?",), ("insights",)
    ),
    Part("well", "What went well", ("What worked as planned, or better?",)),
    Part(
        "hard",
        "What was hard",
        ("Where did tools, documents or processes get in the way?",),
        ("what didn't go well", "what went poorly", "what could have gone better", "what went wrong"),
    ),
    Part("lucky", "Where we got lucky", ("What would have made it worse, had it been otherwise?",), ("luck",)),
    Part(
        "lessons",
        "Lessons",
        ("What do we know now that others should know?",),
        ("lessons learned", "key takeaways", "learnings"),
    ),
    Part("model", "Model and version", ("Which model, which version, since when in production?",), about_model=True),
    Part("dataset", "Dataset", ("Which data trained it, which data did it see?",), about_model=True),
    Part("detector", "Detector", ("Which monitor saw it, or which should have?",), about_model=True),
    Part(
        "degraded",
        "Degraded before detection",
        ("How long had quality been lower before anything told us?",),
        about_model=True,
    ),
    Part(
        "options",
        "Mitigation options that were missing",
        ("Was there a path back to the version before?", "Which option would have cut the time in half?"),
        about_model=True,
    ),
    Part(
        "evaluation",
        "Evaluation that would have caught it",
        ("Which test set, slice or shadow run would have shown it before release?",),
        about_model=True,
    ),
)
BY_KEY = {part.key: part for part in PARTS}
OWN = "own-"
"""Keys of parts that people add begin with this."""


def part_for(heading: str) -> Part | None:
    """The part that a heading of another document names."""
    said = heading.strip().rstrip("?:").strip().lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return next((part for part in PARTS if said in (part.title.lower(), part.key, *part.words)), None)
