"""`ops-console serve`: the web, and the timetable beside it."""

import os

import click
import structlog
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn carries no types
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]  # gunicorn carries no types
from gunicorn.util import import_app  # type: ignore[import-untyped]  # gunicorn carries no types

from ops_console.contracts.parts import Parts
from ops_console.core import garbage
from ops_console.core.db import engine_for
from ops_console.core.settings import settings
from ops_console.jobs import runner
from ops_console.jobs.runner import Runner
from ops_console.records.schema import migrate

APPLICATION = "app:app"
THREADS = 8
GRACE_SECONDS = 25

log = structlog.get_logger()


class Server(BaseApplication):  # type: ignore[misc]  # see above
    """Gunicorn with our settings. Each worker loads the application itself, so that none shares a connection."""

    def __init__(self, options: dict[str, object]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        application = import_app(APPLICATION)
        garbage.keep()
        return application


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes, 8 threads each.")
@click.option("--web-only", is_flag=True, help="No timetable here: `ops-console scheduler` runs it elsewhere.")
@click.pass_obj
def command(parts: Parts, host: str, port: int, workers: int, web_only: bool) -> None:
    """Bring the database up to date and serve the console."""
    migrate(settings().database_url)
    beside = {} if web_only else timetable_beside(parts)
    Server(options(host, port, workers) | beside).run()


def timetable_beside(parts: Parts) -> dict[str, object]:
    """A timetable in the background of each worker: gunicorn revives it with its worker, rows decide who does what."""
    running: list[Runner] = []

    def begin(_worker: object) -> None:
        running.append(runner.start(engine_for(settings().database_url), parts))

    def end(_arbiter: object, _worker: object) -> None:
        while running:
            running.pop().stop()

    return {"post_worker_init": begin, "worker_exit": end}


def options(host: str, port: int, workers: int) -> dict[str, object]:
    """What gunicorn is told; it logs no addresses, because some hold keys (the application logs its routes)."""
    return {
        "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"],
        "workers": workers,
        "worker_class": "gthread",
        "control_socket_disable": True,  # two consoles of one user would fight over the one socket
        "threads": THREADS,
        "graceful_timeout": GRACE_SECONDS,
        "timeout": 60,
        "keepalive": 5,
        "accesslog": None,
        "proc_name": "ops-console",
        "forwarded_allow_ips": "",
        "when_ready": _say_ready,
    }


def _say_ready(arbiter: Arbiter) -> None:
    log.info("ready", address=", ".join(str(listener) for listener in arbiter.LISTENERS), pid=os.getpid())
