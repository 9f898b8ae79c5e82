# Clubkeeper. `make` alone lists what can be done.

PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
NODE := .local/node
AWS := .local/aws
WEB := web/node_modules/.done
SITES := web/club/dist/index.html web/console/dist/index.html
SOURCES := $(shell find web -name node_modules -prune -o -name dist -prune -o -type f ! -name api.d.ts -print)
SENTENCES := $(wildcard chalicelib/texts/*/LC_MESSAGES/*.po)
TEXTS := $(SENTENCES:.po=.mo)
DEPLOY = $(BIN)/python -m infra.deploy
WISHES = --set '$(SET)' --allow '$(ALLOW)' --role '$(ROLE)'
CHECKED := $(wildcard app.py chalicelib infra layers bench)
STAGE ?= prod
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
export PORT

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: .venv/.done $(NODE)/.done $(AWS)/.done $(WEB) $(TEXTS) ## Install everything that is missing (idempotent)

.PHONY: web
web: setup $(SITES) ## Build the web apps: the member's and the staff's

.PHONY: browser
browser: ## Install Chromium, which the tests of the web apps use
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium …"; apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
		apt-get -qq install -y --no-install-recommends chromium fonts-noto-core >/dev/null; \
	else echo "Chromium is missing: install it for the tests (Debian: apt install chromium fonts-noto-core)."; exit 1; fi

.PHONY: run
run: setup $(SITES) ## Start the local platform (PORT=8080); Ctrl-C stops it
	@exec $(BIN)/python -m infra.local run

.PHONY: demo
demo: setup ## Play the main job against the running platform
	@exec $(BIN)/python -m infra.local.demo

.PHONY: reset
reset: setup ## Clear the local platform's data
	@$(BIN)/python -m infra.local reset

.PHONY: token
token: setup ## Print a new operator token, or with STAFF=warehouse somebody's access token
	@$(BIN)/python -m infra.local token $(STAFF)

.PHONY: upgrade
upgrade: setup ## Upgrade the running platform's data to this code (ACT=state or check: only look)
	@$(BIN)/python -m infra.local upgrade $(ACT)

.PHONY: drill
drill: setup ## Backup drill: export the local data, restore them into a fresh engine, compare
	@$(BIN)/python -m infra.drill drill

.PHONY: lint
lint: setup web/shared/src/api.d.ts ## Style, types, layers, cloud resources, security, API document
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(CHECKED)
	$(BIN)/lint-imports
	$(BIN)/cfn-lint infra/resources.json
	$(BIN)/bandit -q -c pyproject.toml -r $(filter-out bench,$(CHECKED))
	$(BIN)/python -m chalicelib.kernel.http.openapi --check docs/openapi.json
	$(BIN)/python -m chalicelib.programs.schema --check docs/program.schema.json
	$(BIN)/python -m infra.costs --check docs/operations/costs.md
	$(BIN)/python -m infra.peaks --check docs/scaling.md
	npm --prefix web run --silent check

.PHONY: test
test: setup browser lint $(SITES) ## Lint, then all tests
	$(BIN)/pytest -n 2 --dist worksteal tests

.PHONY: soak
soak: setup ## The long tests, with larger figures
	CLUBKEEPER_SOAK=1 $(BIN)/pytest -n 2 -m soak --timeout 3600 tests

.PHONY: bench
bench: setup ## Print the budgets: capacity units and CPU time
	$(BIN)/python -m bench

.PHONY: costs
costs: setup ## Print what operations, an idle stage and example clubs cost on AWS
	@$(BIN)/python -m infra.costs

.PHONY: package
package: setup ## Package a stage for AWS: template, code, layer, and what they weigh (STAGE=prod)
	@$(BIN)/python -m layers.package $(STAGE) .local/package/$(STAGE)

.PHONY: plan deploy
plan: setup ## Show what a deployment would change in AWS, and change nothing (STAGE=dev|test|prod)
	@$(DEPLOY) plan $(STAGE) $(WISHES)

deploy: setup $(SITES) ## Deploy a stage to AWS: shows the changes first and asks; prod needs YES=1
	@$(DEPLOY) deploy $(STAGE) $(if $(YES),--yes) $(WISHES)

.PHONY: sites smoke releases rollback
sites: setup $(SITES) ## Put the built web apps up, without the rest (STAGE=…)
	@$(DEPLOY) sites $(STAGE)

smoke: setup ## Look from outside whether a stage answers as it should (STAGE=… or URL=…)
	@$(DEPLOY) smoke $(STAGE) --url '$(URL)'

releases: setup ## List what was deployed when (STAGE=…)
	@$(DEPLOY) releases $(STAGE)

rollback: setup ## Go back to the release before, or TO=…: shows the changes first and asks
	@$(DEPLOY) rollback $(STAGE) $(if $(YES),--yes) --to '$(TO)' $(WISHES)

.PHONY: peaks
peaks: setup ## Play the peaks of a program of 20 million members against AWS's limits
	@$(BIN)/python -m infra.peaks

.PHONY: deploy-local
deploy-local: setup ## Deploy the packaged stage to an emulator here, look, try it, play the demo on it
	@$(BIN)/python -m infra.deployed

.PHONY: openapi
openapi: setup ## Regenerate docs/openapi.json from the routes
	$(BIN)/python -m chalicelib.kernel.http.openapi docs/openapi.json

.PHONY: clean
clean: ## Remove everything installed and generated, but not the local data
	rm -rf .venv $(NODE) $(AWS) $(TEXTS) web/node_modules web/*/node_modules web/*/dist web/shared/src/api.d.ts .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# -- what setup is made of -----------------------------------------------------

.venv/.done: requirements.txt requirements-dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is missing: install it, or name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11: install a newer one, or name it with make PYTHON=..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian: apt install python3-venv)."; exit 1; }
	@echo "Installing (about two minutes the first time) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(NODE)/.done: infra/local/package.json infra/local/package-lock.json infra/local/.npmrc
	@command -v node >/dev/null && command -v npm >/dev/null || { echo "Node.js is missing: install Node 20 or newer, with npm."; exit 1; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || { echo "Node.js is older than 20: install a newer one."; exit 1; }
	@mkdir -p $(NODE)
	@cp $^ $(NODE)/
	@echo "Installing the database engine and the API browser …"
	@cd $(NODE) && npm ci --silent
	@touch $@

$(WEB): web/package.json web/package-lock.json web/.npmrc $(wildcard web/*/package.json) | $(NODE)/.done
	@echo "Installing what the web apps are made of (about a minute the first time) …"
	@cd web && npm ci --silent
	@touch $@

web/shared/src/api.d.ts: docs/openapi.json $(WEB)
	@npm --prefix web run --silent gen >/dev/null

$(SITES) &: $(SOURCES) web/shared/src/api.d.ts
	@echo "Building the web apps …"
	@npm --prefix web run --silent build
	@touch $(SITES)

$(AWS)/.done: infra/local/requirements-aws.txt .venv/.done
	@echo "Installing the local AWS services …"
	@$(PYTHON) -m venv $(AWS)
	@$(AWS)/bin/pip install --quiet --disable-pip-version-check -r infra/local/requirements-aws.txt
	@touch $@

# One run for all of them; grouped targets are new in make 4.3, an older make repeats itself.
$(TEXTS) &: $(SENTENCES) | .venv/.done
	@echo "Compiling the texts …"
	@$(BIN)/pybabel --quiet compile -d chalicelib/texts -D "$(sort $(basename $(notdir $(SENTENCES))))"
