# make run, make assets, make test, make lint, make bench, make long: CI calls the same (.ci/run).

SHELL := /bin/bash
STAGE := scripts/stage
# What is mounted goes away with the command. Who is not root is so in a namespace of users, where that is allowed.
MOUNTING = unshare --mount --propagation private $(if $(filter 0,$(shell id -u)),,--user --map-root-user)

# One at a time: the stages share the processor and cargo's lock, and their times are to be comparable.
.NOTPARALLEL:
.PHONY: run assets setup test lint bench long screenshots

## Serves a release build on the embedded SQLite.
run: assets
	cargo run --release

## Fetches what the portal serves to browsers beside its own files (htmx, by npm).
assets:
	@$(STAGE) assets scripts/assets

## Installs what tests and lints need (Debian packages, a Python and a Node environment, cargo-deny).
setup:
	@$(STAGE) setup scripts/setup-tests

## Every test, on SQLite and on a throwaway MariaDB.
test: setup assets
	@$(STAGE) "build tests" cargo test --all-features --no-run
	@$(STAGE) tests scripts/with-mariadb cargo test --all-features

## Format, the build without MariaDB, lints, scripts, licences.
lint: setup
	@$(STAGE) format cargo fmt --check
	@$(STAGE) "check without mariadb" cargo check --locked
	@$(STAGE) clippy cargo clippy --all-targets --all-features -- -D warnings
	@$(STAGE) "clippy of make long" cargo clippy --test disk --test galera --all-features -- -D warnings
	@$(STAGE) scripts shellcheck --severity=warning scripts/* .ci/run
	@$(STAGE) licences cargo deny check licenses bans sources

## Measures against the bare-route baselines and how long pages take, with a MariaDB whose commits reach the disk; then
## whether answers that are alike take alike long, with one whose commits do not.
bench: setup assets
	@$(STAGE) "build bench" cargo bench --bench load --all-features --no-run
	@$(STAGE) bench scripts/with-mariadb --disk cargo bench --bench load --all-features
	@$(STAGE) pages scripts/with-mariadb --disk cargo bench --bench pages --all-features
	@$(STAGE) timing scripts/with-mariadb cargo bench --bench timing --all-features

## The same tests with the counts of a long run (hours), a disk that is full, and a cluster of three Galera nodes.
long: setup assets
	@$(STAGE) "setup galera" scripts/setup-tests galera
	@$(STAGE) "build long" cargo test --all-features --release --no-run
	@$(STAGE) long env SIGILLO_LONG=1 scripts/with-mariadb cargo test --all-features --release
	@$(STAGE) "full disk" env SIGILLO_LONG=1 $(MOUNTING) cargo test --all-features --release --test disk -- --test-threads=1 --nocapture
	@$(STAGE) "build galera" cargo test --all-features --release --test galera --no-run
	@$(STAGE) galera env SIGILLO_LONG=1 scripts/with-galera cargo test --all-features --release --test galera

## Every page of the demonstration as a picture, in target/screenshots: both languages, both themes, wide and on a phone.
screenshots: setup assets
	@$(STAGE) "build screenshots" cargo build --all-features
	@$(STAGE) screenshots scripts/screenshots
