"""Survey scores: mean on the survey's own scale, net promoter score with its margin, and nobody found out.

Below five answers no score, split or question is shown.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, func

from ops_console.core.statistics import nps_margin, quantile
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import AT, REST, TEAM, Cell, Figure, Part, Reduced, Setting, Span
from ops_console.measures.privacy import FEWEST_ANSWERS, joined
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind

HIDDEN = "hidden to protect answers"
HEADLINES = ("satisfaction", "overall")
RECOMMENDATIONS = ("recommend", "nps")
SURVEY, WAVE, QUESTION, LOW, HIGH, SCORE, COUNT = range(REST, REST + 7)


@dataclass(frozen=True, slots=True)
class MeanScore(Aggregate):
    """Answers with `team` (the answering group), `survey`, `wave`, `question`, `scale_min`, `scale_max`, `score`."""

    measured: ClassVar[str | None] = "score"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("survey", "wave", "question", "scale_min", "scale_max", "score")

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return (func.count(),)

    def parts(self, figure: Figure) -> Sequence[Part]:
        """Questions, never answers: nobody is to be found."""
        return [
            Part(name, None, 0, HIDDEN) if "mean" not in found else Part(name, found["mean"], found["n"])
            for name, found in figure.detail.get("questions", {}).items()
        ]

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Scores([cell for cell in cells if cell[SCORE] is not None])


class _Scores(Reduced):
    def __init__(self, cells: Sequence[Cell]) -> None:
        self._cells = sorted(cells, key=lambda cell: cell[AT])
        self._at = [cell[AT] for cell in self._cells]

    def scopes(self) -> Iterable[Scope]:
        teams = {cell[TEAM] for cell in self._cells if cell[TEAM]}
        return [WORKSPACE, *(Scope(ScopeKind.TEAM, team) for team in sorted(teams))] if self._cells else []

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        cells = self._cells[bisect_left(self._at, start) : bisect_left(self._at, end)]
        if not cells:
            return None
        last = max((cell[AT], cell[SURVEY], cell[WAVE]) for cell in cells)
        answers = [cell for cell in cells if (cell[SURVEY], cell[WAVE]) == last[1:]]
        groups = _groups(answers)
        if scope == WORKSPACE:
            return _figure(answers, last[1:], hidden=False, groups=groups)
        mine = [cell for cell in answers if cell[TEAM] == scope.key]
        hidden = any(scope.key in joined and len(joined) > 1 for joined in groups)
        return _figure(mine, last[1:], hidden=hidden, groups={}) if mine else None


def _figure(
    answers: Sequence[Cell], wave: Sequence[str], *, hidden: bool, groups: Mapping[tuple[str, ...], Sequence[Cell]]
) -> Figure:
    questions = {name: summary(found) for name, found in _by_question(answers).items()}
    headline = _named(questions, HEADLINES)
    n = questions[headline]["n"] if headline else max(question["n"] for question in questions.values())
    detail: dict[str, Any] = {"survey": wave[0], "wave": wave[1], "question": headline, "hidden": False}
    if hidden or n < FEWEST_ANSWERS:
        return Figure(n=Decimal(n), detail={**detail, "hidden": True})
    shown = {name: question if question["n"] >= FEWEST_ANSWERS else _HIDDEN for name, question in questions.items()}
    chosen = summary(answers) if headline is None else questions[headline]
    promoter = _named(shown, RECOMMENDATIONS) or headline
    detail |= {
        "scale": chosen["scale"],
        "share_8_plus": chosen["share_8_plus"],
        "promoter_question": promoter,
        "questions": shown,
        "groups": [_group(names, found, headline) for names, found in groups.items()],
    }
    if promoter and shown[promoter].get("nps") is not None:
        detail |= {"nps": shown[promoter]["nps"], "nps_margin": shown[promoter]["nps_margin"]}
    return Figure(value=chosen["mean"], n=Decimal(n), spread=_spread(chosen), detail=detail)


_HIDDEN = {"hidden": True}


def summary(answers: Iterable[Cell]) -> dict[str, Any]:
    """One question's answers. Shares and the promoter score exist on scales that end at 10."""
    counts: defaultdict[Decimal, int] = defaultdict(int)
    scales = set()
    for cell in answers:
        counts[cell[SCORE]] += cell[COUNT]
        scales.add((cell[LOW], cell[HIGH]))
    ordered = [float(score) for score in sorted(counts) for _ in range(counts[score])]
    n = len(ordered)
    scale = next(iter(scales)) if len(scales) == 1 else None
    found: dict[str, Any] = {
        "n": n,
        "mean": float(sum((score * count for score, count in counts.items()), Decimal(0)) / n),
        "median": quantile(ordered, 0.5),
        "scale": [float(end) for end in scale] if scale else None,
        "share_8_plus": None,
        "nps": None,
    }
    if is_out_of_ten(found["scale"]):
        promoters, detractors = sum(score >= 9 for score in ordered), sum(score <= 6 for score in ordered)
        found |= {
            "share_9_10": promoters / n,
            "share_1_6": detractors / n,
            "nps": (promoters - detractors) / n * 100,
            "nps_margin": nps_margin(promoters, detractors, n),
            "share_8_plus": sum(score >= 8 for score in ordered) / n,
        }
    return found


def is_out_of_ten(scale: Sequence[float] | None) -> bool:
    """A target out of 10 judges scales 0–10 and 1–10; a scale 1–5 is shown as it is, never doubled."""
    return scale is not None and scale[0] in (0, 1) and scale[1] == 10


def _groups(answers: Sequence[Cell]) -> dict[tuple[str, ...], list[Cell]]:
    """Answers by group as they may be shown. Answers without a group are a group of their own, named nothing."""
    by_name: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in answers:
        by_name[cell[TEAM] or ""].append(cell)
    sizes = {name: _respondents(found) for name, found in by_name.items()}
    return {names: [cell for name in names for cell in by_name[name]] for names in joined(sizes, FEWEST_ANSWERS)}


def _group(names: tuple[str, ...], answers: Sequence[Cell], headline: str | None) -> dict[str, Any]:
    chosen = [cell for cell in answers if headline is None or cell[QUESTION] == headline]
    n = _respondents(chosen)
    named = [name or "without a group" for name in names]
    if n < FEWEST_ANSWERS:
        return {"names": named, "n": n, "mean": None, "hidden": True}
    return {"names": named, "n": n, "mean": summary(chosen)["mean"], "hidden": False}


def _by_question(answers: Iterable[Cell]) -> dict[str, list[Cell]]:
    found: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in answers:
        found[cell[QUESTION]].append(cell)
    return {name: found[name] for name in sorted(found)}


def _respondents(answers: Iterable[Cell]) -> int:
    """Nobody is named, so people are counted by the question most of them answered."""
    return max((sum(cell[COUNT] for cell in found) for found in _by_question(answers).values()), default=0)


def _named(questions: Mapping[str, Any], beginnings: Sequence[str]) -> str | None:
    """The question whose key is, or else begins with, one of these words."""
    exact = (name for word in beginnings for name in questions if name.casefold() == word)
    begins = (name for word in beginnings for name in questions if name.casefold().startswith(word))
    return next(exact, None) or next(begins, None)


def _spread(chosen: Mapping[str, Any]) -> dict[str, float]:
    return {"mean": chosen["mean"], "median": chosen["median"]}
