# The site's commands (README.md). All that they install lies in .venv.
PORT ?= 8000
PYTHON ?= python3
export PORT

BIN := .venv/bin
STATIC_FILES := $(shell find static -type f)

.PHONY: run install test test-postgresql dev bench lock
.DEFAULT_GOAL := run

run: .venv/installed .venv/static-collected
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py first_start
	@echo "The site is at http://127.0.0.1:$(PORT)/ and its desk at http://127.0.0.1:$(PORT)/admin/. Stop it with Ctrl+C."
	@exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 1 --no-ws --http 1 --blocking-threads 16 --backpressure 800 \
		--http1-header-read-timeout 10000 --http1-buffer-size 65536 --workers-kill-timeout 10 \
		--log-level error --log-config portfolio/granian_logs.json portfolio.wsgi:application

install: .venv/installed

test: .venv/installed-for-tests
	@tests/install_programs.sh
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-postgresql: .venv/installed-for-tests
	@tests/install_programs.sh
	@$(BIN)/python -m tests.postgresql $(BIN)/python -m pytest -n auto --dist worksteal -m database $(TESTS)

dev: export DEBUG = true
dev: .venv/installed
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py first_start
	@$(BIN)/python manage.py runserver 127.0.0.1:$(PORT)

bench: .venv/installed-for-tests .venv/static-collected
	@bench/install_programs.sh
	@$(BIN)/python -m bench

# Names, exact versions and hashes, for every Python and system that is supported; no host.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
lock:
	$(LOCK) --upgrade -o deploy/requirements.txt
	$(LOCK) --group test -c deploy/requirements.txt -o tests/requirements.txt
	cd tests && npm update --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund --quiet
	node -e 'const fs = require("fs"), file = "tests/package-lock.json", lock = JSON.parse(fs.readFileSync(file)); \
		Object.values(lock.packages).forEach(one => delete one.funding); fs.writeFileSync(file, JSON.stringify(lock, null, 2) + "\n")'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11 to 3.13 is needed; $(PYTHON) is another one. Say which with make PYTHON=python3.12."; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python cannot make a virtual environment here. On Debian and Ubuntu: apt install python3-venv."; exit 1; }

.venv/installed: deploy/requirements.txt | .venv/bin/python
	@echo "Installing what the site needs into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements.txt
	@touch $@

.venv/installed-for-tests: tests/requirements.txt .venv/installed
	@echo "Installing what the tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@

.venv/static-collected: $(STATIC_FILES) .venv/installed
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@
