# The two commands that matter: `make demo` (set up and run the main job) and `make test`.
UV := $(shell command -v uv || echo .uv/bin/uv)
RUN = $(UV) run --frozen
# Where this is set, every process compiles its two thousand modules anew: ten seconds at each start.
unexport PYTHONDONTWRITEBYTECODE
# One worker more than there are cores: much of a test is waiting, for a page or another process.
PYTEST_ARGS ?= -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: demo run test test-server test-peers test-peers-all check format bench docs translations setup

demo: setup  ## fill the demo company Windmee and serve it on 127.0.0.1:8000
	$(UV) run --frozen --no-default-groups openroads demo

run: setup  ## start your own Openroads in ./data
	$(UV) run --frozen --no-default-groups openroads run

test: setup  ## every test this machine can run, those of the state database on PostgreSQL too; what it cannot run is named
	$(RUN) pytest $(PYTEST_ARGS)
	$(RUN) python scripts/tests_on_postgresql.py $(PYTEST_ARGS)

test-server: setup  ## every test of the archive through the official HTTP client, to the engine in another process
	OPENROADS_TEST_ARCHIVE=server $(RUN) pytest -m "not embedded" $(PYTEST_ARGS) tests/archive

test-peers: setup  ## connectors against programs by others, installed in ~/.cache/openroads-peers
	$(RUN) pytest -m "peers and not heavy" $(PYTEST_ARGS) tests/peers

# Bluesky wants 0.7 GB there, redis-server and PostgreSQL; WordPress wants Debian's packages: what lacks is named.
test-peers-all: setup  ## those too that are too large for CI: a whole Bluesky, a WordPress
	$(RUN) pytest -m peers tests/peers

check: setup  ## what CI checks before it tests
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) lint-imports
	$(RUN) mypy

format: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: setup  ## speed and scale, printed as figures
	$(UV) run --frozen --group bench python -m bench

docs: setup
	$(UV) run --frozen --group docs sphinx-build -W -b html docs docs/_build/html

translations: setup  ## collect the texts of every room into its Dutch catalogue
	$(RUN) python scripts/translations.py collect

setup: $(UV)
	@$(UV) sync --frozen --quiet $(if $(filter demo run,$(MAKECMDGOALS)),--no-default-groups --inexact,)
	@$(UV) run --frozen --no-sync python hatch_build.py

.uv/bin/uv:
	python3 -m venv .uv && .uv/bin/pip install --quiet uv
