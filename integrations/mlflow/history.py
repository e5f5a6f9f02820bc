"""What a registry was seen to hold, kept between polls: MLflow itself forgets who was champion, and what it deleted."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from integrations.mlflow.account import Account
from integrations.mlflow.told import instant, promotion, ready, stamp
from ops_console.contracts.sources import Told

MOST_MOVES = 5_000
"""So many moves are told again when the rules change, the newest."""
State = dict[str, Any]


class Move(NamedTuple):
    """A version was given a mark. Whether `was_seen` happening, or had it when somebody first looked."""

    at: int
    model: str
    version: str
    mark: str
    was_seen: bool

    def told(self, account: Account, *, is_again: bool = False) -> list[Told]:
        """What follows from it by the rules; where it is told again, also what does not follow any more."""
        at, told = instant(self.at), list[Told]()
        if is_again or account.environment(self.mark) is not None:
            told.append(promotion(self.model, self.version, self.mark, at, account, was_seen=self.was_seen))
        if self.was_seen and (is_again or account.is_ready(self.mark)):
            told.append(ready(self.model, self.version, self.mark, at, account))
        return told


class History:
    """Reads and writes what a cursor keeps under `history`. Of each version: when it changed last, its marks, and of
    its run the experiment and the metrics that judge it.
    """

    def __init__(self, kept: State) -> None:
        self._kept = kept
        self._models: dict[str, dict[str, State]] = kept.setdefault("models", {})
        self._moves: list[list[Any]] = kept.setdefault("moves", [])
        self.questions: dict[str, State] = kept.setdefault("questions", {})

    @property
    def whole_at(self) -> int | None:
        """When the last walk through the whole registry began."""
        at: int | None = self._kept.get("whole")
        return at

    def rules_changed(self, account: Account) -> bool:
        return bool(self._kept.get("rules", account.rules) != account.rules)

    def close(self, at: datetime, account: Account) -> None:
        """The walk is over."""
        self._kept["whole"], self._kept["rules"] = stamp(at), account.rules

    def begin_again(self) -> None:
        """Let every version be described again."""
        for state in (each for versions in self._models.values() for each in versions.values()):
            state["updated"] = 0

    def moves(self) -> Iterator[Move]:
        return (Move(*each) for each in self._moves)

    def add_move(self, move: Move) -> None:
        self._moves.append(list(move))
        del self._moves[:-MOST_MOVES]

    def models(self) -> list[str]:
        return sorted(self._models)

    def versions(self, model: str) -> list[str]:
        return list(self._models.get(model, ()))

    def of(self, model: str, version: str) -> State | None:
        return self._models.get(model, {}).get(version)

    def keep(self, model: str, version: str, state: State) -> None:
        self._models.setdefault(model, {})[version] = state

    def forget(self, model: str, versions: Iterable[str]) -> None:
        for version in versions:
            self._models[model].pop(version, None)
        if not self._models[model]:
            del self._models[model]

    def metrics_before(self, model: str, version: str, created: int, account: Account) -> dict[str, str]:
        """The metrics of the version that was in production when another was made."""
        others = [each for each in self.moves() if each.model == model and each.version != version]
        live = [each for each in others if account.is_production(each.mark)]
        last = max((each for each in live if each.was_seen and each.at <= created), default=None)
        if last is None:
            earlier = [each for each in live if not each.was_seen and int(each.version) < int(version)]
            last = max(earlier, key=lambda each: int(each.version), default=None)
        state = self.of(model, last.version) if last else None
        return (state or {}).get("metrics") or {}
