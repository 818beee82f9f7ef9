# Every command of the project. What each needs is installed first when it is missing; see scripts/setup.sh.
.DEFAULT_GOAL := help
.PHONY: bench bench-browser bench-count bench-pyramid build chaos clean dev fmt help lint run screens setup site test test-browser test-faults test-rest test-rust

bench: ## Measure in about five minutes: 20,000 people at work on SQLite and on PostgreSQL, and what a larger project costs
	scripts/setup.sh test
	scripts/build.sh
	scripts/bench.sh

bench-browser: ## Measure the workbench in Chromium: a slow line, bytes before the first label, a long text, thousands of shapes, boxes an hour, the helper
	scripts/setup.sh test
	scripts/build.sh
	cd end2end && ../node_modules/.bin/playwright test --config tools.config.ts measure text image hand assist

bench-count: ## Count the instructions of one claim with its submit
	scripts/bench.sh count

bench-pyramid: ## Measure cutting a gigapixel into tiles, beside vips dzsave
	scripts/bench.sh pyramid

build: ## Build the release binary with its site inside, at target/release/terrace
	scripts/setup.sh build
	scripts/build.sh

chaos: ## Kill, fill, cut and fail over under load, and audit what is left
	scripts/chaos.sh

clean: ## Delete what was built in this clone and in the shared target folder
	scripts/clean.sh

dev: ## Serve a quick, unoptimised build on http://127.0.0.1:3000 with data in ./data
	scripts/setup.sh build
	scripts/dev.sh

fmt: ## Format the Rust code
	cargo fmt --all

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lint: ## Check format, lints, documentation, licences and dependencies
	scripts/test.sh lint

run: build ## Build what is out of date and serve the demo on http://127.0.0.1:3000 with data in ./data
	target/release/terrace demo

screens: ## Take a picture of every page, in both languages and themes, and of every image tool in use, into TERRACE_SCREENS
	scripts/setup.sh test
	scripts/build.sh
	cd end2end && ../node_modules/.bin/playwright test --config tools.config.ts screens

setup: ## Install what building and testing need and is missing
	scripts/setup.sh test

site: ## Build what the browser loads, into target/site
	scripts/setup.sh build
	scripts/build-site.sh

test: ## Run every check and test
	scripts/test.sh

test-browser: ## Build the release binary and test it in Chromium
	scripts/test.sh browser

test-faults: ## Kill nodes and databases for a minute or two, and follow docs/deploy.md word by word (that as root only)
	scripts/test.sh faults

test-rest: ## Build the release binary and fuzz its REST interface by its OpenAPI document
	scripts/test.sh rest

test-rust: ## Run the Rust tests
	scripts/test.sh rust
