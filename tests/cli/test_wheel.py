"""The wheel: it installs the same files as a checkout, and they work by themselves."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from gongkai.runtime.shipped import shipped_pages
from tests.build.test_mkdocs_site import hashes
from tests.build.test_publisher import CONFIG as PUBLISHER_CONFIG
from tests.commands import run_gongkai
from tests.folders import GOLDEN, ROOT, example_data

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def environment_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with gongkai's wheel and, from this environment, what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    offline = ("--no-index", "--no-deps")
    subprocess.run(
        [*pip, "wheel", *offline, "--no-build-isolation", "-w", folder, ROOT], check=True
    )
    (wheel,) = folder.glob("gongkai-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    subprocess.run([*pip, f"--python={python}", "install", *offline, wheel], check=True)
    # Paths in a .pth file, whose own .pth files (that of this checkout) are not read.
    paths = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
    (package,) = environment.glob("lib/python*/site-packages")
    (package / "dependencies.pth").write_text("\n".join(paths), "utf-8")
    return environment


def run_installed(
    environment: Path, *command: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """Run a program of the environment, without this checkout's modules."""
    variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    program = f"{environment / 'bin' / command[0]}"
    return subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_has_the_files_of_the_checkout(environment_folder: Path) -> None:
    (installed,) = environment_folder.glob("lib/python*/site-packages/gongkai")
    files = [
        {name: digest for name, digest in hashes(folder).items() if "__pycache__" not in name}
        for folder in (installed, ROOT / "generator" / "gongkai")
    ]
    shipped = {name: files[0].pop(name) for name in [*files[0]] if name.startswith("shipped/")}
    assert files[0] == files[1]
    single = {"CHANGELOG.zh-CN.md", "mkdocs.yml", "requirements.txt"}
    expected = {*single, *(f"content/{page}" for page in shipped_pages())}
    for folder in ("overrides", "data/forms"):
        expected |= {f"{folder}/{name}" for name in hashes(ROOT / folder)}
    names = {name.removeprefix("shipped/") for name in shipped}
    assert names == expected
    for name in names:
        digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
        assert shipped[f"shipped/{name}"] == digest
    assert {"checks/examples.yml", "reading/words.yml"} <= files[0].keys()
    assert any(name.endswith(".jinja") for name in files[0])


def test_the_installed_program_works(
    environment_folder: Path, example_folder: Path, tmp_path: Path
) -> None:
    folder = example_folder
    done = run_installed(
        environment_folder, "python", "-c", "import gongkai; print(gongkai.__file__)", folder=folder
    )
    assert done.stdout.startswith(f"{environment_folder}"), done.stderr
    for arguments in (("--version",), ("rules",), ("check",)):
        expected = run_gongkai(*arguments, folder=folder)
        for command in (("gongkai",), ("python", "-m", "gongkai")):
            done = run_installed(environment_folder, *command, *arguments, folder=folder)
            assert (done.returncode, done.stdout, done.stderr) == (
                0,
                expected.stdout,
                expected.stderr,
            )
    site = tmp_path / "site"
    done = run_installed(
        environment_folder, "gongkai", "build", "--strict", "-d", f"{site}", folder=folder
    )
    assert done.returncode == 0, done.stderr
    assert hashes(site) == hashes(folder / "site")


def test_a_publisher_with_nothing_of_the_program(environment_folder: Path, tmp_path: Path) -> None:
    """Outside this repository: settings and data, without forms, theme and handbook."""
    folder = tmp_path / "publisher"
    example_data(folder)
    shutil.rmtree(folder / "data" / "forms")
    (folder / "content").mkdir()
    (folder / "mkdocs.yml").write_text(PUBLISHER_CONFIG.replace("  custom_dir: overrides\n", ""))
    done = run_installed(environment_folder, "gongkai", "build", "--strict", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "演示站点" not in (folder / "site/about/index.html").read_text("utf-8")
    assert (folder / "site/units/shili/2022/index.html").is_file()
    assert (folder / "site/guide/rules/df-03/index.html").is_file()


def test_another_version_is_compared_and_pinned(environment_folder: Path, tmp_path: Path) -> None:
    """What changes in forms and pages is what running both versions shows."""
    (wheel,) = environment_folder.parent.glob("gongkai-*.whl")
    newer = tmp_path / "gongkai-0.2.0-py3-none-any.whl"
    write_newer_wheel(wheel, newer)
    folder = tmp_path / "publisher"
    run_installed(environment_folder, "gongkai", "init", f"{folder}", folder=tmp_path)
    shutil.copytree(GOLDEN / "data/units", folder / "data/units", dirs_exist_ok=True)
    command = ("gongkai", "upgrade", f"{newer}")
    done = run_installed(environment_folder, *command, "--check", folder=folder)
    assert done.stdout == (
        "从 0.1.0 到 0.2.0\n## 0.2.0\n\n- 示例改动。\n"
        "表式：1 处不同\n  改动 hunan-2022-project，这里有 1 份文件在用\n"
        "site.yml、unit.yml、disclosure.yml 的键：没有不同\n"
        "自己的网页和模板：没有不同\n核对结果：没有不同\n"
        "网页：2 处不同\n  改动 data/dictionary/hunan-2022-project.md\n"
        "  改动 data/dictionary/index.md\n"
    ), done.stderr
    done = run_installed(environment_folder, *command, "--write", folder=folder)
    assert done.returncode == 0, done.stderr
    digest = hashlib.sha256(newer.read_bytes()).hexdigest()
    pinned = (folder / "requirements.txt").read_text("utf-8")
    assert f"gongkai==0.2.0 \\\n    --hash=sha256:{digest}\n" in pinned


def write_newer_wheel(wheel: Path, newer: Path) -> None:
    """Copy a wheel as a later version, with another name of a form."""
    changes = {
        "hunan-2022-project.yml": ("湖南省项目支出绩效自评表", "湖南省项目支出绩效自评表（新）"),
        "CHANGELOG.zh-CN.md": ("## 0.1.0", "## 0.2.0\n\n- 示例改动。\n\n## 0.1.0"),
        "METADATA": ("Version: 0.1.0", "Version: 0.2.0"),
    }
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(newer, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if change := changes.get(Path(name).name):
                data = data.replace(change[0].encode(), change[1].encode())
            target.writestr(name.replace("gongkai-0.1.0", "gongkai-0.2.0"), data)
