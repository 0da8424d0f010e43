#!/bin/sh
# 没有代码平台时，在服务器上核对并发布：./publish.sh 发布的目录
set -eu
cd "$$(dirname "$$0")"
.venv/bin/gongkai check
.venv/bin/gongkai release "$$1"
