"""Mail addresses and WeChat names, with @ written in many ways."""

import re
from collections.abc import Iterator

from gongkai.model.digit_runs import fold_text
from gongkai.model.personal_kinds import PersonalDataKind, PersonalDataMatch

_PROVIDERS = (
    "qq|vip\\.qq|foxmail|163|vip\\.163|126|139|189|188|wo|yeah|sina|vip\\.sina|sohu|tom|21cn|aliyun|263"
    "|gmail|hotmail|outlook|live|icloud|me|msn|yahoo|protonmail"
)
"""Providers of mailboxes for private customers."""
_AT = r"(?:@|\(at\)|\(艾特\)|\(a\)|\bat\b|#|艾特)"
_DOT = r"(?:\.|\(dot\)|点|\bdot\b|\(\.\)|\(点\))"
_PRIVATE_MAIL = re.compile(
    rf"(?<![a-z0-9*])[a-z0-9][a-z0-9._%+-]{{0,40}}+[ \u200b]{{0,2}}{_AT}[ \u200b]{{0,2}}"
    rf"(?:{_PROVIDERS})[ \u200b]{{0,2}}{_DOT}[ \u200b]{{0,2}}(?:com|cn|net|org|me)(?:\.cn)?(?![a-z0-9])"
)
_MAIL = re.compile(r"[a-z0-9._%+-]{1,64}+@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6}\.[a-z]{2,24}")
_OFFICE = re.compile(
    "(?:单位|办公|公用|公务|工作|政务|电子政务|官方|局|办|科|股)(?:电子)?(?:邮箱|信箱|邮件)[^a-z0-9]{0,4}$"
)
_HINT = re.compile(
    r"[@＠]|[(（\[【]\s?(?:at|AT|艾特)|艾特|(?:邮箱|信箱|邮件|[Mm]ail)[^\n]{0,50}?(?:#| at )"
)
_HINT_SIGNS = ("@", "＠", "艾", "邮", "箱", "ail", "at", "AT")
"""Parts of all hints; single characters are found fastest."""
_CONTEXT = 70
_WECHAT = re.compile(
    r"(?:[微威薇徽]信(?!公众|小程序)|(?<![a-z0-9])(?:wx|vx|wechat|weixin)(?=号|id|[: ])|(?<![a-z0-9])[v∨]信)"
    r"(?:号码?|id|账号|帐号|名)?[ :\u200b\n]{0,3}([a-z][a-z0-9_-]{5,19})(?![a-z0-9_-])"
)
_WECHAT_HINT = re.compile("[微威薇徽VvＶｖWwＷ](?:信|[XxＸ]|e[Cc]hat|ei[Xx]in)")


def find_online_accounts(text: str) -> Iterator[PersonalDataMatch]:
    """Yield mail addresses and WeChat names in a text."""
    end = 0
    for hint in _HINT.finditer(text) if any(sign in text for sign in _HINT_SIGNS) else ():
        start = max(hint.start() - _CONTEXT, end)
        window = fold_text(text[start : hint.end() + _CONTEXT])
        mail = _PRIVATE_MAIL.search(window)
        kind = PersonalDataKind.PRIVATE_MAIL
        if mail is None or _OFFICE.search(window[: mail.start()]):
            kind = PersonalDataKind.MAIL
            mail = _MAIL.search(window)
        if mail:
            end = start + mail.end()
            yield PersonalDataMatch(kind, start + mail.start(), "***", end)
    for hint in _WECHAT_HINT.finditer(text):
        name = _WECHAT.match(fold_text(text[hint.start() : hint.end() + 40]))
        if name and (re.search("[0-9_]", name[1]) or hint[0].endswith("信")):
            start, stop = (hint.start() + offset for offset in name.span(1))
            yield PersonalDataMatch(PersonalDataKind.WECHAT, start, "***", stop)
