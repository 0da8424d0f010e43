"""The container file and the install script for Windows, read by a linter and a parser: nothing runs them here."""

import codecs
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from tests.folders import ROOT

CONTAINER_FILE = ROOT / "Containerfile"
INSTALL_SCRIPT = ROOT / ".ci/install.ps1"
HADOLINT = Path(sys.executable).with_name("hadolint")


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [HADOLINT, "--no-color", path], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint 没有这个系统的安装包")
def test_the_container_file_has_no_findings(tmp_path: Path) -> None:
    done = lint(CONTAINER_FILE)
    assert (done.returncode, done.stdout) == (0, "")
    faulty = tmp_path / "Containerfile"
    faulty.write_text("FROM debian\nRUN cd /tmp\n", "utf-8")
    assert lint(faulty).returncode == 1


def test_the_container_file_names_no_registry_and_no_administrator() -> None:
    lines = [
        line for line in CONTAINER_FILE.read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    assert lines[:2] == ["ARG BASE", "FROM ${BASE}"]
    assert not re.search(r"https?://|\w\.(?:io|com|org|cn)\b", "\n".join(lines))
    (user,) = (line for line in lines if line.startswith("USER "))
    assert re.fullmatch(r"USER [1-9]\d*:[1-9]\d*", user)


def errors_in(script: bytes) -> list[str]:
    """Return what a PowerShell script has that is no PowerShell."""
    parser = Parser(Language(tree_sitter_powershell.language()))

    def walk(node: Node) -> Iterator[str]:
        if node.is_error or node.is_missing:
            yield f"{node.start_point.row + 1}: {(node.text or b'').decode()[:40]}"
        for child in node.children:
            yield from walk(child)

    return list(walk(parser.parse(script).root_node))


def test_the_install_script_is_powershell() -> None:
    """It begins with a byte order mark: without it, Windows PowerShell 5.1 reads it as GBK."""
    script = INSTALL_SCRIPT.read_bytes()
    assert script.startswith(codecs.BOM_UTF8)
    script = script.removeprefix(codecs.BOM_UTF8)
    assert errors_in(script) == []
    assert errors_in(script.replace(b"{", b"", 1)) != []
