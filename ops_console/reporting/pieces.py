"""Readings as blocks of a document; every section says a figure the same way."""

from collections.abc import Iterable, Sequence

from ops_console.contracts.document import Block, Chart, Figure, Figures, Heading, Note, Section
from ops_console.contracts.kind_words import many
from ops_console.measures.readings import DataState, Reading
from ops_console.reporting import charts, words
from ops_console.reporting.charts import ChartSpec
from ops_console.reporting.snapshot import Snapshot

WIDTH, HEIGHT = 552, 168
ALL = frozenset({"page", "email", "slack", "pdf"})
WITHOUT_SLACK = ALL - {"slack"}
EMPTY = (DataState.NOT_CONNECTED, DataState.FIRST_SYNC)


def section(key: str, title: str, blocks: Iterable[Block], channels: frozenset[str] = ALL) -> Section:
    """A section begins with its title; its number follows from its place in the report."""
    return Section(key, title, (Heading(title), *blocks), channels)


def more(total: int, shown: int, where: str) -> str:
    """`+2 more in the console: https://…`, under a table that does not hold all."""
    return f"+{total - shown} more in the console: {where}" if total > shown else ""


def is_connected(reading: Reading) -> bool:
    return reading.data_state not in EMPTY


def short_title(reading: Reading) -> str:
    """`MTTR` of `MTTR, time to restore ML incidents`; `Tier 1 MTTR` for a part of the models."""
    title = reading.definition.title.partition(",")[0]
    return f"{reading.scope.title} {title}" if reading.scope.key else title


def label(reading: Reading) -> str:
    """The title with the window the figure covers, where that is not the period itself."""
    window = f", {reading.window_days} days" if reading.window_days and not reading.definition.lasting else ""
    return f"{short_title(reading)}{window}"


def figures(readings: Sequence[Reading], *further: Figure) -> Figures:
    return Figures((*(figure(reading) for reading in readings), *further))


def figure(reading: Reading) -> Figure:
    """Headline, and under it everything that belongs to it."""
    judged = reading.value is not None or bool(reading.target)
    return Figure(
        label=label(reading),
        reads=words.headline(reading),
        note=" · ".join(filter(None, (*_beside(reading), *_judgement(reading)))),
        icon=words.icon(reading) if judged else "",
        status=_status(reading) if judged else "",
        tone=words.tone(reading),
    )


def _beside(reading: Reading) -> tuple[str, ...]:
    return words.note(reading), words.previous(reading), words.restated(reading)


def _judgement(reading: Reading) -> tuple[str, ...]:
    against = f"target {words.target(reading)}" if reading.target else ""
    return against, words.interval(reading), *words.caveats(reading)


def _status(reading: Reading) -> str:
    """The status word, the signal if there is one, and why there is none."""
    news = words.signal(reading).lower() if reading.signal.value.endswith("_than_usual") else ""
    reason = reading.status_reason.rstrip(".") if words.icon(reading) == "○" else ""
    said = f": {reason[:1].lower()}{reason[1:]}" if reason else ""
    return ", ".join(filter(None, (words.status(reading), news))) + said


def chart(reading: Reading) -> list[Chart]:
    """The drawing of a reading, or nothing where there is nothing to draw."""
    return drawing(charts.spec_for(reading)) if is_connected(reading) else []


def drawing(spec: ChartSpec, height: float = HEIGHT) -> list[Chart]:
    if spec.is_empty:
        return []
    return [Chart(spec.key, spec.title, spec.subtitle, charts.svg(spec, width=WIDTH, height=height))]


def sources(snapshot: Snapshot, readings: Sequence[Reading]) -> list[Note]:
    """One source line for figures that share it, else one each."""
    lines: dict[str, list[str]] = {}
    for reading in readings:
        lines.setdefault(words.source_line(reading, snapshot.zone), []).append(short_title(reading))
    if len(lines) == 1:
        return [Note(line) for line in lines]
    return [Note(f"{', '.join(names)}. {line}") for line, names in lines.items()]


def not_connected(readings: Sequence[Reading]) -> list[Note]:
    """What stands in place of a section whose facts nobody delivers yet."""
    missing = [reading for reading in readings if not is_connected(reading)]
    return [
        Note(f"Not connected: {short_title(reading)} needs {' and '.join(_kinds(reading))}.") for reading in missing
    ]


def _kinds(reading: Reading) -> list[str]:
    return [many(kind) for kind in reading.definition.facts]


def kpi_link(snapshot: Snapshot, reading: Reading) -> str:
    """The page behind a figure, with its period fixed."""
    return snapshot.url(f"/kpis/{reading.key}?period={snapshot.facts.period}")
