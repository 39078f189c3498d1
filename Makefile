# Two commands for a newcomer: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
# Of Rasa's default pipeline in `make bench`; all 100 take over an hour, fewer are carried forward.
DIET_EPOCHS ?= 8
.DEFAULT_GOAL := help
.PHONY: help python run test check evaluate bench setup setup-dev pictures conversations fit clean

help: ## What can be done
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

run: setup ## Set everything up and run the assistant; Ctrl-C stops it
	@exec .venv/bin/bot up

test: setup-dev ## Every test, with real parts
	@.venv/bin/python -m tests.chromium
	@.venv/bin/python -m pytest -q

check: setup-dev ## Format, lint, types and import rules
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

evaluate: setup-dev ## How well it understands and finds, on the sets in data/evaluation
	@.venv/bin/bot evaluate

bench: setup-dev ## Speed and memory, and Rasa's default pipeline beside ours, in one run
	@.venv/bin/python -m tests.bench
	@nlu/.venv/bin/python -m nlu.compare_diet --epochs $(DIET_EPOCHS)

pictures: setup-dev ## The pictures in the README, made anew
	@.venv/bin/python -m tests.chromium
	@.venv/bin/python -m tests.pictures

conversations: setup-dev ## docs/conversations.md, had anew with the real turn
	@.venv/bin/python -m tests.conversations

fit: setup-dev ## Fit the weights of finding anew: make fit CATALOGUE=procedures.jsonl.gz
	@.venv/bin/python -m knowledge.fitting --catalogue "$(CATALOGUE)"

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name it: make run PYTHON=python3.12"; exit 1; }

setup: python
	@$(PYTHON) -m bot.bootstrap

setup-dev: python
	@$(PYTHON) -m bot.bootstrap --dev

clean: ## Remove environments and everything written at run time
	rm -rf .venv nlu/.venv .uv var
