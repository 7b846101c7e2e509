# The commands that people need every day; each is one line of a script or of Maven.
.DEFAULT_GOAL := help
.PHONY: help run test fast check format bench advisories release

help: ## lists these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | awk -F'\t' '{printf "make %-10s %s\n", $$1, $$2}'

run: ## starts the server on port 8080 with an archive in this folder (ARGS="--port 9000")
	./thywill serve $(ARGS)

test: ## runs one test class, as in: make test T=PrayersTest or T='PrayersTest#author*'
	@tools/test '$(T)'

fast: ## runs the fast tests of all modules: under two minutes, without static analysis
	@tools/test --fast

check: ## checks everything that the gate checks: format, static analysis, all tests
	tools/format --check
	python3 tools/advisories_test.py
	tools/maven -B -ntp -T 2 -Prelease verify
	tools/reproducible --quick

format: ## formats all Java sources
	tools/format

bench: ## measures the program beside its peers (ARGS="--help")
	bench/run $(ARGS)

advisories: ## checks the libraries that are shipped against a downloaded list of advisories (ARGS="--list FILE")
	tools/advisories $(ARGS)

release: ## builds target/thywill-VERSION.tar.gz, which needs only JDK 25 to run
	tools/release
