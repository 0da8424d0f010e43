"""Every disclosure, exported, saved by LibreOffice in every format that is read, and imported again.

The golden file has a section for every format: how many values of every disclosure come back, and
those that do not. What cannot come back: a web page and a PDF end their lines anywhere, so that a
space there is lost or comes in; in a PDF a paragraph that ends with a full line goes on in the next,
a line cell by cell that a page break cuts is two, and LibreOffice writes the text of a merged cell
that a page break cuts over the head of the next page, where nobody sees it.
"""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from gongkai.authoring.office import read
from gongkai.authoring.office.conversions import Conversion, find_conversion
from gongkai.exports.office.libreoffice import find_libreoffice
from tests.folders import GOLDEN
from tests.office_data import DISCLOSURES, copy_data, disclosure_texts, load_disclosure, run_cli

STYLES = {
    "word": ("docx", "doc", "odt", "rtf", "html", "pdf"),
    "excel": ("xlsx", "xls", "ods", "html", "pdf"),
}
"""Formats that LibreOffice saves, by the format of the export."""
FORMATS = [(style, kind) for style, kinds in STYLES.items() for kind in kinds]
TABLE = GOLDEN / "round_trips.txt"
MAX_QUOTATION = 20
"""Longest quotation of a value, in characters."""
Value = tuple[str, str, str]
"""Form, place and text."""


def convert_all(files: list[Path], kind: str, folder: Path) -> Path:
    """Convert files in one run of LibreOffice; return the folder of the new ones."""
    program = find_libreoffice()
    assert program, "没有找到 LibreOffice：请运行 make test-nightly，它会安装，或者说明怎样安装"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = folder / kind
    command = [program, "--headless", profile, "--convert-to", kind, "--outdir", f"{target}"]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=1200)
    assert len(list(target.iterdir())) == len(files)
    return target


def convert_sources(files: list[Path], folder: Path) -> dict[bytes, bytes]:
    """Convert the files that are not read as they are, by their content."""
    kinds = {find_conversion(path.read_bytes(), path.suffix) for path in files}
    (conversion,) = kinds
    if conversion is None:
        return {}
    target = convert_all(files, conversion.new.removeprefix("."), folder)
    return {
        path.read_bytes(): (target / path.name).with_suffix(conversion.new).read_bytes()
        for path in files
    }


def count_values(data: Path, unit: str, year: int) -> Counter[Value]:
    """Count the values of a disclosure by form, place and text."""
    documents = disclosure_texts(load_disclosure(data, unit, year))
    return Counter((form, where, text) for form, texts in documents for where, text in texts)


def describe_differences(before: Counter[Value], after: Counter[Value]) -> Iterator[str]:
    """Yield a line for every value that does not come back, with what comes instead."""
    more = list((after - before).elements())
    for form, where, text in (before - after).elements():
        others = [value for value in more if value[:2] == (form, where)]
        if not others:
            yield f"    {form} {where}: 没有“{shorten(text)}”"
            continue
        nearest = max(others, key=lambda other: SequenceMatcher(None, text, other[2]).ratio())
        more.remove(nearest)
        yield f"    {form} {where}: {first_difference(text, nearest[2])}"
    yield from (f"    {form} {where}: 多出“{shorten(text)}”" for form, where, text in more)


def first_difference(before: str, after: str) -> str:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(before), len(after)))
    start = max(0, same - 8)
    return f"{before[start : same + 8]!r} → {after[start : same + 8]!r}"


def shorten(text: str) -> str:
    return text if len(text) <= MAX_QUOTATION else f"{text[:MAX_QUOTATION]}…"


def round_trips(style: str, kind: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield how many values of every disclosure come back, and which do not."""
    exports = folder / "exports"
    names = {disclosure: f"{number:02}-" for number, disclosure in enumerate(DISCLOSURES)}
    exports.mkdir()
    for (name, unit, year), prefix in names.items():
        data, paper = copy_data(name, folder / prefix), folder / prefix / "paper"
        code, _, err = run_cli(
            "export", unit, year, "--to", paper, "--format", style, "--data", data
        )
        assert code == 0, err
        for path in paper.iterdir():
            path.rename(exports / f"{prefix}{path.name}")
    saved = sorted(convert_all(sorted(exports.iterdir()), kind, folder / "saved").iterdir())
    conversions = convert_sources(saved, folder / "converted")
    if conversions:

        def convert(data: bytes, conversion: Conversion) -> bytes:
            assert conversion.new
            return conversions[data]

        patch.setattr(read, "convert_source", convert)
    for (name, unit, year), prefix in names.items():
        data, source = folder / prefix / "data", folder / prefix / "source"
        source.mkdir()
        for path in saved:
            if path.name.startswith(prefix):
                shutil.copy(path, source / path.name.removeprefix(prefix))
        before = count_values(data, unit, year)
        shutil.rmtree(data / "units" / unit / f"{year}")
        options = ("--unit", unit, "--year", year, "--data", data, "--drafts", "--force")
        run_cli("import", source, *options, "--report", folder / prefix / "report.md")
        after = count_values(data, unit, year)
        same = (before & after).total()
        yield f"{name}/{unit}/{year}: {same} / {before.total()}"
        yield from describe_differences(before, after)


@pytest.mark.nightly
@pytest.mark.parametrize(("style", "kind"), FORMATS)
def test_values_come_back(
    style: str,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    title = f"# {style} {kind}"
    lines = round_trips(style, kind, tmp_path, monkeypatch)
    section = "".join(f"{line}\n" for line in (title, *lines))
    sections = known_sections()
    if request.config.getoption("--update-golden"):
        sections[title] = section
        texts = [
            sections[key] for style, kind in FORMATS if (key := f"# {style} {kind}") in sections
        ]
        TABLE.write_text("\n".join(texts), "utf-8")
    assert section == sections[title]


def known_sections() -> dict[str, str]:
    """Return the sections of the golden file by their first line."""
    text = TABLE.read_text("utf-8") if TABLE.exists() else ""
    sections = re.split(r"\n(?=# )", text) if text else []
    return {section.partition("\n")[0]: section for section in sections}
