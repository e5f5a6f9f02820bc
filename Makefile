# Each line is one a newcomer could type himself.
PY := .venv/bin/python
STAMP := .venv/.installed
MLFLOW := .venv-mlflow/.installed
EXAMPLES ?= 20
# Whatever the shell says: what is compiled once need not be compiled by each process again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: install demo test test-servers deep coverage lint bench lock july-2024 clean

demo: install            ## a running console on made-up data, with one sign-in link
	.venv/bin/ops-console demo

install: $(STAMP)        ## the environment, exactly as locked

$(STAMP): requirements.lock pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(PY) -m uv pip install --quiet --python $(PY) --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(STAMP)

test: install            ## the whole suite, databases on SQLite and on PostgreSQL (the one of a wheel)
	$(PY) -m pytest -n 2 --dist loadgroup -m "not servers"

$(MLFLOW): tests/servers/mlflow.lock $(STAMP)
	$(PY) -m uv venv --quiet --clear --python $(PY) .venv-mlflow
	$(PY) -m uv pip install --quiet --python .venv-mlflow/bin/python --require-hashes -r tests/servers/mlflow.lock
	touch $(MLFLOW)

test-servers: install $(MLFLOW) ## the database tests again on an installed PostgreSQL, and those of a real Prometheus, Alertmanager and MLflow
	$(PY) -m tests.servers.postgres -- $(PY) -m pytest -n 2 --dist loadgroup -k "postgres or servers"

deep: install            ## what must hold for any input, on EXAMPLES times as many examples
	OPS_CONSOLE_EXAMPLES=$(EXAMPLES) $(PY) -m pytest -n 2 --dist loadgroup -k "not postgres" -m "hypothesis and not servers" --timeout 7200
	OPS_CONSOLE_EXAMPLES=$(EXAMPLES) $(PY) -m pytest -n 2 --dist loadgroup -k interleaving --timeout 7200 tests/integrations

coverage: install        ## the suite again, with the lines and branches it misses
	$(PY) -m pytest -n 2 --dist loadgroup -m "not browser" --cov --cov-report=term:skip-covered --cov-fail-under=90

lint: install
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m deptry .

bench: install           ## figures and ratios; SIZE=L for the full one, CLOCK=steady on a machine whose pace swings
	$(PY) -m tests.bench $(SIZE) $(if $(CLOCK),--clock $(CLOCK))

lock:                    ## after changing dependencies in pyproject.toml
	$(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --all-extras --quiet pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet tests/servers/mlflow.in -o tests/servers/mlflow.lock

july-2024: install       ## a workspace from real exports (SAMPLES=folder) and its report in out/july-2024
	$(PY) -m tests.samples.july $(SAMPLES)

clean:
	rm -rf .venv .venv-mlflow .mypy_cache .ruff_cache .pytest_cache
