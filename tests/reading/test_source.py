"""YAML and report sources: messages for faulty files, content of valid ones.

After a change of messages, `pytest tests/reading/test_source.py --update-golden` rewrites the
golden file; review its diff as prose.
"""

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.model.nodes import MappingNode, Node, ScalarNode, SequenceNode, Source
from gongkai.model.problems import UNREADABLE, Level, Position
from gongkai.reading.encoding import MAX_FILE_SIZE
from gongkai.reading.source import (
    _compose_events,
    parse_report,
    parse_source,
    read_report,
    read_source,
)
from gongkai.reading.yaml import events as yaml_events
from gongkai.reading.yaml.compose import MAX_DEPTH, compose_fast
from gongkai.runtime.hashing import read_fingerprints
from tests.hanging import no_hang

GOLDEN = Path(__file__).parent.parent / "golden" / "reading" / "faults.txt"
RESAVE = "请用记事本或 WPS 打开，选“另存为”，编码选“UTF-8”后保存"


@pytest.fixture(params=["libyaml", "pure"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with both parsers of PyYAML."""
    if request.param == "pure":
        monkeypatch.setattr(yaml_events, "PARSER", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("没有 libyaml")
    return str(request.param)


def golden_cases() -> dict[str, tuple[str, list[str]]]:
    """Return the cases of the golden file by name: the text, and its messages (lines after >>>)."""
    cases = {}
    for case in f"\n{GOLDEN.read_text(encoding='utf-8')}".split("\n=== ")[1:]:
        name, *lines = case.rstrip("\n").split("\n")
        text = "".join(f"{line}\n" for line in lines if not line.startswith(">>> "))
        cases[name] = text, [line[4:] for line in lines if line.startswith(">>> ")]
    return cases


def messages(source: Source) -> list[str]:
    """Return the problems as `line:column message`."""
    return [
        f"{problem.position.line}:{problem.position.column} {problem.message}"
        for problem in source.problems
    ]


def messages_for(text: str) -> list[str]:
    """Return the messages for a YAML text."""
    return messages(parse_source(text.encode(), "甲.yml"))


def to_plain(node: Node | None) -> object:
    """Return a node as plain Python."""
    if isinstance(node, MappingNode):
        return {key: to_plain(value) for key, value in node.values.items()}
    if isinstance(node, SequenceNode):
        return [to_plain(item) for item in node.items]
    return node.text if node else None


def parse_valid(text: str) -> object:
    """Return the content of a valid YAML text as plain Python."""
    source = parse_source(text.encode(), "甲.yml")
    assert messages(source) == []
    return to_plain(source.root)


# Faults


def test_golden_file(request: pytest.FixtureRequest) -> None:
    lines: list[str] = []
    for name, (text, _) in golden_cases().items():
        lines += [f"=== {name}\n", text, *(f">>> {message}\n" for message in messages_for(text))]
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text("".join(lines), encoding="utf-8")
    assert "".join(lines) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", golden_cases())
def test_fault(name: str) -> None:
    text, expected = golden_cases()[name]
    assert messages_for(text) == expected


@pytest.mark.parametrize("name", golden_cases())
def test_faults_block_publication(name: str) -> None:
    for problem in parse_source(golden_cases()[name][0].encode(), "甲.yml").problems:
        assert (problem.rule, problem.level, problem.position.file) == (
            UNREADABLE,
            Level.E,
            "甲.yml",
        )


def test_rest_of_the_file_stays_readable() -> None:
    source = parse_source(
        "得分：15\n指标: {名称:甲, 金额: 1,234.5}\n文号: [2022]43号\n".encode(), "甲.yml"
    )
    assert to_plain(source.root) == {
        "得分": "15",
        "指标": {"名称": "甲", "金额": "1234.5"},
        "文号": "[2022]43号",
    }


def test_at_most_fifty_faults_are_reported() -> None:
    assert len(messages_for("".join(f"键{number}：值\n" for number in range(200)))) == 50


# Bytes


def test_gbk() -> None:
    source = parse_source("得分：15\n分值: 20\n".encode("gbk"), "甲.yml")
    assert messages(source) == [
        f"1:1 文件是 GBK 编码，应为 UTF-8；{RESAVE}",
        "1:3 “得分”后面是全角冒号“：”；请改为半角冒号加空格，写成“得分: 15”",
    ]
    assert to_plain(source.root) == {"得分": "15", "分值": "20"}


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(codec: str) -> None:
    source = parse_source("得分: 15\n分值: 20\n".encode(codec), "甲.yml")
    assert messages(source) == [f"1:1 文件是 UTF-16 编码，应为 UTF-8；{RESAVE}"]
    assert to_plain(source.root) == {"得分": "15", "分值": "20"}


def test_utf_8_with_bom() -> None:
    source = parse_source("\ufeff得分: 15\n".encode(), "甲.yml")
    assert messages(source) == [
        "1:1 文件开头带有 BOM 标记（内容已照常读入）；请另存为不带 BOM 的 UTF-8"
    ]
    assert [problem.level for problem in source.problems] == [Level.W]
    assert isinstance(source.root, MappingNode)
    assert source.root.values == {"得分": ScalarNode("15", Position("甲.yml", 1, 5))}


def test_damaged_bytes() -> None:
    source = parse_source("单位: 甲\r\n得分: 1".encode() + b"\xff\xff\n", "甲.yml")
    message = f"从这里起有无法识别的字节，文件可能已损坏；{RESAVE}，再改正缺失的字"
    assert messages(source) == [f"2:6 {message}"]


@pytest.mark.parametrize(
    ("character", "description"),
    [
        ("\x07", "控制字符 U+0007；请删去"),
        ("\x7f", "控制字符 U+007F；请删去"),
        ("\x85", "控制字符 U+0085；请删去"),
        ("\u200b", "看不见的字符 U+200B（ZERO WIDTH SPACE）；请删去"),
        ("\u200e", "文字方向控制符 U+200E（LEFT-TO-RIGHT MARK）；请删去"),
        ("\u202e", "文字方向控制符 U+202E（RIGHT-TO-LEFT OVERRIDE）；请删去"),
        ("\u2066", "文字方向控制符 U+2066（LEFT-TO-RIGHT ISOLATE）；请删去"),
        ("\u2028", "特殊换行符 U+2028（LINE SEPARATOR）；请删去，用回车键换行"),
        ("\u3164", "看不见的字符 U+3164（HANGUL FILLER）；请删去"),
        ("\U000e0041", "看不见的字符 U+E0041（TAG LATIN CAPITAL LETTER A）；请删去"),
        ("\ufeff", "看不见的字符 U+FEFF（ZERO WIDTH NO-BREAK SPACE）；请删去"),
        ("\ufffd", "乱码字符（原字已丢失） U+FFFD（REPLACEMENT CHARACTER）；请重新输入原来的字"),
    ],
)
def test_invisible_characters(character: str, description: str) -> None:
    source = parse_source(f"单位: 甲\n得{character}分: 15\n".encode(), "甲.yml")
    assert messages(source) == [f"2:2 这里有{description}"]
    assert to_plain(source.root) == {"单位": "甲", "得分": "15"}


def test_invisible_characters_are_counted() -> None:
    assert messages_for("得\u200b分: 15\n分\u200b值: \u200b20\n") == [
        "1:2 这里有看不见的字符 U+200B（ZERO WIDTH SPACE）（全文共 3 处）；请删去"
    ]


@pytest.mark.parametrize(
    ("figure", "column", "description"),
    [
        ("1٥", 6, "“٥”是别的文字的数字（U+0665 ARABIC-INDIC DIGIT FIVE），不是 5"),
        ("1๕", 6, "“๕”是别的文字的数字（U+0E55 THAI DIGIT FIVE），不是 5"),
        ("𝟏5", 5, "“𝟏”是别的文字的数字（U+1D7CF MATHEMATICAL BOLD DIGIT ONE），不是 1"),
        ("15.О1", 8, "“О”是字母（U+041E CYRILLIC CAPITAL LETTER O），不是 0"),
        ("З5", 5, "“З”是字母（U+0417 CYRILLIC CAPITAL LETTER ZE），不是 3"),
        ("1Ο", 6, "“Ο”是字母（U+039F GREEK CAPITAL LETTER OMICRON），不是 0"),
    ],
)
def test_digits_of_other_scripts(figure: str, column: int, description: str) -> None:
    """They are reported with their names, in figures as in texts, and read as what they look like."""
    source = parse_source(f"得分: {figure}\n说明: 甲\n".encode(), "甲.yml")
    digit = description[-1]
    message = f"这里的{description}，程序和读者会看错；请改为 {digit}"
    assert messages(source) == [f"1:{column} {message}"]
    values = to_plain(source.root)
    assert isinstance(values, dict)
    assert values["得分"].replace(".", "").isascii()


@pytest.mark.parametrize("text", ["①②", "1０", "二〇二二", "m²", "ГОСТ 9", "½", "Оперa"])
def test_other_characters_that_are_or_contain_digits(text: str) -> None:
    assert messages_for(f"说明: {text}\n") == []


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# \xe7\x94\xb2\n", b"---\n"])
def test_empty_file(data: bytes) -> None:
    assert messages(parse_source(data, "甲.yml")) == [
        "1:1 文件是空的（或只有注释），没有可读的内容；请按表式填写“键: 值”"
    ]


# Disk


def test_file_on_disk(tmp_path: Path) -> None:
    (tmp_path / "甲.yml").write_text("得分: 15\n", encoding="utf-8")
    source = read_source(tmp_path / "甲.yml", "data/甲.yml")
    assert isinstance(source.root, MappingNode)
    assert source.root.values == {"得分": ScalarNode("15", Position("data/甲.yml", 1, 5))}
    assert source.root.key_position("得分") == source.root.position == Position("data/甲.yml", 1, 1)


def test_missing_file(tmp_path: Path) -> None:
    assert messages(read_source(tmp_path / "甲.yml", "甲.yml")) == [
        "1:1 文件打不开：没有这个文件或目录；请确认它没有被其他程序占用，并且允许读取"
    ]


def test_pipe_is_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "overall.yml"
    os.mkfifo(pipe)
    assert messages(read_source(pipe, "overall.yml"))[0].startswith("1:1 这不是普通的文件")


def test_circular_symlinks_terminate(tmp_path: Path) -> None:
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "year").symlink_to(tmp_path / "unit", target_is_directory=True)
    (tmp_path / "unit" / "self.yml").symlink_to("self.yml")
    (tmp_path / "unit" / "gone.yml").symlink_to("nowhere.yml")
    (tmp_path / "unit" / "a.yml").write_text("甲: 1", "utf-8")
    (tmp_path / "other").symlink_to(tmp_path / "unit", target_is_directory=True)
    for name, to in (("one", "two"), ("two", "one")):
        folder = tmp_path / "both" / name
        folder.mkdir(parents=True)
        (folder / "link").symlink_to(tmp_path / "both" / to, target_is_directory=True)
    hashes = read_fingerprints(tmp_path, {}, 0)
    assert list(hashes) == [
        *("both/", *_followed_links("both/one/"), *_followed_links("both/two/")),
        *("other/", *_unit_files("other")),
        *("unit/", *_unit_files("unit")),
    ]
    assert hashes["unit/self.yml"].digest == ""
    assert hashes["unit/a.yml"].digest == hashes["other/a.yml"].digest != ""
    assert messages(read_source(tmp_path / "unit" / "self.yml", "self.yml"))


def _followed_links(name: str) -> list[str]:
    """Return the paths of two links that lead to one another, followed once."""
    return [name, f"{name}link/", f"{name}link/link/", f"{name}link/link/link/"]


def _unit_files(name: str) -> list[str]:
    return [f"{name}/a.yml", f"{name}/self.yml", f"{name}/year/"]


def test_large_file(tmp_path: Path) -> None:
    (tmp_path / "甲.md").write_bytes(b"#" * (MAX_FILE_SIZE + 1))
    assert messages(read_report(tmp_path / "甲.md", "甲.md")) == [
        "1:1 文件有 1.0 MB，超过上限 1 MB，没有读入；请确认放对了文件，过大的请拆分"
    ]


# Valid files


@pytest.mark.parametrize(
    "value",
    [
        "其中：公用经费",
        "“会员之家”、‘宣传窗口’……",
        "-5",
        "--",
        "—",
        "5.29",
        "=100",
        "≥95%",
        "100%",
        "95%以上",
        "（50分）",
        "“三公”经费",
        "http://x/y#z",
        "a:b",
        "12:30",
        "012",
        "2022-06-29",
        "1_000",
        ".5",
        "1,234.56",
        "学党史,办实事",
        "no",
        "是",
        "null",
        "~",
        "0x1F",
        "新政办[2022]43号",
        "第{1}号",
        "甲#乙",
        "甲 & 乙 * 丙 ! 丁 ? 戊",
        "甲 | 乙 > 丙",
        "甲\"乙\"'丙'",
        "D:\\数据",
        ":甲",
        "-甲",
    ],
)
def test_plain_scalar_stays_as_filed(value: str) -> None:
    assert parse_valid(f"甲: {value}\n乙: 1\n") == {"甲": value, "乙": "1"}
    assert parse_valid(f"- {value}\n- 1\n") == [value, "1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('甲: "a: b, {c} # d"\n', {"甲": "a: b, {c} # d"}),
        ("甲: 'a: b # \"c\" ''d'''\n", {"甲": "a: b # \"c\" 'd'"}),
        ('甲: "说“学党史,办实事”"\n', {"甲": "说“学党史,办实事”"}),
        ('甲: ""\n乙: \'\'\n丙:\n', {"甲": "", "乙": "", "丙": ""}),
        ("其中：公用经费: 5\n“三公”经费: 6\n", {"其中：公用经费": "5", "“三公”经费": "6"}),
        ("标签: 其中：  一般公共预算：\n", {"标签": "其中：  一般公共预算："}),
        ("甲: 1\r\n乙: 2\r\n", {"甲": "1", "乙": "2"}),
        ("甲: 1   \n\n   \n乙: 2\n", {"甲": "1", "乙": "2"}),
        ("# 注\n甲: 1  # 注\n#注\n  # 注\n乙: 文字  # 注\n", {"甲": "1", "乙": "文字"}),
        ("甲: 50 # 注\n乙: 100% #注\n丙: # 注\n  丁: 1\n", {"甲": "50", "乙": "100%", "丙": {"丁": "1"}}),
        ("---\n甲: 1\n", {"甲": "1"}),
        ("---  # 注\n甲: 1", {"甲": "1"}),
        ("甲:\n- 1\n- 2\n乙: 3\n", {"甲": ["1", "2"], "乙": "3"}),
        ("甲:\n  - 乙: 1\n    丙: 2\n  -\n    乙: 3\n  - - 4\n", {"甲": [{"乙": "1", "丙": "2"}, {"乙": "3"}, ["4"]]}),
        ("甲: {乙: 1, 丙: , 丁: [戊, 己]}\n", {"甲": {"乙": "1", "丙": "", "丁": ["戊", "己"]}}),
        ("甲: {乙: 1,\n     丙: 2}\n丁: [\n  戊,\n  己,\n]\n", {"甲": {"乙": "1", "丙": "2"}, "丁": ["戊", "己"]}),
        ("甲: {乙: 100, 丙: 200}\n丁: [100, 200]\n", {"甲": {"乙": "100", "丙": "200"}, "丁": ["100", "200"]}),
        ("甲: {乙: '1,234.5', 丙: \"学党史,办实事\"}\n", {"甲": {"乙": "1,234.5", "丙": "学党史,办实事"}}),
        ("甲: {乙: 其中：公用经费, “三公”: 1}\n", {"甲": {"乙": "其中：公用经费", "“三公”": "1"}}),
        ("甲: |\n  一\n\n    二: 三\n乙: 1\n", {"甲": "一\n\n  二: 三\n", "乙": "1"}),
        ('甲: |-  # 注\n  得分：15\n  - "\n\n乙: 1\n', {"甲": '得分：15\n- "', "乙": "1"}),
        ("甲: >-\n  　　一、保运转\n  二 #1\n\n  三\n", {"甲": "　　一、保运转二 #1\n三"}),
        ("- 甲\n- 乙\n", ["甲", "乙"]),
        ("- |\n  甲: 乙\n- >-\n  丙: 丁\n", ["甲: 乙\n", "丙: 丁"]),
        ("目标: 走访\n  合计：240户\n", {"目标": "走访合计：240户"}),
        ("目标:\n  一、走访\n  合计：240户\n", {"目标": "一、走访合计：240户"}),
        ("目标: 屏幕\n  比例 4:3。\n", {"目标": "屏幕比例 4:3。"}),
        ("甲:\n  - 其中：公用经费\n  - 时间:上午\n", {"甲": ["其中：公用经费", "时间:上午"]}),
    ],
)  # fmt: skip
def test_valid_file(text: str, expected: object) -> None:
    assert parse_valid(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲: 一、保运转，\n  二、保民生\n", "一、保运转，二、保民生"),
        ("甲:\n  保运转\n  保民生\n", "保运转保民生"),
        ("甲: >-\n  保运转\n  保民生\n", "保运转保民生"),
        ("甲: >\n  保 运转 \n  保民生\n", "保 运转 保民生\n"),
        ("甲: '保运转\n  保民生'\n", "保运转保民生"),
        ('甲: "保运转\n  保\\n民生"\n', "保运转保\n民生"),
        ("甲: 保运转\n  GDP\n  增长\n", "保运转 GDP 增长"),
        ("甲: one\n  two\n", "one two"),
        ("甲: 保运转\n\n  保民生\n", "保运转\n保民生"),
        ("甲: >-\n  保运转\n    保民生\n  保工资\n", "保运转\n  保民生\n保工资"),
        ("甲: |-\n  保运转\n  保民生\n", "保运转\n保民生"),
    ],
)
def test_folding_adds_no_space_between_chinese_characters(text: str, expected: object) -> None:
    assert parse_valid(text) == {"甲": expected}


def test_positions_and_styles() -> None:
    root = parse_source('甲: {乙: "1", 丙: }\n丁:\n  - 戊\n己:\n'.encode(), "f").root
    assert isinstance(root, MappingNode)
    mapping, sequence, blank = root.get("甲"), root.get("丁"), root.get("己")
    assert isinstance(mapping, MappingNode)
    assert isinstance(sequence, SequenceNode)
    assert (mapping.position, mapping.is_flow) == (Position("f", 1, 4), True)
    assert mapping.get("乙") == ScalarNode("1", Position("f", 1, 8), is_plain=False)
    assert mapping.get("丙") == ScalarNode("", Position("f", 1, 15))
    assert (sequence.position, sequence.is_flow) == (Position("f", 3, 3), False)
    assert sequence.items == (ScalarNode("戊", Position("f", 3, 5)),)
    assert blank == ScalarNode("", Position("f", 4, 3))
    assert root.get("庚") is None


# Reports


def test_report() -> None:
    source = parse_report(
        "---\n标题: 自评报告\n得分：5\n---\n\n# 一、概况\n\n---\n".encode(), "报告.md"
    )
    assert messages(source) == ["3:3 “得分”后面是全角冒号“：”；请改为半角冒号加空格，写成“得分: 5”"]
    assert to_plain(source.root) == {"标题": "自评报告", "得分": "5"}
    assert (source.body, source.body_line) == ("\n# 一、概况\n\n---\n", 5)
    assert source.lines[5] == "# 一、概况"


def test_report_without_front_matter() -> None:
    source = parse_report("# 一、概况\n".encode(), "报告.md")
    assert messages(source) == [
        "1:1 报告开头缺少表头；请在第一行写“---”，下面写“表式: …”“标题: …”等项，再写一行“---”，然后写正文"
    ]
    assert (source.root, source.body, source.body_line) == (None, "# 一、概况\n", 1)


def test_report_with_unclosed_front_matter() -> None:
    source = parse_report("---\n标题: 甲\n\n# 一、概况\n".encode(), "报告.md")
    assert messages(source) == ["1:1 报告的表头没有结束；请在表头各项之后、正文之前写一行“---”"]


# Limits


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "- " * 100_000, "{甲: " * 50_000, "甲: " + "[" * 10_000 + "]" * 10_000]
)
def test_deep_nesting_is_quick(text: str) -> None:
    with no_hang():
        (message,) = messages_for(text)
    assert message.endswith(f"嵌套超过 {MAX_DEPTH} 层；请检查缩进和括号，减少层次")


@pytest.mark.parametrize(
    "line",
    [
        "甲：1\n",
        '甲: "1\n',
        "甲: {1\n",
        "甲: [1\n",
        "  -甲\n",
        "甲: 乙: 丙\n",
        "\t甲\n",
        "- 甲: [1]乙\n",
    ],
)
def test_many_faults_are_quick(line: str) -> None:
    with no_hang():
        assert messages_for(line * 2_000)


# Random mutations

VALID = """# 部门整体支出绩效自评表
表式: hunan-2022-overall
年度预算申请:  # 万元
  年度资金总额: {年初预算数: 292.31, 全年执行数: "292.31", 分值: 10, 执行率: 100%, 得分: 10}
  其中：公用经费: 12
预期目标: >-
  一、保运转。
  二、进一步推进“会员之家”。
实际完成情况: |
  完成
绩效指标:
  - 一级指标: 产出指标
    下级:
      - {三级指标: '开展走访, 240户', 备注: , 得分组: [甲, 乙]}
      - 三级指标: 满意度
        实际完成值: ≥95%
总分: {分值: 100, 得分: 97}
"""
INSERTIONS = [
    "\t",
    ":",
    '"',
    "'",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "-",
    "\n",
    ">",
    "|",
    "：",
    "，",
    "&",
    "*",
    "!",
    "%",
    "\\",
    "\x00",
    "\u200b",
    "\u3000",
    "?",
    "<<:",
    "---",
]


MUTATIONS = st.lists(
    st.tuples(
        st.integers(0, len(VALID.encode()) - 1),
        st.one_of(
            st.tuples(st.just(0), st.sampled_from(INSERTIONS).map(str.encode)),
            st.tuples(st.integers(0, 4), st.binary(min_size=1, max_size=1)),
        ),
    ),
    min_size=1,
    max_size=3,
)
"""Offsets, the number of bytes to remove there, and the bytes to insert."""


@pytest.mark.parametrize("factor", [1, pytest.param(20, marks=pytest.mark.long)])
def test_random_mutations(parser: str, factor: int) -> None:
    assert messages_for(VALID) == []

    @settings(max_examples=factor * (1_000 if parser == "libyaml" else 60))
    @given(MUTATIONS)
    def check(mutations: list[tuple[int, tuple[int, bytes]]]) -> None:
        data = VALID.encode()
        for offset, (length, insertion) in mutations:
            data = data[:offset] + insertion + data[offset + length :]
        source = parse_source(data, "甲.yml")
        assert source.root is not None or source.problems
        assert all("\n" not in problem.message for problem in source.problems)
        parse_report(b"---\n" + data + b"---\n", "甲.md")

    check()


def with_positions(node: Node | None) -> object:
    """Return a node and all its positions as plain Python."""
    if isinstance(node, MappingNode):
        entries = [
            (key, node.key_position(key), with_positions(value))
            for key, value in node.values.items()
        ]
        return entries, node.position, node.is_flow
    if isinstance(node, SequenceNode):
        return [with_positions(item) for item in node.items], node.position, node.is_flow
    return node


@pytest.mark.parametrize(
    "text",
    [
        "甲: 1\n乙: \"2\"\n丙:\n  - 丁: 一，二\n    戊:\n  - '己'\n",
        "甲: {乙: , 丙: 1, 丁: [一, 二], 戊: {}}\n",
        "甲: >\n  一，\n  二\n乙: |\n  三\n  四\n",
        "甲: []\n乙:\n  丙:\n    - - 一\n",
    ],
)
def test_fast_path_gives_the_same_nodes_as_the_events(text: str) -> None:
    root = compose_fast(text, "甲.yml")
    assert root is not None
    assert with_positions(root) == with_positions(_compose_events(text, "甲.yml").root)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# 甲\n",
        "甲: &a 1\n",
        "甲",
        "- 甲\n",
        "甲: 1\n甲: 2\n",
        "甲: [1\n",
        "甲: 一\n  二\n",
        "甲:\n  乙\n",
        "甲: |\n乙: 1\n",
        "甲: {乙}\n",
        "[甲]: 1\n",
        ": 1\n",
        "--- {甲: 1}\n--- {乙: 1}\n",
        '{"甲":&a 1, "乙":*a}\n',
        '{"甲":*a}\n',
        "甲: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "- " * 5000,
        "[" * 5000,
    ],
)
def test_fast_path_rejects_ambiguous_files(text: str) -> None:
    assert compose_fast(text, "甲.yml") is None
