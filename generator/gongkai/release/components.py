"""The components of the program that made a release: a CycloneDX SBOM, and their licences."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from gongkai.runtime.shipped import THEME

SBOM, LICENCES = "sbom.cdx.json", "licences.txt"
_PROGRAM = "gongkai"
_EXTRAS = frozenset({"pdf", "parquet", "dask"})
"""Extras of the program whose components count if they are installed."""
_LICENCE_FILES = ("LICEN", "COPYING", "NOTICE")
_LONGEST_NAME = 60
"""Longer values of the field License are the text of a licence, not its name."""
_RULE = "=" * 80
_SCRIPT = THEME / "assets" / "search" / "fflate.min.js"
"""The one script in the pages that is not the program's own; its head has version and licence."""
_SCRIPT_HEAD = re.compile(r"/\*! (\S+) (\S+):.*?\n\n(.*?)\n\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Component:
    """A package that the program needs, or the program itself."""

    name: str
    """In the normal form of PyPI: lower case, with hyphens."""
    version: str
    expression: str
    """Licence as an SPDX expression; empty if the package gives none."""
    licence: str
    """Licence by name, where there is no expression; may be empty, too."""
    requires: tuple[str, ...]
    """Names of the installed packages that it needs itself."""
    texts: tuple[str, ...]
    """Texts of its licence files."""
    registry: str = "pypi"
    """Type of its package URL."""

    @property
    def package_url(self) -> str:
        """Its address as a package URL (purl)."""
        return f"pkg:{self.registry}/{self.name}@{self.version}"


def list_components() -> list[Component]:
    """Return the program, all installed packages that it needs and its pages' script, by name."""
    script = _script()
    components = {script.name: script}
    waiting = [(_PROGRAM, _EXTRAS)]
    while waiting:
        name, extras = waiting.pop()
        if name in components:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        needed = list(_requirements(package, extras))
        components[name] = _component(name, package, [need for need, _ in needed])
        waiting += needed
    program = components[_PROGRAM]
    requires = tuple(sorted((*program.requires, script.name)))
    components[_PROGRAM] = replace(program, requires=requires)
    installed = sorted(components.values(), key=lambda component: component.name)
    return [_without_missing(component, components) for component in installed]


def _requirements(
    package: Distribution, extras: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the names of the packages that a package needs here, with their extras."""
    for line in package.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if not marker or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield canonicalize_name(requirement.name), frozenset(requirement.extras)


def _component(name: str, package: Distribution, requires: Sequence[str]) -> Component:
    metadata = package.metadata
    field = next(iter(metadata.get_all("License") or ()), "")
    named = field if len(field) <= _LONGEST_NAME and field != "UNKNOWN" else ""
    classifiers = [
        classifier.rpartition("::")[2].strip()
        for classifier in metadata.get_all("Classifier") or ()
        if classifier.startswith("License ::")
    ]
    files = sorted(
        (
            file
            for file in package.files or ()
            if ".dist-info" in f"{file}" and file.name.upper().startswith(_LICENCE_FILES)
        ),
        key=str,
    )
    return Component(
        name=name,
        version=package.version,
        expression=next(iter(metadata.get_all("License-Expression") or ()), ""),
        licence=named or "; ".join(classifiers),
        requires=tuple(sorted(set(requires))),
        texts=tuple(file.read_text("utf-8").strip() for file in files),
    )


def _script() -> Component:
    match = _SCRIPT_HEAD.match(_SCRIPT.read_text("utf-8"))
    if not match:
        raise ValueError(f"{_SCRIPT.name} 的开头没有版本和许可证")
    name, version, text = match.groups()
    return Component(name, version, "MIT", "", (), (text,), registry="npm")


def _without_missing(component: Component, known: Mapping[str, Component]) -> Component:
    requires = tuple(name for name in component.requires if name in known)
    return replace(component, requires=requires)


def render_sbom(components: Sequence[Component]) -> str:
    """Return the SBOM in CycloneDX 1.6: without a time, so that the same program gives the same."""
    by_name = {component.name: component for component in components}
    program = by_name[_PROGRAM]
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _sbom_component(program, "application")},
        "components": [
            _sbom_component(component, "library")
            for component in components
            if component is not program
        ],
        "dependencies": [
            {
                "ref": component.package_url,
                "dependsOn": [by_name[name].package_url for name in component.requires],
            }
            for component in components
        ],
    }
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n"


def _sbom_component(component: Component, kind: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "type": kind,
        "bom-ref": component.package_url,
        "name": component.name,
        "version": component.version,
        "purl": component.package_url,
    }
    if component.expression:
        facts["licenses"] = [{"expression": component.expression}]
    elif component.licence:
        facts["licenses"] = [{"license": {"name": component.licence}}]
    return facts


def read_versions(sbom: str) -> dict[str, str]:
    """Return the versions by name in an SBOM of a release."""
    document = json.loads(sbom)
    components = [document["metadata"]["component"], *document["components"]]
    return {component["name"]: component["version"] for component in components}


def render_licences(components: Sequence[Component]) -> str:
    """Return the licences of all components as one text."""
    parts = [
        "生成本站所用的程序和软件包，及其许可证 · The components of this release and their licences"
    ]
    for component in components:
        licence = component.expression or component.licence or "（未写明）"
        parts += [_RULE, f"{component.name} {component.version}\n{licence}", *component.texts]
    return "\n\n".join(parts) + "\n"
