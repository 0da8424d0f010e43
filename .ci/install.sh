#!/bin/sh
# 不联网安装：./install.sh [放到哪里，默认 .venv]；需要 Python 3.11 以上，PYTHON=python3.12 可以指定
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-.venv}
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新的版本"; exit 1; }
(cd "$here" && sha256sum -c --quiet SHA256SUMS) || { echo "安装包不完整或者被改动过，没有安装；请重新拷一份"; exit 1; }
"$python" -m venv "$target" || { echo "无法建立虚拟环境；Debian/Ubuntu 请先安装 python3-venv"; exit 1; }
"$target/bin/python" -m pip --disable-pip-version-check install --quiet --no-index --no-deps \
  --find-links "$here/wheels" --require-hashes --requirement "$here/requirements.txt"
"$target/bin/gongkai" --version
echo "装好了。下一步：$target/bin/gongkai init 目录"
