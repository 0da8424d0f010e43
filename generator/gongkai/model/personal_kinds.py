"""Kinds of personal data, and their positions in a text."""

from dataclasses import dataclass
from enum import StrEnum


class PersonalDataKind(StrEnum):
    """Kinds of personal data."""

    MOBILE = "手机号"
    IDENTITY = "身份证号"
    CARD = "银行卡号"
    ACCOUNT = "银行账号"
    CERTIFICATE = "证件号"
    """Passports, travel permits, social security cards and the like."""
    QQ = "QQ号"
    WECHAT = "微信号"
    PRIVATE_MAIL = "个人邮箱"
    """At a provider for private customers."""
    MAIL = "电子邮箱"
    """Any other address, which may be an office's."""
    HOME = "住址"
    NAMES = "人员名单"
    """Names with amounts."""
    CIRCUMSTANCES = "个人情况"
    """A name with an illness, a benefit, an age or a school."""
    PLATE = "私人车牌"


MASKED_KINDS = frozenset(
    {
        PersonalDataKind.MOBILE,
        PersonalDataKind.IDENTITY,
        PersonalDataKind.CARD,
        PersonalDataKind.ACCOUNT,
        PersonalDataKind.CERTIFICATE,
        PersonalDataKind.QQ,
        PersonalDataKind.WECHAT,
        PersonalDataKind.PRIVATE_MAIL,
    }
)
"""Kinds that must never be stored unmasked."""


@dataclass(frozen=True, slots=True)
class PersonalDataMatch:
    """Position and kind of personal data in a text; never the data itself."""

    kind: PersonalDataKind
    start: int
    """Offset in the text, from 0."""
    masked: str
    """Replacement text, for instance 138****."""
    end: int = 0
    """Offset after it; 0 for kinds that are reported but not masked."""
