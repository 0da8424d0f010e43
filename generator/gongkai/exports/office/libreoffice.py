"""Old files and PDF, by LibreOffice where it is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from gongkai.runtime.errors import RefusedError

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120


def libreoffice() -> str | None:
    """The program; None where it is not installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def converted(data: bytes, old: str, new: str) -> bytes:
    """A file in another format; `old` and `new` are endings such as .doc and .docx."""
    program = libreoffice()
    if program is None:
        raise RefusedError(
            f"转换 {old} 需要 LibreOffice，本机没有安装；请安装 LibreOffice，或用 Word、WPS 打开后另存为 {new}"
        )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"file{old}"
        source.write_bytes(data)
        command = [
            program,
            "--headless",
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--convert-to",
            new.removeprefix("."),
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise RefusedError(f"LibreOffice 用了 {_SECONDS} 秒还没有转换完，没有读取") from None
        target = source.with_suffix(new)
        if not target.is_file():
            raise RefusedError(
                f"LibreOffice 没能把这个文件转换成 {new}；请用 Word 或 WPS 打开，另存后再试"
            )
        return target.read_bytes()
