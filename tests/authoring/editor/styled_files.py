"""YAML files as many hands write them: braces, quotes, blocks, comments, indentation, line ends."""

from hypothesis import strategies as st

from gongkai.authoring.editor.yaml_style import write_key, write_line

_WORDS = st.sampled_from(
    ["甲", "乙乙", "95%以上", "1.5万元", "0", "——", "it's", "a: b", "# 丁", "一 two", "，"]
)
_KEYS = ["名", "值", "得分", "下级", "键: 一", "年 度"]


@st.composite
def styled_texts(draw: st.DrawFn) -> str:
    """Draw a YAML text that is a mapping."""
    step = draw(st.sampled_from([2, 2, 4, 3]))
    writer = _StyledWriter(draw, step, is_indentless=draw(st.booleans()))
    lines = writer.mapping(0, 0)
    if draw(st.booleans()):
        lines.insert(0, "# 开头的说明")
    ending = draw(st.sampled_from(["\n", "\n", "", "\n\n", "\n# 完\n"]))
    return "\n".join(lines) + ending


class _StyledWriter:
    """Writes random values in random styles."""

    def __init__(self, draw: st.DrawFn, step: int, *, is_indentless: bool) -> None:
        self.draw, self.step, self.is_indentless = draw, step, is_indentless

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def comment(self) -> str:
        return self.draw(st.sampled_from(["", "", "", "  # 说明", " #说明"]))

    def mapping(self, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        keys = self.draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=4, unique=True))
        for key in keys:
            if self.chance(15):
                lines.append(f"{' ' * column}# 关于{key[:1]}")
            if self.chance(5):
                lines.append("")
            lines += self.value(f"{' ' * column}{write_key(key, in_flow=False)}:", column, depth)
        return lines

    def sequence(self, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.draw(st.integers(1, 3))):
            if self.chance(10):
                lines.append(f"{' ' * column}# 下一项")
            head = f"{' ' * column}-"
            if self.chance(50) and depth < 3:
                gap = self.draw(st.sampled_from([1, 1, 1, 3]))
                inner = self.mapping(column + 1 + gap, depth + 1)
                if inner[0].strip().startswith("#") or not inner[0]:
                    lines += [head, *inner]
                else:
                    lines += [f"{head}{' ' * gap}{inner[0].lstrip()}", *inner[1:]]
            else:
                lines += self.value(head, column, depth + 1, is_entry=True)
        return lines

    def value(self, head: str, column: int, depth: int, *, is_entry: bool = False) -> list[str]:
        kind = self.draw(st.integers(0, 99))
        if kind < 45 or depth > 3:
            text = self.draw(_WORDS)
            quote = self.draw(st.sampled_from(["", "", "'", '"']))
            written = write_line(text, quote, in_flow=False, quotes_all=False)
            return [
                f"{head}{self.draw(st.sampled_from([' ', ' ', '   ']))}{written}{self.comment()}"
            ]
        if kind < 55:
            return [f"{head}{self.comment()}"]
        if kind < 65:
            return self.block(head, column)
        if kind < 80 or is_entry:
            return [f"{head} {self.flow(depth)}{self.comment()}"]
        if kind < 90:
            inner = column + (0 if self.is_indentless else self.step)
            return [f"{head}{self.comment()}", *self.sequence(inner, depth + 1)]
        return [f"{head}{self.comment()}", *self.mapping(column + self.step, depth + 1)]

    def block(self, head: str, column: int) -> list[str]:
        header = self.draw(st.sampled_from(["|", "|-", "|+", ">", ">-"]))
        pad = " " * (column + self.draw(st.sampled_from([2, 4])))
        texts = self.draw(
            st.lists(st.sampled_from(["一行", "", "- 二", "# 三", "丁: 戊"]), max_size=3)
        )
        lines = [f"{pad}{text}" if text else "" for text in ("开头", *texts, "结尾")]
        return [f"{head} {header}{self.comment()}", *lines, *[""] * self.draw(st.integers(0, 2))]

    def flow(self, depth: int) -> str:
        kind = self.draw(st.integers(0, 99))
        if kind < 40 and depth < 4:
            keys = self.draw(st.lists(st.sampled_from(_KEYS), max_size=3, unique=True))
            pairs = [f"{write_key(key, in_flow=True)}: {self.flow(depth + 2)}" for key in keys]
            return f"{{{', '.join(pairs)}}}"
        if kind < 60 and depth < 4:
            count = self.draw(st.integers(0, 3))
            return f"[{', '.join(self.flow(9) or '空' for _ in range(count))}]"
        if kind < 75 and depth < 9:
            return ""
        quote = self.draw(st.sampled_from(["", "", "'", '"']))
        return write_line(self.draw(_WORDS), quote, in_flow=True, quotes_all=False)
