"""Checks for personal data (YS), because everything in the data folder is public."""

from collections.abc import Iterator

from gongkai.checks.base import Finding, check
from gongkai.model.personal_kinds import MASKED_KINDS, PersonalDataKind, PersonalDataMatch
from gongkai.model.problems import Level, Position
from gongkai.reading.dataset import Dataset


@check("YS-01", "手机号", of=Dataset, explainable=False)
def mobile_number(dataset: Dataset) -> Iterator[Finding]:
    """数据文件的任何地方（键名、注释、文件名也在内）都不得有完整的手机号，遮蔽为 138****0000 的样子。

    全角、带圈、中文（一三八…）等写法，数字之间有空格、短横、点、顿号等的，断在两行里的，前面有 +86、0086、0 的，都算。后面写着“元”“亩”等单位的，有千分位、小数的，是数额，不算；前面写着“电话”“手机”“联系”的，仍然算。

    为什么：data/ 里的一切都会公开；个人信息不公开。
    来源：政府信息公开条例、个人信息保护法。
    怎么改：中间四位换成 ****；金额栏里的数字不受影响。办公电话可以照写。
    """
    for position, match in _find_private(dataset, PersonalDataKind.MOBILE):
        message = f"这里有一个完整的手机号（{match.masked}…）"
        yield Finding(position, message, "请改成“138****0000”的样子再提交", filed=match.masked)


@check("YS-02", "身份证号", of=Dataset, explainable=False)
def identity_number(dataset: Dataset) -> Iterator[Finding]:
    """数据文件的任何地方（键名、注释、文件名也在内）都不得有居民身份证号。

    18 位、校验码与出生日期均合法的都算，残疾人证号也算；写明“身份证”“证件号”等的，校验码不对的和 15 位旧号也算。分段、换行、全角或中文数字的写法一样算；项目编码、监督索引号、统一社会信用代码不算。

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
    """不得有银行卡号、银行账号、护照和社保卡等证件号、QQ 号、微信号、个人邮箱。

    银行卡号按卡头和校验码认；账号、证件号、QQ 号、微信号，前面写着这些字的才算；个人邮箱指 qq.com、163.com 等处的邮箱，写明“单位邮箱”“公用邮箱”的只提出警告。

    姓名连着病情、残疾、低保等救助、年龄、学校的，连着门牌住址、私人车牌的，写着金额的人员名单，凭字面认不准，只提出警告。写作“张某某”“张**”的不算；填表人、负责人、局长等职务后面的姓名不算。

    为什么：受助人的姓名、病情、住址是个人隐私。
    来源：政府信息公开条例第十五条；个人信息保护法第二十八条。
    怎么改：删去或遮蔽，名单只写人数和金额合计。
    """
    for kind in PersonalDataKind:
        if kind in {PersonalDataKind.MOBILE, PersonalDataKind.IDENTITY}:
            continue
        level = Level.E if kind in MASKED_KINDS else Level.W
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
