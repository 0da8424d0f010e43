"""JSON Schemas: every valid document passes, wrong keys and values do not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from gongkai.authoring.new_files import write_schemas
from gongkai.authoring.skeletons import DOCUMENT_FILES
from gongkai.checks.runner import check_data
from gongkai.model.forms import Form
from gongkai.model.terms import DocumentKind, Role
from gongkai.model.values import Kind
from tests.folders import GOLDEN, ROOT, TODAY

FORMS = check_data(ROOT / "data", TODAY).dataset.forms
COMPLETE_FORMS = tuple(form.model_copy(update={"is_complete": True}) for form in FORMS)
FOLDERS = (ROOT / "data", GOLDEN / "data", GOLDEN / "cases")


class _Loader(yaml.SafeLoader):
    """YAML as editors read it: 2023-06-29 is a string."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data = tmp_path_factory.mktemp("data")
    count = write_schemas(COMPLETE_FORMS, data)
    files = list((data / "schemas").glob("*.json"))
    assert len(files) == count
    return {path.name: json.loads(path.read_text("utf-8")) for path in files}


def schema_errors(schemas: dict[str, Any], name: str, document: object) -> list[str]:
    resources = {key: Resource.from_contents(schema) for key, schema in schemas.items()}
    registry: Registry[Any] = Registry().with_resources(resources.items())
    validator = Draft7Validator({"$ref": name}, registry=registry)
    return [error.message for error in validator.iter_errors(document)]


def schema_name(path: Path) -> str:
    schema_names = {"site": "site", "unit": "unit", "disclosure": "disclosure"}
    kind = "project" if path.parent.name == "projects" else schema_names.get(path.stem, "document")
    return "form.json" if path.parent.name == "forms" else f"{kind}.json"


def document_paths() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(path for path in folder.rglob("*.yml") if path.stem != "differences")


@pytest.mark.parametrize(
    "path", list(document_paths()), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_valid_document_passes(schemas: dict[str, Any], path: Path) -> None:
    document = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    assert schema_errors(schemas, schema_name(path), document) == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"表式": "hunan-2022-overall", "总分": {"分数": 100}}, "'分数'"),
        ({"表式": "hunan-2022-overal"}, "'hunan-2022-overal' is not one of"),
        ({"表式": "chongqing-2021-overall", "绩效指标": [{"指标名称": "一", "是否核心指标": "也许"}]}, "'也许'"),
        ({"表式": "hunan-2022-overall", "绩效指标": [{"一级指标": "一", "下级": [{"三级指标": "二"}]}]}, "'三级指标'"),
    ],
)  # fmt: skip
def test_wrong_key_or_choice_is_reported(
    schemas: dict[str, Any], document: dict[str, Any], message: str
) -> None:
    assert any(message in error for error in schema_errors(schemas, "document.json", document))


def test_handbook_documents_every_key_role_and_type() -> None:
    handbook = (ROOT / "content/guide/forms.md").read_text("utf-8")
    schema = Form.model_json_schema(by_alias=True)
    keys = {
        key
        for definition in (schema, *schema["$defs"].values())
        for key in definition.get("properties", {})
    }
    assert [key for key in sorted(keys) if key not in handbook] == []
    terms = [*Role, *Kind, *DocumentKind]
    assert [term for term in terms if f"`{term}`" not in handbook] == []


def test_example_in_handbook_is_a_valid_form(tmp_path: Path) -> None:
    handbook = (ROOT / "content/guide/forms.md").read_text("utf-8")
    blocks = [block.split("\n```")[0] for block in handbook.split("```yaml\n")[1:]]
    base_form, derived_form = (block for block in blocks if block.startswith("表式: "))
    (tmp_path / "forms").mkdir()
    for text in (base_form, derived_form):
        name = text.splitlines()[0].removeprefix("表式: ")
        (tmp_path / "forms" / f"{name}.yml").write_text(text, "utf-8")
    run = check_data(tmp_path, TODAY)
    assert {form.id for form in run.dataset.forms} >= {"shili-2024-project", "shili-2025-project"}
    assert [
        problem for problem in run.judgement.problems if "/forms/" in problem.position.file
    ] == []


@pytest.mark.parametrize("folder", FOLDERS[:2], ids=("seed", "golden"))
def test_vs_code_finds_the_schema_of_every_file(folder: Path) -> None:
    """.vscode/settings.json assigns one schema to every data file; its comments take a whole line."""
    lines = (ROOT / ".vscode/settings.json").read_text("utf-8").splitlines()
    settings = json.loads("\n".join(line for line in lines if not line.lstrip().startswith("//")))
    patterns = {
        pattern: schema
        for schema, value in settings["yaml.schemas"].items()
        for pattern in ([value] if isinstance(value, str) else value)
    }
    assert {
        f"data/units/*/*/{name}" for name in DOCUMENT_FILES.values() if name.endswith(".yml")
    } < {*patterns}
    for path in folder.rglob("*.yml"):
        schemas = {schema for pattern, schema in patterns.items() if path.match(pattern)}
        assert schemas == {f"./data/schemas/{schema_name(path)}"}, path
