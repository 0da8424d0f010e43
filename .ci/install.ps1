# 不联网安装：.\install.ps1 [-Target .venv]；需要 Python 3.11 以上
param([string]$Target = ".venv", [string]$Python = "python")
$ErrorActionPreference = "Stop"
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
& $Python -c "import sys; sys.exit(sys.version_info < (3, 11))"
if ($LASTEXITCODE) { throw "需要 Python 3.11 或更新的版本" }
foreach ($line in Get-Content "$here\SHA256SUMS") {
  $expected, $name = $line -split "  ", 2
  $actual = (Get-FileHash "$here\$name" -Algorithm SHA256).Hash.ToLower()
  if ($actual -ne $expected) { throw "安装包不完整或者被改动过（$name），没有安装；请重新拷一份" }
}
& $Python -m venv $Target
& "$Target\Scripts\python.exe" -m pip --disable-pip-version-check install --quiet --no-index --no-deps `
  --find-links "$here\wheels" --require-hashes --requirement "$here\requirements.txt"
if ($LASTEXITCODE) { throw "没有装成" }
& "$Target\Scripts\gongkai.exe" --version
Write-Output "装好了。下一步：$Target\Scripts\gongkai.exe init 目录"
