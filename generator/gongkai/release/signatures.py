"""Signatures of releases, with the SSH keys and lists of signers that git uses, too."""

import subprocess
from pathlib import Path

from gongkai.release.manifest import RELEASE, SIGNATURE

_NAMESPACE = "gongkai-release"
"""Says what a signature is for, so that none made for something else is accepted."""


class SignatureError(Exception):
    """A release could not be signed, or its signature is not valid; the message is in Chinese."""


def sign_release(folder: Path, key: Path) -> None:
    """Sign release.json, which holds the hashes of the hash lists.

    `key` is a private key, or the public key of one that ssh-agent holds.
    """
    command = ("-Y", "sign", "-q", "-f", f"{key.absolute()}", "-n", _NAMESPACE)
    _run(*command, f"{folder / RELEASE}", failure=f"没有签成：请核对密钥 {key}")
    (folder / SIGNATURE).chmod(0o644)


def verify_signature(folder: Path, signers: Path) -> str:
    """Return who signed a release, one of the allowed signers.

    Raise SignatureError if it is not signed, not by one of them, or was changed since.
    """
    signature = folder / SIGNATURE
    if not signature.is_file():
        raise SignatureError(f"这个发布没有签名（没有 {SIGNATURE}）")
    files = ("-s", f"{signature}", "-f", f"{signers}")
    found = _run(
        *("-Y", "find-principals", *files),
        failure=f"签名的密钥不在 {signers} 里：不是这些人签的",
    )
    name = found.splitlines()[0] if found else ""
    _run(
        *("-Y", "verify", *files, "-I", name, "-n", _NAMESPACE),
        failure=f"签名不对：{RELEASE} 在签名以后改过，或者签名不是给发布用的",
        data=(folder / RELEASE).read_bytes(),
    )
    return name


def _run(*arguments: str, failure: str, data: bytes | None = None) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            ("ssh-keygen", *arguments),  # noqa: S607 - wherever OpenSSH is installed
            input=data,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise SignatureError("没有找到 ssh-keygen；请安装 OpenSSH") from None
    if done.returncode:
        raise SignatureError(failure)
    return done.stdout.decode("utf-8", "replace").strip()
