"""Conversion of legacy files and PDF with LibreOffice, if it is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from gongkai.runtime.errors import UnreadableFileError

_PROGRAMS = ("soffice", "libreoffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>2</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""Settings of LibreOffice: no macros, and nothing fetched that a file links to."""
_TIMEOUT = 120
"""Seconds after which a conversion is given up."""


def find_libreoffice() -> str | None:
    """Return the path of the program, or None if LibreOffice is not installed."""
    return next((path for name in _PROGRAMS if (path := shutil.which(name))), None)


def convert_file(data: bytes, old_suffix: str, new_suffix: str) -> bytes:
    """Convert a file; `old_suffix` and `new_suffix` are suffixes such as .doc and .docx. Raise UnreadableFileError on failure."""
    program = find_libreoffice()
    if program is None:
        raise UnreadableFileError(
            f"转换 {old_suffix} 需要 LibreOffice，本机没有安装；请安装 LibreOffice，或用 Word、WPS 打开后另存为 {new_suffix}"
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"file{old_suffix}"
        source.write_bytes(data)
        settings = Path(folder) / "profile/user/registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, "utf-8")
        command = [
            program,
            "--headless",
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--convert-to",
            new_suffix.removeprefix("."),
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=_TIMEOUT, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise UnreadableFileError(
                f"LibreOffice 用了 {_TIMEOUT} 秒还没有转换完，没有读取"
            ) from None
        target = source.with_suffix(new_suffix)
        if not target.is_file():
            raise UnreadableFileError(
                f"LibreOffice 没能把这个文件转换成 {new_suffix}；请用 Word 或 WPS 打开，另存后再试"
            )
        return target.read_bytes()
