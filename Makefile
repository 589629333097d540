# Two commands: `make run` starts everything, `make test` checks everything. Both set up what they need.

PYTHONS = python3.13 python3.12 python3.14 python3.11 python3 python
PIP = .venv/bin/python -m pip -qq --disable-pip-version-check install --require-hashes
FUZZ = .venv-fuzz/.installed
RUN = .venv/.installed-run
DEV = .venv/.installed-dev
NODE = node_modules/.installed
STATIC = build/static/staticfiles.json

.PHONY: run link test check tests-sqlite tests-postgres browser fuzz lock bench bench-peers screenshots

run: $(RUN) $(STATIC)
	@exec .venv/bin/python manage.py up

# A fresh link that signs the administrator in once.
link: $(RUN)
	@.venv/bin/python manage.py signin_link

test: check browser tests-sqlite tests-postgres

check: $(DEV) $(NODE)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djade --check $$(find templates -name '*.html')
	.venv/bin/djlint --lint templates

tests-sqlite: $(DEV) $(STATIC)
	.venv/bin/pytest -n 2 --dist loadgroup

tests-postgres: $(DEV) $(STATIC)
	.venv/bin/python -m tests.postgres .venv/bin/pytest -n 2

browser: $(DEV)
	@.venv/bin/python -m tests.chromium || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium"; apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium >/dev/null; \
	else echo "There is no Chromium: install one, or name it in E2E_BROWSER." >&2; exit 1; fi

fuzz: $(DEV) $(FUZZ)
	.venv/bin/python -m tests.fuzz

lock: $(DEV)
	requirements/lock.sh
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts

bench: $(DEV) $(STATIC)
	.venv/bin/python -m bench

bench-peers: $(DEV)
	.venv/bin/python -m bench.peers

# Every screen in its main states, into build/screenshots; what docs show, into docs/images.
screenshots: $(DEV) $(STATIC) browser
	.venv/bin/python -m docs.screenshots

# A Python is found by running it: a name on PATH may be a shim that only fails.
.venv/bin/pip:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then echo "Making .venv with $$python"; exec $$python -m venv .venv; fi; \
	done; \
	echo "Tuneboard needs Python 3.11 or newer with venv (on Debian: apt install python3-venv)." >&2; exit 1

$(RUN): requirements/run.txt | .venv/bin/pip
	@echo "Installing Python packages"
	@$(PIP) -r $<
	@touch $@

$(DEV): requirements/dev.txt | .venv/bin/pip
	@echo "Installing Python packages for tests"
	@$(PIP) -r $<
	@touch $@

$(FUZZ): requirements/fuzz.txt | $(DEV)
	@echo "Installing schemathesis"
	@.venv/bin/python -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip -qq --disable-pip-version-check install -r $<
	@touch $@

# npm from PATH when it works, else the one of a Python package.
$(NODE): package-lock.json | .venv/bin/pip
	@echo "Installing packages for the pages"
	@npm --version >/dev/null 2>&1 || $(PIP) -r requirements/node.txt
	@npm --version >/dev/null 2>&1 || PATH="$$PWD/.venv/bin:$$PATH"; \
	npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(STATIC): $(NODE) $(shell find static -type f)
	@[ -e $(DEV) ] || $(MAKE) -s $(RUN)
	@echo "Collecting static files"
	@.venv/bin/python manage.py collectstatic --noinput --clear --verbosity 0
