"""What a number is by the words before it: 电话, 身份证号, 账号, 项目编码 …"""

import re
from dataclasses import dataclass
from enum import Enum, auto

from gongkai.model.digit_runs import DigitRun


class Subject(Enum):
    """What the words before a number say that it is."""

    PHONE = auto()
    IDENTITY = auto()
    ACCOUNT = auto()
    CERTIFICATE = auto()
    QQ = auto()
    AMOUNT = auto()
    CODE = auto()
    """A code, a document number or a time."""


_WORDS = {
    Subject.PHONE: r"""
        手机 电话 联系 致电 来电 拨打 微信 机主 热线 短信 📱 ☎ 📞 📲 电(?=[:(\s]*$)
        telephone (?<![a-z])(?:tel|phone|mobile|mob|cell|call|whatsapp|ph)(?![a-z])""",
    Subject.IDENTITY: r"""
        身份证(?:件)? 公民身份 身份号 身份(?:编号|代码|信息) 证件 社会保障号 社保号 社会保险号 居住证 居留 户口
        学籍 优待证 驾驶证 残疾人?证 id.?card id(?=[\s:(.no]*$)""",
    Subject.ACCOUNT: r"""
        [账帐]号 [账帐]户 户名 卡号 一卡通 一折通 存折 开户 银行卡 信用卡 储蓄卡 借记卡 打卡 工资卡 惠农卡 公务卡 社保卡(?=金融)
        支付宝 汇款 汇入 汇至 打款 打入 转入 存入 收款 转[账帐] 支行 信用社 (?:农商|工商|建设|中国|交通|邮储|储蓄|农业|商业)银行
        运通 万事达 visa jcb mastercard amex""",
    Subject.CERTIFICATE: r"""
        护照 passport 通行证 回乡证 台胞证 旅行证 社保卡 社会保障卡 医保卡 医保 医疗保险 参保号 个人(?:编号|代码)
        军官证 士兵证 退役军人证 军人证""",
    Subject.QQ: r"(?<![a-z])qq(?!群)(?:[/,]?微信)? 扣扣 企鹅",
    Subject.AMOUNT: "金额 余额 总额 结余 资金 支出 收入 合计 总计 资产 负债 预算 决算 执行数 经费 拨付",
    Subject.CODE: """
        [编文批书刊]号 编码 代码 索引 识别号 发票 许可 备案 网安备 合同 订单 凭证 标识 流水号 公众号 qq群 群号
        isbn issn 邮编 邮政编码 时间 日期 版本""",
}
"""Words by subject, separated by spaces, as patterns; `$` is the number itself."""
_SUFFIX = "(?:卡?号码?|编号|代码|证号)*"
_WORD = re.compile(
    "|".join(
        f"(?P<{subject.name}>(?:{'|'.join(words.split())}){_SUFFIX})"
        for subject, words in _WORDS.items()
    )
)
_IDENTITY_AFTER = re.compile(r"[ _.()-]{0,2}(?:身份证|公民身份)")
SHORT_NUMBER_WORD = re.compile("Q|q|Ｑ|ｑ|扣|鹅|照|证|Pass|pass|PASS|社保|保障|医保|医疗|个人|参保")
"""Found before any personal number of less than eleven digits."""
_MAX_DISTANCE = 18
"""Number of characters between a word and its number."""
_MAX_DISTANCE_OF_HARMLESS = 4
_BLANK = re.compile(r"(?<=[\u4e00-\u9fffq])[\s\u200b]{1,3}(?=[\u4e00-\u9fffq])")
"""Blanks that set a word wider: 电 话."""
_OTHER_NUMBER = re.compile("[0-9]{3}")


@dataclass(frozen=True, slots=True)
class NumberContext:
    """A run of digits, and what the words before say of it."""

    run: DigitRun
    subject: Subject | None
    between: str = ""
    """The text between the word and the run."""


def read_context(run: DigitRun) -> NumberContext:
    """Find the last word before a run that says what its numbers are."""
    before = _BLANK.sub("", run.before)
    words = list(_WORD.finditer(before))
    if not words:
        is_identity = _IDENTITY_AFTER.match(run.after)
        return NumberContext(run, Subject.IDENTITY if is_identity else None)
    between = before[words[-1].end() :]
    subject = Subject[words[-1].lastgroup or ""]
    is_harmless = subject in {Subject.AMOUNT, Subject.CODE}
    distance = _MAX_DISTANCE_OF_HARMLESS if is_harmless else _MAX_DISTANCE
    if len(between) > distance or _OTHER_NUMBER.search(between):
        return NumberContext(run, None)
    return NumberContext(run, subject, between)
