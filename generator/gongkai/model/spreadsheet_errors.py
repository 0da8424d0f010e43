"""Error values of Excel and WPS (#REF!, #DIV/0!, ####), and what they mean."""

import re

_MEANINGS = {
    "#REF!": "公式引用的单元格已经删去",
    "#N/A": "公式没有查到要找的值",
    "#VALUE!": "公式里的数其实是文字",
    "#DIV/0!": "公式除以了零或空格",
    "#NAME?": "公式里有不认识的名称",
    "#NUM!": "公式算出的数太大、太小或不存在",
    "#NULL!": "公式里两个区域没有交集",
    "#SPILL!": "公式的结果放不下",
    "#CALC!": "公式算不下去",
    "#FIELD!": "公式引用的字段不存在",
    "#BLOCKED!": "公式用的数据不许读取",
    "#CONNECT!": "公式要连的服务没有连上",
    "#BUSY!": "公式还没有算完",
    "#GETTING_DATA": "公式还没有取到数",
    "#UNKNOWN!": "公式用的数据这个版本读不了",
    "#PYTHON!": "公式里的 Python 出错了",
    "#EXTERNAL!": "公式用的外部数据出错了",
    "#TIMEOUT!": "公式算得太久，没有算完",
}
_NOT_AVAILABLE = frozenset({"N/A", "#NA", "＃N/A"})
_TOO_NARROW = re.compile(r"#{2,}")
_SIGNS = re.compile("[#＃]|[Nn]/[Aa]|Err|错误")
"""What every error value has, and few other texts."""
_OTHER = re.compile(r"#[A-Z][A-Z0-9_/]*[!?]|(?:Err|错误):\s?\d{3}")
"""Errors of later versions, and those of LibreOffice (Err:502)."""


def explain_spreadsheet_error(text: str) -> str:
    """Return in Chinese what a text means if it is an error value of Excel; else an empty string."""
    if not _SIGNS.search(text):
        return ""
    error = text.strip().replace("＃", "#").replace("！", "!").replace("？", "?").upper()
    if meaning := _MEANINGS.get(error):
        return f"“{text}”是 Excel 的错误值（{meaning}）"
    if error in _NOT_AVAILABLE:
        return f"“{text}”是 Excel 的错误值（{_MEANINGS['#N/A']}）"
    if _TOO_NARROW.fullmatch(error):
        return f"“{text}”是 Excel 里列太窄、显示不下时的样子，真正的值没有抄出来"
    return f"“{text}”是 Excel 的错误值" if _OTHER.fullmatch(text.strip()) else ""
