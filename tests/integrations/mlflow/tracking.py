"""An MLflow on loopback: a registry that forgets, runs, experiments, lists by token, and webhooks."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.clock import now
from ops_console.core.settings import networks

TOKEN, SECRET = "mlflow-s3cret", "hook-s3cret"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
NONE: Mapping[str, str] = MappingProxyType({})
Json = dict[str, Any]
Sent = dict[str, Any]


def milliseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def pairs(said: Mapping[str, str]) -> list[Json]:
    return [{"key": key, "value": value} for key, value in said.items()]


@dataclass
class Tracking:
    """`page` items stand on a page whatever is asked for; pages whose number is in `hollow` are empty. `troubles`
    answer before the content, in turn; `asked` keeps method and path.
    """

    server: HTTPServer
    page: int = 1000
    hollow: set[int] = field(default_factory=set)
    models: dict[str, Json] = field(default_factory=dict)
    runs: dict[str, Json] = field(default_factory=dict)
    experiments: dict[str, Json] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        rules = {"ready": ["tag validation_status=approved", "stage Staging"]}
        return {"url": self.url, "production": ["alias champion", "stage Production"], **rules, **changes}

    def setup(self, **changes: Any) -> Setup:
        return Setup("mlflow", self.settings(**changes), {"token": TOKEN}, LOOPBACK)

    # What happens there: each answers the webhook that MLflow sends of it, if it sends any.

    def version(self, model: str, at: datetime, run: str = "", tags: Mapping[str, str] = NONE) -> Sent:
        held = self.models.setdefault(model, {"created": milliseconds(at), "aliases": {}, "versions": {}})
        number = str(max(map(int, held["versions"]), default=0) + 1)
        held["versions"][number] = {
            "name": model,
            "version": number,
            "creation_timestamp": milliseconds(at),
            "last_updated_timestamp": milliseconds(at),
            "current_stage": "None",
            "status": "READY",
            "run_id": run,
            "tags": dict(tags),
        }
        data = {"name": model, "version": number, "run_id": run or None, "tags": dict(tags), "source": "s3://m"}
        return self.webhook("model_version", "created", at, data)

    def alias(self, model: str, name: str, version: str, at: datetime) -> Sent:
        self.models[model]["aliases"][name] = version
        return self.webhook("model_version_alias", "created", at, {"name": model, "alias": name, "version": version})

    def unalias(self, model: str, name: str, at: datetime) -> Sent:
        del self.models[model]["aliases"][name]
        return self.webhook("model_version_alias", "deleted", at, {"name": model, "alias": name})

    def tag(self, model: str, version: str, key: str, value: str, at: datetime) -> Sent:
        self.models[model]["versions"][version]["tags"][key] = value
        data = {"name": model, "version": version, "key": key, "value": value}
        return self.webhook("model_version_tag", "set", at, data)

    def stage(self, model: str, version: str, stage: str, at: datetime) -> None:
        held = self.models[model]["versions"][version]
        held |= {"current_stage": stage, "last_updated_timestamp": milliseconds(at)}

    def delete(self, model: str, version: str) -> None:
        del self.models[model]["versions"][version]
        aliases = self.models[model]["aliases"]
        self.models[model]["aliases"] = {name: number for name, number in aliases.items() if number != version}

    def run(self, run_id: str, at: datetime, experiment: str = "1", **said: Any) -> str:
        metrics, tags, datasets = said.pop("metrics", {}), said.pop("tags", {}), said.pop("datasets", {})
        info = {"run_id": run_id, "experiment_id": experiment, "status": "RUNNING", "lifecycle_stage": "active"}
        found = [{"key": key, "value": value, "timestamp": milliseconds(at)} for key, value in metrics.items()]
        inputs = [{"dataset": {"name": name, "digest": digest}} for name, digest in datasets.items()]
        self.runs[run_id] = {
            "info": {**info, "start_time": milliseconds(at), **said},
            "data": {"metrics": found, "tags": pairs(tags)},
            "inputs": {"dataset_inputs": inputs},
        }
        return run_id

    def end(self, run_id: str, status: str, at: datetime) -> None:
        self.runs[run_id]["info"] |= {"status": status, "end_time": milliseconds(at)}

    def experiment(self, number: str, name: str, at: datetime) -> None:
        made = {"experiment_id": number, "name": name, "lifecycle_stage": "active"}
        self.experiments[number] = {**made, "creation_time": milliseconds(at)}

    def webhook(self, entity: str, action: str, at: datetime, data: Json) -> Sent:
        said = {"entity": entity, "action": action, "timestamp": at.isoformat(), "data": data}
        body = json.dumps(said).encode()
        named, sent_at = hashlib.sha256(body).hexdigest()[:16], str(int(now().timestamp()))
        signed = hmac.new(SECRET.encode(), f"{named}.{sent_at}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "x-mlflow-delivery-id": named,
            "x-mlflow-timestamp": sent_at,
            "x-mlflow-signature": f"v1,{base64.b64encode(signed).decode()}",
        }
        return {"event": f"{entity}.{action}", "headers": headers, "body": body, "at": now()}

    # What it answers.

    def answer(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.path.removeprefix('/api/2.0/mlflow')}")
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._refusal(401, "UNAUTHENTICATED", "You are not authenticated.")
        reading = getattr(self, "_" + re.sub("[/-]", "_", request.path.removeprefix("/api/2.0/mlflow/")), None)
        if reading is None:
            return Response("<!doctype html><title>404 Not Found</title>", 404)
        said = request.get_json() if request.method == "POST" else request.args
        found = reading(said)
        if found is None:
            return self._refusal(404, "RESOURCE_DOES_NOT_EXIST", "It is not there.")
        return Response(json.dumps(found), content_type="application/json")

    def _refusal(self, status: int, code: str, message: str) -> Response:
        return Response(json.dumps({"error_code": code, "message": message}), status, content_type="application/json")

    def _paged(self, key: str, items: list[Json], token: str) -> Json:
        pages = []
        for begin in range(0, max(1, len(items)), self.page):
            while len(pages) + 1 in self.hollow:
                pages.append([])
            pages.append(items[begin : begin + self.page])
        place = int(token or 0)
        return {key: pages[place], **({"next_page_token": str(place + 1)} if place + 1 < len(pages) else {})}

    def _registered_models_search(self, said: Any) -> Json:
        found = [self._model(name) for name in sorted(self.models)]
        return self._paged("registered_models", found, said.get("page_token", ""))

    def _registered_models_get(self, said: Any) -> Json | None:
        return {"registered_model": self._model(said["name"])} if said["name"] in self.models else None

    def _model(self, name: str) -> Json:
        held = self.models[name]
        aliases = [{"alias": alias, "version": version} for alias, version in held["aliases"].items()]
        return {"name": name, "creation_timestamp": held["created"], "aliases": aliases}

    def _model_versions_search(self, said: Any) -> Json:
        order = said.getlist("order_by")
        assert order in (["name ASC", "version_number ASC"], ["creation_timestamp DESC"], [])
        found = [self._shown(each) for held in self.models.values() for each in held["versions"].values()]
        found.sort(key=lambda each: (each["name"], int(each["version"])))
        if order == ["creation_timestamp DESC"]:
            found.sort(key=lambda each: each["creation_timestamp"], reverse=True)
        return self._paged("model_versions", found, said.get("page_token", ""))

    def _model_versions_get(self, said: Any) -> Json | None:
        held = self.models.get(said["name"], {}).get("versions", {}).get(said["version"])
        return {"model_version": self._shown(held)} if held else None

    def _shown(self, version: Json) -> Json:
        return {**version, "tags": pairs(version["tags"])}

    def _runs_get(self, said: Any) -> Json | None:
        return {"run": self.runs[said["run_id"]]} if said["run_id"] in self.runs else None

    def _runs_search(self, said: Any) -> Json:
        since = int(re.fullmatch(r"attributes\.start_time >= (\d+)", said["filter"])[1])  # type: ignore[index]
        found = [run for run in self.runs.values() if run["info"]["experiment_id"] in said["experiment_ids"]]
        young = [run for run in found if run["info"]["start_time"] >= since]
        ordered = sorted(young, key=lambda run: run["info"]["start_time"])
        return self._paged("runs", ordered, said.get("page_token", ""))

    def _experiments_search(self, said: Any) -> Json:
        return self._paged("experiments", list(self.experiments.values()), said.get("page_token", ""))

    def _experiments_get_by_name(self, said: Any) -> Json | None:
        found = [each for each in self.experiments.values() if each["name"] == said["experiment_name"]]
        return {"experiment": found[0]} if found else None
