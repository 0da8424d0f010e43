"""Keys of 公开目录 that a site has of its own, as site.yml names them, on the nodes of disclosure.yml."""

from gongkai.model.nodes import MappingNode, Node
from gongkai.model.problems import UNKNOWN_KEY, Level, Position, Problem
from gongkai.model.publication import CATALOGUE_EXTRAS, Site

_CATALOGUE = "公开目录"


def adapt_catalogue(root: Node, site: Site | None) -> tuple[Node, list[Problem]]:
    """Return disclosure.yml with the core keys for a site's names of them, its own keys apart.

    A core key that is filed under both names is a problem.
    """
    catalogue = root.get(_CATALOGUE) if isinstance(root, MappingNode) else None
    if site is None or not isinstance(root, MappingNode) or not isinstance(catalogue, MappingNode):
        return root, []
    values: dict[str, Node] = {}
    places: dict[str, Position] = {}
    extras: dict[str, Node] = {}
    problems: list[Problem] = []
    for key, value in catalogue.values.items():
        core = site.catalogue_names.get(key, key)
        if key in site.catalogue_keys:
            extras[key] = value
        elif core in values:
            twin = next(name for name in catalogue.values if name in {core, *_names_of(core, site)})
            message = f"“{twin}”和“{key}”是同一项；请只留一处"
            problems.append(Problem(UNKNOWN_KEY, Level.E, catalogue.key_position(key), message))
        else:
            values[core], places[core] = value, catalogue.key_position(key)
    if values.keys() == catalogue.values.keys():
        return root, problems
    if extras:
        first = next(iter(extras.values()))
        values[CATALOGUE_EXTRAS] = MappingNode(extras, first.position)
        places[CATALOGUE_EXTRAS] = first.position
    adapted = MappingNode(
        values, catalogue.position, catalogue.is_flow, tuple(places[key] for key in values)
    )
    return root._replace(values={**root.values, _CATALOGUE: adapted}), problems


def _names_of(core: str, site: Site) -> list[str]:
    return [name for name, key in site.catalogue_names.items() if key == core]
