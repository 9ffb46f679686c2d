# Each target works on a fresh clone: what it lacks, it installs first. `make` alone explains them.

SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# The pinned Node comes with the npm packages, so the machine's own may be of any version that can run npm.
NODE := node_modules/.bin/node
INSTALLED := node_modules/.package-lock.json

.PHONY: help
help: ## Show this list; settings follow the target: make cluster CLUSTER=second (docs/local-cluster.md)
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9-]+:.*## / { gsub(/[$$][$$]/, "$$", $$2); printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ The main job

.PHONY: demo
demo: $(INSTALLED) ## Install the system, create a task by chat, show its event and reminder; CONTEXT=name for your own cluster (README.md)
	@$(NODE) demo/main.ts

##@ Local cluster

.PHONY: cluster
cluster: $(INSTALLED) ## Start a one-node Kubernetes on this machine (Linux, root); the first run builds it
	@$(NODE) localcluster/main.ts up

.PHONY: down
down: $(INSTALLED) ## Remove the local cluster and everything it wrote
	@$(NODE) localcluster/main.ts down

.PHONY: kubeconfig
kubeconfig: $(INSTALLED) ## Print the path of its kubeconfig: export KUBECONFIG=$$(make -s kubeconfig)
	@$(NODE) localcluster/main.ts kubeconfig

.PHONY: images
images: $(INSTALLED) ## Build the container images without Docker
	@$(NODE) localcluster/main.ts images

.PHONY: docker-contexts
docker-contexts: $(INSTALLED) ## Prepare a folder for each image, and print its docker build command
	@$(NODE) localcluster/main.ts docker-contexts

.PHONY: binaries
binaries: $(INSTALLED) ## Pack the compiled Kubernetes into build/binaries, to serve at KAFKA_EVENTS_BINARIES_URL
	@$(NODE) localcluster/publish-binaries.ts build/binaries

.PHONY: release-dry-run
release-dry-run: $(INSTALLED) ## Write what a release contains to build/release: chart, SBOM, changes, archives; publishes nothing
	@HELM=$(HELM) $(NODE) release/dry-run.ts

# A separate cache, removed afterwards; Go makes its folders read-only.
COLD_CACHE = $(if $(COLD),cold=$$(mktemp -d); trap 'chmod -R u+w "$$cold"; rm -rf "$$cold"' EXIT; \
	export XDG_CACHE_HOME="$$cold" GOCACHE="$$cold/go-build" GOMODCACHE="$$cold/go-mod";)

.PHONY: bench-cluster
bench-cluster: $(INSTALLED) ## Measure the local cluster: build and start times, memory, image sizes; COLD=1 builds everything
	@$(COLD_CACHE) $(NODE) localcluster/bench.ts

##@ Tests

.PHONY: test
test: $(INSTALLED) ## Check types and style and run all tests; the last line reads `N passed, N failed`
	@$(NODE) test/run.ts

.PHONY: unit integration e2e e2e-redpanda
unit: $(INSTALLED) ## Run the unit tests; ARGS=path or ARGS='-t name' selects some
integration: $(INSTALLED) ## Run the integration tests, on a real API server, Kafka and PostgreSQL
e2e: $(INSTALLED) ## Run the end-to-end tests, on real pods (Linux, root)
e2e-redpanda: $(INSTALLED) ## Run the chart's own engine on pods of a stand-in for Redpanda, which make test leaves out
unit integration e2e e2e-redpanda:
	@$(NODE) test/run.ts $@ $(ARGS)

.PHONY: gitops
gitops: $(INSTALLED) ## Test the examples with the code of Argo CD, Flux and CloudNativePG; the first run compiles it
	@$(NODE) test/run.ts gitops $(ARGS)

.PHONY: lab
lab: $(INSTALLED) ## Run operators with outdated caches for 15 minutes; LAB_SEED=n repeats a run (docs/testing.md)
	@$(NODE) localcluster/main.ts prepare
	@$(NODE) test/lab/main.ts

.PHONY: soak
soak: $(INSTALLED) ## Run the whole system while parts fail, and check every change; MINUTES=30 SEED=n (docs/testing.md)
	@$(NODE) localcluster/main.ts prepare
	@MINUTES=$(MINUTES) SEED=$(SEED) $(NODE) test/soak/main.ts

.PHONY: fresh-machine
fresh-machine: ## Run make demo from a clean clone in a bare Debian without caches (root, mmdebstrap); ROOT=folder keeps it, TARGETS='demo test' runs more
	@test/fresh-machine.sh

##@ Benchmarks

.PHONY: fuzz
fuzz: $(INSTALLED) ## Send the chat API 10,000 generated requests and 10,000 generated messages; RUNS sets how many
	@FUZZ_RUNS=$(or $(RUNS),10000) $(NODE) test/run.ts unit chat-api/quick-add/fuzz
	@FUZZ_RUNS=$(or $(RUNS),10000) $(NODE) test/run.ts integration chat-api/fuzz

.PHONY: bench
bench: $(INSTALLED) ## Run the benchmarks and compare each with its limit; ARGS=name runs one of those in test/bench
	@npm run --silent build
	@for name in $(or $(ARGS),chat-api reminder-worker topics tenants users broker-security); do $(NODE) test/bench/$$name.ts $$(ls dist/bin/$$name.js 2> /dev/null) || exit 1; done

.PHONY: bench-topics
bench-topics: $(INSTALLED) ## Time 1,000 and 10,000 EventTopics from create to Ready to deleted; COUNTS='500 2000' for others
	@npm run --silent build
	@$(NODE) test/bench/topics.ts $(COUNTS)

.PHONY: bench-cluster-life
bench-cluster-life: $(INSTALLED) ## Count messages lost or delayed while brokers restart, join, leave and fail, on real pods; ARGS=roll selects some, ENGINE=redpanda the stand-in
	@$(NODE) test/bench/cluster-life.ts $(ARGS)

##@ Code

.PHONY: build
build: $(INSTALLED) ## Compile src/ to dist/
	@npm run --silent build

.PHONY: lint
lint: $(INSTALLED) ## Check types, rules and formatting
	@npm run --silent check
	@npm run --silent lint

.PHONY: format
format: $(INSTALLED) ## Fix rules and formatting where that can be done automatically
	@npm run --silent format

.PHONY: generate
generate: $(INSTALLED) ## Regenerate crds/, schemas/ and the API reference from the code
	@npm run --silent generate

.PHONY: pictures
pictures: $(INSTALLED) ## Take the screenshots in docs/images again (docs/page.md); ARGS=page-dark takes one
	@LANGUAGE=en_GB $(NODE) test/pictures/page.ts $(ARGS)

.PHONY: clean
clean: ## Remove installed packages and build output; keeps the cache
	@rm -rf node_modules dist build coverage

# npm writes this file last, so it stands for a whole installation. Node itself comes by an install script: the last
# check is for those who told npm to run none.
NO_NPM := npm is missing: install Node.js, any version from 18 on, which brings it (Debian: apt-get install npm)
NO_NODE := npm left Node 24 out: if its setting ignore-scripts is on, run npm_config_ignore_scripts=false make
$(INSTALLED): package-lock.json
	@command -v npm >/dev/null || { echo '$(NO_NPM)' >&2; exit 1; }
	@echo '  … Installing Node 24 and the npm packages (half a minute)' >&2
	@npm ci --loglevel=error >/dev/null
	@$(NODE) --version >/dev/null 2>&1 || { echo '$(NO_NODE)' >&2; rm -f $@; exit 1; }
	@touch $@
