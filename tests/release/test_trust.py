"""What anybody can check of a release: signature, second build, components and their licences."""

import json
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from gongkai.release.components import list_components, render_licences, render_sbom
from tests.commands import run_gongkai, run_program
from tests.folders import replace_in_file
from tests.release.test_publish import (
    DAY,
    edit,
    live,
    publisher,
    release,
    released_copy,
    released_folder,
    repository_folder,
)

__all__ = ["publisher", "released_copy", "released_folder", "repository_folder"]


def create_key(folder: Path, name: str) -> Path:
    """Create an SSH key, and a list of signers that has this one alone; return the key."""
    key = folder / name
    done = run_program("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{key}", folder=folder)
    assert done.returncode == 0, done.stderr
    public = " ".join(key.with_suffix(".pub").read_text("utf-8").split()[:2])
    (folder / f"{name}.signers").write_text(f"{name}@gongkai.example {public}\n", "utf-8")
    return key


def verify(folder: Path, signers: str) -> tuple[int, str]:
    done = run_gongkai("verify", "../live", "--signers", f"../{signers}", folder=folder)
    return done.returncode, done.stderr


def test_a_signed_release_names_its_signer(publisher: Path) -> None:
    folder = publisher.parent
    key = create_key(folder, "shili")
    create_key(folder, "other")
    assert release(publisher, "--sign", f"{key}").returncode == 0
    code, message = verify(publisher, "shili.signers")
    assert code == 0
    assert message.endswith("签名的是 shili@gongkai.example\n")
    code, message = verify(publisher, "other.signers")
    assert (code, "不是这些人签的" in message) == (1, True)
    signers = f"gpg.ssh.allowedSignersFile={folder / 'shili.signers'}"
    checked = run_program("git", "-c", signers, "tag", "-v", f"released/{DAY}", folder=publisher)
    assert checked.returncode == 0, checked.stderr
    facts = live(publisher) / "release.json"
    facts.write_text(facts.read_text("utf-8").replace(DAY, "2023-07-02"), "utf-8")
    code, message = verify(publisher, "shili.signers")
    assert (code, "在签名以后改过" in message) == (1, True)


def test_a_signature_for_another_purpose_is_not_accepted(publisher: Path) -> None:
    key = create_key(publisher.parent, "shili")
    assert release(publisher).returncode == 0
    code, message = verify(publisher, "shili.signers")
    assert (code, "没有签名" in message) == (1, True)
    facts = live(publisher) / "release.json"
    command = ("ssh-keygen", "-Y", "sign", "-q", "-f", f"{key}", "-n", "git", f"{facts}")
    assert run_program(*command, folder=publisher).returncode == 0
    code, message = verify(publisher, "shili.signers")
    assert (code, "不是给发布用的" in message) == (1, True)


def test_a_key_that_cannot_sign_releases_nothing(publisher: Path) -> None:
    (publisher.parent / "key").write_text("示例", "utf-8")
    done = release(publisher, "--sign", "../key")
    assert (done.returncode, "没有签成" in done.stderr) == (1, True)
    assert not live(publisher).exists()
    assert release(publisher).returncode == 0


def reproduce(folder: Path) -> tuple[int, str, str]:
    done = run_gongkai("reproduce", "../live", "-j", "1", folder=folder)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.long
def test_a_release_is_reproduced_from_its_commit(released_copy: Path) -> None:
    """Later commits, releases and files that are not committed change nothing."""
    edit(released_copy, "第二次")
    assert release(released_copy).returncode == 0
    run_gongkai("rollback", "../live", folder=released_copy)
    edit(released_copy, "第三次")
    (released_copy / "content" / "about.md").write_text("# 没有提交\n", "utf-8")
    before = run_program("git", "status", "--porcelain", folder=released_copy).stdout
    for name in (DAY, f"{DAY}-2"):
        code, out, message = reproduce(released_copy)
        assert (code, out) == (0, ""), message
        assert f"一个字节也不差，发布 {name}，提交 " in message
        run_gongkai("rollback", "../live", f"{DAY}-2", folder=released_copy)
    assert run_program("git", "status", "--porcelain", folder=released_copy).stdout == before
    tags = run_program("git", "tag", "--list", folder=released_copy).stdout.split()
    assert tags == [f"released/{DAY}", f"released/{DAY}-2"]


def test_what_was_not_committed_cannot_be_reproduced(publisher: Path) -> None:
    replace_in_file(publisher / "overrides" / "404.html", {"没有这个页面</h1>": "没有</h1>"})
    assert release(publisher).returncode == 0
    sbom = live(publisher) / "sbom.cdx.json"
    code, out, message = reproduce(publisher)
    assert (code, out) == (1, "改动 404.html\n")
    assert "没提交的 mkdocs.yml、content、overrides" in message
    text = sbom.read_text("utf-8")
    sbom.write_text(text.replace('"name": "mkdocs",', '"name": "mkdocs", '), "utf-8")
    code, _, message = reproduce(publisher)
    assert (code, "这个发布的文件改动过" in message) == (1, True)


def test_a_release_without_git_cannot_be_reproduced(publisher: Path) -> None:
    assert release(publisher, "--no-git").returncode == 0
    code, _, message = reproduce(publisher)
    assert (code, "没有记提交" in message) == (1, True)


def test_the_sbom_follows_the_schema() -> None:
    components = list_components()
    text = render_sbom(components)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document = json.loads(text)
    names = {component["name"] for component in document["components"]}
    assert {"mkdocs-material", "numpy", "lxml", "jinja2", "pdfplumber", "fflate"} <= names
    assert '"ref": "pkg:npm/fflate@' in text
    assert not names & {"pytest", "ruff", "playwright"}
    assert document["metadata"]["component"]["name"] == "gongkai"
    references = {entry["ref"] for entry in document["dependencies"]}
    assert all(set(entry["dependsOn"]) <= references for entry in document["dependencies"])
    assert text == render_sbom(list_components())


def test_every_component_has_a_licence() -> None:
    components = list_components()
    text = render_licences(components)
    assert [part.name for part in components if not (part.expression or part.licence)] == []
    assert [part.name for part in components if not part.texts] in ([], ["pypdfium2"])
    for part in components:
        assert f"\n{part.name} {part.version}\n" in text
    assert "木兰宽松许可证" in text
    assert "Arjun Barrett" in text


@pytest.mark.parametrize("name", ["sbom.cdx.json", "licences.txt"])
def test_changed_components_are_noticed(released_copy: Path, name: str) -> None:
    (live(released_copy) / name).write_text("", "utf-8")
    done = run_gongkai("verify", "../live", folder=released_copy)
    assert (done.returncode, done.stdout) == (1, f"{name} 被改动过，或者没有了\n")
