# Darkroom. `make run` and `make test` need nothing but Python 3.11 or newer. Node.js, which installs the player for
# films, comes from PyPI where there is none.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
SITE_PORT ?= 4321
CMS_URL ?= http://localhost:$(PORT)
DATA_DIR ?= var
TEST_WORKERS ?= 2
export PORT DATA_DIR
# Images of containers set it. Here dozens of processes load the same modules, and compile them only once without it.
unexport PYTHONDONTWRITEBYTECODE

PYTEST := $(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal
# What runs; hosts that read the Procfile do "release" once before.
PROCESSES = $(filter-out release,$(shell sed -n 's/^\([a-z_]*\):.*/\1/p' Procfile))
# npm writes this file last, so it says what is installed, and when.
BROWSER_CODE := node_modules/.package-lock.json
FRONTEND_TOOLS := frontend/node_modules/.package-lock.json
OPENAPI := frontend/client/openapi.json
EXPORT_OPENAPI := $(BIN)/python manage.py export_openapi_schema --api media_library.api.rest.api.api --sorted \
	--settings cms.settings.test --output $(OPENAPI)
NPM := PATH="$$PATH:$(abspath $(BIN))" npm
# The site is built and run by the Node.js of requirements-node.txt: what machines have is often too old for it.
SITE_NODE := $(BIN)/node
SITE := frontend/site/dist/server/entry.mjs
SITE_SOURCES := $(shell find frontend/client/src frontend/site media_library/static/media_library/js/sphere* \
	media_library/static/media_library/css/sphere.css -name node_modules -prune -o -name dist -prune \
	-o -name .astro -prune -o -type f ! -name .build.lock -print)
SITE_NPM := PATH="$(abspath $(BIN)):$$PATH" ASTRO_TELEMETRY_DISABLED=1 npm
# Node.js brings its own certificates; behind a proxy the machine's are needed, too.
NODE_EXTRA_CA_CERTS ?= $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt))
export NODE_EXTRA_CA_CERTS

.PHONY: run site browser-code frontend-tools client-types lint format test test-production proof benchmarks requirements \
	api-snapshots

run: $(VENV)/.installed $(BROWSER_CODE) ## start everything on this machine
	@$(BIN)/python manage.py prepare
	@PATH="$(abspath $(BIN)):$$PATH" DJANGO_SETTINGS_MODULE=cms.settings.dev exec $(BIN)/honcho start $(PROCESSES)

site: $(SITE) ## start the reference front end beside what `make run` has started
	@echo "  Site       http://localhost:$(SITE_PORT)/, of $(CMS_URL)"
	@CMS_URL="$(CMS_URL)" HOST="$${BIND:-127.0.0.1}" PORT="$(SITE_PORT)" exec $(SITE_NODE) $(SITE)

$(SITE): $(SITE_SOURCES) $(FRONTEND_TOOLS)
	@echo "Building the site ..."
	@$(SITE_NPM) run build --prefix frontend/site --silent >/dev/null

# The lists are whole, so pip looks for nothing else: it would take a release of today for what an extra asks for.
$(VENV)/.installed: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Darkroom needs (once, a minute or so) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

$(BROWSER_CODE): package.json package-lock.json .npmrc | $(VENV)/.installed
	@command -v npm >/dev/null || $(MAKE) --no-print-directory $(SITE_NODE)
	@echo "Installing the player for films ..."
	@$(NPM) ci --loglevel=error
	@touch $@

$(SITE_NODE): requirements-node.txt | $(VENV)/.installed
	@echo "Installing Node.js ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-node.txt
	@touch $@

$(FRONTEND_TOOLS): frontend/package.json frontend/client/package.json frontend/site/package.json \
		frontend/package-lock.json .npmrc | $(BROWSER_CODE) $(SITE_NODE)
	@echo "Installing what the client and the site are built with ..."
	@$(NPM) ci --prefix frontend --loglevel=error
	@touch $@

frontend-tools: $(FRONTEND_TOOLS) ## install what frontend/ is built and tested with

browser-code: $(BROWSER_CODE) ## install what browsers get of others, before `manage.py collectstatic`

lint: $(VENV)/.installed-dev $(BROWSER_CODE) $(FRONTEND_TOOLS) ## the same gate here and in CI
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run --settings cms.settings.test
	$(BIN)/python manage.py generate_types --check --settings cms.settings.test
	$(EXPORT_OPENAPI)
	$(NPM) run types --prefix frontend/client -- --check
	$(NPM) run check --prefix frontend/client
	$(SITE_NPM) run check --prefix frontend/site

client-types: $(VENV)/.installed-dev $(BROWSER_CODE) $(FRONTEND_TOOLS) ## write the client's types anew from models and API
	$(BIN)/python manage.py generate_types --settings cms.settings.test
	$(EXPORT_OPENAPI)
	$(NPM) run types --prefix frontend/client

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

test: $(VENV)/.installed-dev $(BROWSER_CODE) $(FRONTEND_TOOLS) ## the whole suite on the embedded default, its browser included
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.tesseract
	$(PYTEST)

test-production: $(VENV)/.installed-dev $(BROWSER_CODE) $(FRONTEND_TOOLS) ## the same suite on PostgreSQL and Redis, which the tests start themselves
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.tesseract
	$(BIN)/python -m tests.services -- $(PYTEST)

proof: $(VENV)/.installed-dev $(BROWSER_CODE) ## what takes longer; DARKROOM_MEDIA is a folder of real files
	@test -n "$(DARKROOM_MEDIA)" || { echo "Set DARKROOM_MEDIA to a folder with photos, video, odd and bad in it."; exit 2; }
	DARKROOM_RACES=50 $(PYTEST) tests/proof tests/media_library/test_races.py tests/api/rest/test_conformance.py

benchmarks: $(VENV)/.installed-dev $(BROWSER_CODE) ## measure the imaging engine against others (half an hour); DARKROOM_MEDIA as above
	@test -n "$(DARKROOM_MEDIA)" || { echo "Set DARKROOM_MEDIA to a folder with photos in it."; exit 2; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	for name in quality passes speed savings upload; do $(BIN)/python -m benchmarks.imaging_$$name || exit 1; done
	$(BIN)/python -m benchmarks.transforms

api-snapshots: $(VENV)/.installed-dev ## write tests/api/snapshots anew, to be reviewed in the diff
	UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest tests/api

requirements: ## compile the .in files, with hashes, for every Python that is supported
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-models.in -o requirements-models.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-node.in -o requirements-node.txt
