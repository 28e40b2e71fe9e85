# make run and make test set up whatever they need; `make help` lists the rest.
SHELL := /bin/bash
BIN   := .bin/threadline
APP   := internal/web/app
NODE  := $(shell command -v npm 2>/dev/null)
GO_TEST_FLAGS ?= -race -timeout 30m

# The same for builds, vet, tests and the programs that tests build: what one of
# them has compiled, all others take from the cache.
export GOFLAGS += -trimpath

.PHONY: help run test setup build web web-test script-test go-test soak model bench bench-web fuzz types fmt check clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## set up, build, and open the demo in a browser
	@$(BIN) demo --open

test: setup web web-test script-test check go-test ## set up, and run the tests

setup: ## install the Debian packages that the tests use, when it is root
	@./.ci/setup

build: web ## build the binary with the web app in it
	@mkdir -p .bin && go build -o $(BIN) ./cmd/threadline

# npm ci wants a lock entry for every platform of every optional package, also
# of those that a registry does not carry; install keeps to the lock file's
# versions without that.
ifdef NODE
web: $(APP)/dist/index.html ## build the web app

$(APP)/node_modules/.package-lock.json: $(APP)/package.json $(APP)/package-lock.json
	cd $(APP) && npm install --no-save --no-audit --no-fund && touch node_modules/.package-lock.json

$(APP)/dist/index.html: $(APP)/node_modules/.package-lock.json $(shell find $(APP)/src $(APP)/index.html -type f)
	cd $(APP) && npm run build

appsscript/node_modules/.package-lock.json: appsscript/package.json appsscript/package-lock.json
	cd appsscript && npm install --no-save --no-audit --no-fund && touch node_modules/.package-lock.json

script-test: appsscript/node_modules/.package-lock.json ## test the Apps Script flavour of the sidebar
	cd appsscript && npm test

web-test: web ## test the web app, also in a real browser
	cd $(APP) && npm test && npm run browser
else
web web-test script-test:
	@echo "SKIPPED, NOT TESTED: npm is not installed: the web app is neither built nor tested, the Apps Script not tested" >&2
endif

check: ## formatting and vet
	@files=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$files" ]; then echo "gofmt would change: $$files"; exit 1; fi
	go vet ./...

# The longest ones first, and one more at a time than there are cores: they wait
# for servers and disks.
SLOW_TESTS := ./cmd/threadline ./sync/engine ./internal/api
go-test:
	go test -p $$(($$(getconf _NPROCESSORS_ONLN) + 1)) $(GO_TEST_FLAGS) $(SLOW_TESTS) \
	  $$(go list ./... | grep -vxF "$$(go list $(SLOW_TESTS))")

soak: setup ## long loops and large sizes
	THREADLINE_SOAK=1 THREADLINE_MAILS=20000 go test -timeout 60m -count=1 ./sync/... ./internal/store/... ./internal/ledger ./internal/records ./internal/intake
	THREADLINE_SOAK=1 go test -timeout 30m -count=1 -run '^Test(DeathAtEveryCall|ManyDeaths)$$' ./internal/campaign
	THREADLINE_SOAK=1 go test -timeout 30m -count=1 -run '^Test(Backup|Instances|StalledInstance|CampaignKills|CampaignInstances|TrackingKilled)$$' ./cmd/threadline
	$(MAKE) fuzz FUZZTIME=60s

FUZZTIME ?= 10s
fuzz: ## run every fuzz target for FUZZTIME
	@set -e; for pkg in $$(go list ./...); do \
	  for f in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$f"; go test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) $$pkg; done; done

model: setup ## prove the scheme by which campaigns are sent, and disprove the others
	THREADLINE_MODEL=1 go test -count=1 -run '^TestModel$$' -v ./internal/campaign

bench: setup ## ratios side by side (MAIL=DIR takes real mail, else a generator)
	@./.ci/bench $(MAIL)

bench-web: build ## how quick the web app is, beside a page that does nothing else (ROWS=100000)
	cd $(APP) && THREADLINE_BIN=$(CURDIR)/$(BIN) npm run bench

types: ## write the types of the web app anew from the server
	cd $(APP) && npm run fresh

fmt: ## format
	gofmt -w $$(git ls-files '*.go')

clean: ## remove what was built
	rm -rf .bin $(APP)/dist $(APP)/node_modules appsscript/node_modules
