"""What the platform team asked of others, and what they said."""

from dataclasses import dataclass

from ops_console.contracts.decisions import AskState

HEAD, FINANCE = "Oskar Vane, head of engineering", "Hanna Brook, finance"


@dataclass(frozen=True, slots=True)
class Told:
    """Days are counted from when the demo was first made; `answered` is when the answer came."""

    question: str
    why: str
    owner: str
    asked: int
    due: int
    answered: int
    answer: str
    state: AskState = AskState.DECIDED


EVERY = (
    Told(
        "Fund two more engineers on call from January",
        "Search and Payments risk share five people; each is paged one night in three.",
        HEAD,
        asked=-58,
        due=-30,
        answered=-33,
        answer="One from January; the second with the next budget.",
    ),
    Told(
        "Buy the vendor's drift monitor",
        "It would watch the models that have no monitor of their own.",
        FINANCE,
        asked=-50,
        due=-20,
        answered=-41,
        answer="The trial found nothing that our own alerts had missed.",
        state=AskState.WITHDRAWN,
    ),
    Told(
        "Name an owner for the shared feature store",
        "Two models of tier 1 depend on it and nobody answers for it; Payments risk offered to.",
        HEAD,
        asked=-36,
        due=-4,
        answered=11,
        answer="Payments risk owns it, with one engineer of the platform team until March.",
    ),
    Told(
        "Raise the budget of inference for help-assistant or cap its traffic",
        "It spends more each month; a cap would turn away about one question in ten.",
        FINANCE,
        asked=-9,
        due=12,
        answered=16,
        answer="Raised until the end of the quarter; looked at again then.",
    ),
)
