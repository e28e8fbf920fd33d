# The one way in. Each rule calls a script that a person could run just as well.
.DEFAULT_GOAL := help
.PHONY: help demo walk-through build check test test-releases fuzz faults bench install

help: ## show this
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 22

demo: build ## a mail server from a blueprint: rehearsed, applied, looked at (needs root)
	@scripts/setup --quiet
	@scripts/demo

walk-through: build ## the same server step by step, with postmulti and real mail (needs root)
	@scripts/setup --quiet
	@scripts/walk-through

build: ## make the release programs in .build/release/
	@scripts/build

check: ## look for mistakes: format, warnings, forbidden imports, shell scripts
	@scripts/check

test: ## run everything that can fail (needs root, installs what is missing)
	@scripts/test
	@scripts/test-releases

test-releases: ## run the parity tests and the walk-through with the Postfix of other Debian releases
	@scripts/test-releases

fuzz: ## feed all readers with hostile inputs for some ten minutes
	@scripts/fuzz

faults: ## play all faults on the real postmulti and write Documentation/reliability.md's table
	@scripts/faults

bench: build ## measure against the installed postmulti, and the filter against other proxies
	@Benchmarks/run
	@Benchmarks/run-filter

install: ## install what was built into $(DESTDIR)$(PREFIX), by default /usr/local
	@scripts/install "$(DESTDIR)" "$(PREFIX)"
