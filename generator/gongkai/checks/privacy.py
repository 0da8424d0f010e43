"""Checks for personal data (YS), because everything in the data folder is public."""

from collections.abc import Iterator

from gongkai.checks.base import Finding, check
from gongkai.model.personal_data import PersonalDataKind, PersonalDataMatch
from gongkai.model.problems import Level, Position
from gongkai.reading.dataset import Dataset

_BLOCKING = frozenset({PersonalDataKind.CARD})


@check("YS-01", "手机号", of=Dataset, explainable=False)
def mobile_number(dataset: Dataset) -> Iterator[Finding]:
    """数据文件的任何地方（包括注释）都不得有完整的手机号，遮蔽为 138****0000 的样子。

    为什么：data/ 里的一切都会公开；个人信息不公开。
    来源：政府信息公开条例、个人信息保护法。
    怎么改：中间四位换成 ****；金额栏里的数字不受影响。
    """
    for position, match in _find_private(dataset, PersonalDataKind.MOBILE):
        message = f"这里有一个完整的手机号（{match.masked}…）"
        yield Finding(position, message, "请改成“138****0000”的样子再提交", filed=match.masked)


@check("YS-02", "身份证号", of=Dataset, explainable=False)
def identity_number(dataset: Dataset) -> Iterator[Finding]:
    """数据文件的任何地方都不得有居民身份证号（18 位，校验码与出生日期均合法者；注明是身份证的 15 位旧号）。

    为什么：data/ 里的一切都会公开；个人信息不公开。
    来源：GB 11643-1999；个人信息保护法。
    怎么改：删去，或只留末位以外均遮蔽的写法。
    """
    for position, match in _find_private(dataset, PersonalDataKind.IDENTITY):
        yield Finding(
            position, "这里有一个身份证号", "它不应公开，请删去再提交", filed=match.masked
        )


@check("YS-03", "银行卡号等", Level.E, Level.W, of=Dataset, explainable=False)
def other_personal_data(dataset: Dataset) -> Iterator[Finding]:
    """不得有银行卡号；电子邮箱、门牌住址、写着金额或病情的人员名单，提出警告。

    为什么：受助人的姓名、病情、住址是个人隐私。
    来源：政府信息公开条例第十五条；个人信息保护法。
    怎么改：删去，名单只写人数和金额合计。
    """
    for kind in (
        PersonalDataKind.CARD,
        PersonalDataKind.MAIL,
        PersonalDataKind.HOME,
        PersonalDataKind.NAMES,
    ):
        level = Level.E if kind in _BLOCKING else Level.W
        for position, match in _find_private(dataset, kind):
            message = f"这里疑有{kind}"
            yield Finding(
                position, message, "个人信息不公开，请删去或遮蔽", filed=match.masked, level=level
            )


def _find_private(
    dataset: Dataset, kind: PersonalDataKind
) -> Iterator[tuple[Position, PersonalDataMatch]]:
    matches = [(position, match) for position, match in dataset.personal_data if match.kind is kind]
    amounts = _amount_positions(dataset) if matches else frozenset()
    return ((position, match) for position, match in matches if position not in amounts)


def _amount_positions(dataset: Dataset) -> frozenset[Position]:
    """Return the positions of amounts, which in 元 may look like a mobile number."""
    return frozenset(
        cell.position
        for disclosure in dataset.disclosures
        for record in disclosure.all_records
        for cell in record.amounts
    )
