# gongkai: every target sets up what it needs in .venv/, quickly and silently when nothing changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help site serve edit check test test-quick test-long test-nightly lint ruff mypy imports format styles fflate browsers bench bench-search browser screenshots demo bundle lock clean

help: ## 列出全部命令 · list the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /	/' | awk -F'\t' '{printf "make %-15s %s\n", $$1, $$2}'

site: $(VENV)/.schemas ## 生成网站到 site/ · build the site
	@$(BIN)/gongkai build --strict $(ARGS)

serve: $(VENV)/.schemas ## 在本机预览，保存即更新 · preview, rebuilds on save
	@$(BIN)/gongkai serve $(ARGS)

edit: $(VENV)/.schemas ## 在浏览器里填报、核对、交件 · fill in and check in the browser
	@$(BIN)/gongkai edit $(ARGS)

check: $(VENV)/.schemas ## 核对数据 · check the data
	@$(BIN)/gongkai check $(ARGS)

test: lint browser ## 静态检查与测试 · lint and tests
	@$(BIN)/python -m pytest -n auto $(ARGS)

test-quick: $(VENV)/.dev ## 只测规则和数据模型 · the rules and the model only
	@$(BIN)/python -m pytest tests/checks/test_rules.py tests/model $(ARGS)

test-long: $(VENV)/.dev browser ## 其余的测试，约半小时 · the long tests, half an hour
	@.ci/libreoffice
	@.ci/webservers
	@$(BIN)/python -m pytest -n auto -m long $(ARGS)

test-nightly: $(VENV)/.dev browser ## 最慢的测试，几小时 · the slowest tests, hours
	@.ci/libreoffice
	@.ci/webservers
	@$(BIN)/python -m pytest -n auto -m nightly $(ARGS)

lint: $(VENV)/.dev ## 静态检查 · linters and types
	@$(MAKE) --no-print-directory -j2 ruff mypy imports

ruff:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

mypy:
	@$(BIN)/mypy --no-error-summary

imports:
	@$(BIN)/lint-imports --no-logo > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }

format: $(VENV)/.dev ## 整理代码格式 · format the code
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

styles: $(VENV)/.dev ## 由主题的样式表重做精简的 · purge the theme's style sheet
	@$(BIN)/python -m tests.styles

fflate: $(VENV)/.dev ## 由 npm 重做旧浏览器用的解压程序 · make the old browsers' inflate anew
	@$(BIN)/python -m tests.fflate

browsers: $(VENV)/.dev ## 列出旧浏览器不支持的写法 · list what the promised browsers do not support
	@$(BIN)/python -m tests.browser_support

browser: ## 备好测试用的浏览器 · the browser that the tests use
	@.ci/browser

screenshots: $(VENV)/.dev browser ## 给每种网页截图 · pictures of every kind of page
	@$(BIN)/python -m tests.screenshots $(ARGS)

demo: $(VENV)/.schemas ## 在 demo/ 生成虚构的示例县 · a made-up county in demo/
	@[ -d demo ] || $(BIN)/gongkai init demo --demo
	@cd demo && ../$(BIN)/gongkai build --strict $(ARGS)

bundle: $(VENV)/.site ## 不联网安装用的安装包，放在 bundle/ · packages for a closed network
	@$(BIN)/python .ci/bundle.py bundle $(ARGS)

bench: $(VENV)/.bench ## 测速 · measure the speed
	@$(BIN)/python -m tests.benchmarks $(ARGS)

bench-province: $(VENV)/.bench ## 十万页时测速，约一小时 · measure 100,000 pages, an hour
	@$(BIN)/python -m tests.benchmarks 100000 --others 0 $(ARGS)

bench-search: $(VENV)/.bench ## 与别的搜索比较 · compare with other searches
	@$(BIN)/python -m tests.benchmarks.search --out tests/benchmarks/search.md $(ARGS)
	@$(BIN)/python -m tests.benchmarks.first_query --out tests/benchmarks/first_query.md

lock: $(VENV)/.dev ## 更新锁定的版本 · pin newest versions
	@$(PIP) install uv
	@for set in "requirements.txt --extra build --extra edit --extra pdf" "requirements-dev.txt --extra build --extra edit --extra pdf --extra dev" \
	  "requirements-bench.txt --extra bench"; do \
	  file=$${set%% *}; \
	  env -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL $(BIN)/uv pip compile --no-config --quiet --upgrade \
	    --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    $${set#* } pyproject.toml > $(VENV)/lock.txt && \
	  { echo '# Exact versions with hashes, made by "make lock" from pyproject.toml. Do not edit by hand.'; \
	    cat $(VENV)/lock.txt; } > $$file; \
	done

clean: ## 删去网站与环境 · remove the site and the environment
	@rm -rf site .gongkai $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新的版本，可用 make PYTHON=python3.12 指定 · Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "无法建立虚拟环境；Debian/Ubuntu 请先安装 python3-venv · python3-venv is missing"; exit 1; }

$(VENV)/.site: requirements.txt pyproject.toml | $(BIN)/python
	@echo "正在安装所需的软件包，约一分钟 · installing packages, about a minute"
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.schemas: $(VENV)/.site $(wildcard data/forms/*.yml) $(wildcard generator/gongkai/*/*.py generator/gongkai/*/*/*.py)
	@$(BIN)/gongkai schemas 2> /dev/null; touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.site
	@echo "正在安装测试工具 · installing the test tools"
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	@echo "正在安装用来比较的程序 · installing the programs to compare with"
	@$(PIP) install --require-hashes --no-deps -r requirements-bench.txt
	@touch $@
