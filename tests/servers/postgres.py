"""Start Debian's PostgreSQL on loopback, run a command with `OPS_CONSOLE_TEST_POSTGRES` set to it, stop it.

    python -m tests.servers.postgres -- pytest …

Teams run the server their distribution ships. Where none is installed, the tests start a newer one from a wheel.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.loopback import free_port

BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def main() -> int:
    command = sys.argv[sys.argv.index("--") + 1 :]
    if not BIN:
        print("No PostgreSQL server is installed: the tests start the one of the wheel.", file=sys.stderr)
        return subprocess.run(command, check=False).returncode
    folder = Path(tempfile.mkdtemp(prefix="ops-console-postgres-"))
    shutil.chown(folder, "postgres")
    port = free_port()
    try:
        _as_postgres(BIN[-1] / "initdb", "-D", folder / "data", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        _as_postgres(BIN[-1] / "pg_ctl", "-D", folder / "data", "-w", "-o", options, "-l", folder / "log", "start")
        address = f"postgresql://postgres@127.0.0.1:{port}"
        return subprocess.run(command, env=os.environ | {"OPS_CONSOLE_TEST_POSTGRES": address}, check=False).returncode
    finally:
        _as_postgres(BIN[-1] / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _as_postgres(*words: object, check: bool = True) -> None:
    subprocess.run(
        ["runuser", "-u", "postgres", "--", *map(str, words)], check=check, stdout=subprocess.DEVNULL, cwd="/"
    )


if __name__ == "__main__":
    sys.exit(main())
