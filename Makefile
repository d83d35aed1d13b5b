# serve, test and build install what they need first; see scripts/setup.sh.

.PHONY: help serve test build

help:
	@echo 'make serve   build the page and serve it on loopback (PORT=8080)'
	@echo 'make test    every check; STEPS="cargo journeys" runs only these'
	@echo 'make build   leave the release page in dist/'

serve: build
	@exec node scripts/serve.mjs --root dist --port $(or $(PORT),8080)

test:
	@scripts/setup.sh test
	@scripts/test.sh $(STEPS)

build:
	@scripts/setup.sh build
	@scripts/build.sh
