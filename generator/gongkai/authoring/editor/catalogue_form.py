"""公开目录, 填报, 差异说明 and 勘误 of disclosure.yml as labels and inputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gongkai.authoring.editor.places import FilePlace, Spot, UnplaceableError, plain_spot
from gongkai.authoring.editor.unit_years import UnitYear
from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode
from gongkai.model.problems import Position
from gongkai.model.publication import Catalogue
from gongkai.reading.disclosure import DISCLOSURE_FILE
from gongkai.reading.form_plan import SIGN_OFF_KEY

_CATALOGUE = "公开目录"


class FactRow(NamedTuple):
    """A label and the id of the place of its value."""

    label: str
    place: str


class FactList(NamedTuple):
    """A list of entries with a few values, for instance 差异说明."""

    title: str
    place: str
    entries: tuple[tuple[FactRow, ...], ...]


@dataclass(frozen=True, slots=True)
class CatalogueForm:
    """What disclosure.yml holds, to be filled in."""

    catalogue: tuple[FactRow, ...]
    sign_off: tuple[FactRow, ...]
    lists: tuple[FactList, ...]
    spots: dict[str, Spot]


def catalogue_form(filing: UnitYear) -> CatalogueForm:
    """Return the inputs of disclosure.yml."""
    root = filing.sources[DISCLOSURE_FILE].root
    if not isinstance(root, MappingNode):
        raise UnplaceableError("文件读不懂")
    spots: dict[str, Spot] = {}
    catalogue = root.get(_CATALOGUE)
    rows = [
        _row(spots, (_CATALOGUE, key), catalogue, root.position)
        for key in _catalogue_keys(filing, catalogue)
    ]
    sign_off = root.get(SIGN_OFF_KEY)
    signed = [
        _row(spots, (SIGN_OFF_KEY, key), sign_off, root.position)
        for key in _sign_off_keys(filing, sign_off)
    ]
    lists = [
        _list(spots, title, root.get(title))
        for title in ("差异说明", "勘误")
        if isinstance(root.get(title), SequenceNode)
    ]
    return CatalogueForm(tuple(rows), tuple(signed), tuple(lists), spots)


def _catalogue_keys(filing: UnitYear, node: Node | None) -> list[str]:
    """Return the keys of 公开目录: the site's names of them, and its own."""
    site = filing.common.site
    own_names: dict[str, str] = {}
    if site:
        own_names |= {core: name for name, core in site.catalogue_names.items()}
    filed = node.values if isinstance(node, MappingNode) else {}
    keys = []
    for name, field in Catalogue.model_fields.items():
        key = field.alias or name
        if name in {"published_time", "extras"}:
            continue
        own = own_names.get(key, key)
        keys.append(key if key in filed else own)
    return keys + list(site.catalogue_keys if site else ())


def _sign_off_keys(filing: UnitYear, node: Node | None) -> list[str]:
    """Return the keys of 填报: those of the forms in use, and those that are filed."""
    keys: dict[str, None] = {}
    for file in filing.sources:
        for _, document in filing.document_nodes(file):
            form = filing.form_of(document)
            keys |= dict.fromkeys(form.sign_off_keys if form else ())
    return list(keys | dict.fromkeys(node.values if isinstance(node, MappingNode) else ()))


def _row(
    spots: dict[str, Spot], path: tuple[str | int, ...], parent: Node | None, default: Position
) -> FactRow:
    spot = plain_spot(parent, FilePlace(DISCLOSURE_FILE, path), default)
    spots[spot.place.id] = spot
    return FactRow(f"{path[-1]}", spot.place.id)


def _list(spots: dict[str, Spot], title: str, node: Node | None) -> FactList:
    entries = tuple(
        tuple(
            _row(spots, (title, number, key), entry, entry.position)
            for key, value in entry.values.items()
            if isinstance(value, ScalarNode)
        )
        for number, entry in enumerate(_entries(node))
    )
    return FactList(title, FilePlace(DISCLOSURE_FILE, (title,)).id, entries)


def _entries(node: Node | None) -> Iterator[MappingNode]:
    items: Sequence[Node] = node.items if isinstance(node, SequenceNode) else ()
    for entry in items:
        if not isinstance(entry, MappingNode):
            raise UnplaceableError("列表里有一项不是“键: 值”的形式")
        yield entry
