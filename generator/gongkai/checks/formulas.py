"""Check for values that a spreadsheet would run (JG-13)."""

from collections.abc import Iterator

from gongkai.checks.base import Finding, check
from gongkai.model.nodes import MappingNode, Node, ScalarNode
from gongkai.model.spreadsheet_formulas import is_formula, may_hold_formula
from gongkai.reading.dataset import Dataset

_LONGEST_QUOTATION = 40


@check("JG-13", "电子表格公式", of=Dataset, explainable=False)
def formula_filed(dataset: Dataset) -> Iterator[Finding]:
    """填的内容不能是电子表格的公式：以“=”“@”“+”“-”开头，后面是函数、单元格或程序名（“=SUM(A1:A9)”“@SUM(1)”“-cmd|…”）。

    “=100%”“-5.2”“+3人”“- 开展培训”不是公式，照写。

    为什么：网站提供 CSV 下载，用 Excel、WPS 打开时，公式会被执行：显示别的内容，打开别的网址，甚至运行程序。从 Excel 抄数时抄成了公式的，数也没有抄对。
    来源：OWASP“CSV Injection”；整体下载、各页下载的 CSV。
    怎么改：公式改成它算出的数；是文字的，去掉开头的符号，或者在前面加字。
    """
    for source in dataset.sources:
        if source.root and may_hold_formula(source.text):
            for scalar in _scalars(source.root):
                if is_formula(scalar.text):
                    text = scalar.text.strip()
                    shown = text[:_LONGEST_QUOTATION] + "…" * (len(text) > _LONGEST_QUOTATION)
                    message = f"“{shown}”会被电子表格当作公式执行"
                    advice = "请改成公式算出的数；是文字的，去掉开头的符号"
                    yield Finding(scalar.position, message, advice, filed=shown)


def _scalars(node: Node) -> Iterator[ScalarNode]:
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ScalarNode):
            yield current
        else:
            nodes = current.values.values() if isinstance(current, MappingNode) else current.items
            pending += nodes
