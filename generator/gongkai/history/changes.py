"""History of a disclosure: its first publication and every change since."""

from dataclasses import dataclass
from enum import StrEnum

_BLANK = "空白"


class ChangeKind(StrEnum):
    """How one place of a document changed."""

    CHANGED = "改动"
    ADDED = "新增"
    REMOVED = "删去"


class EventKind(StrEnum):
    """What happened to a disclosure as a whole."""

    CHANGED = "修改"
    WITHDRAWN = "撤下"
    RESTORED = "重新公开"
    UNREADABLE = "读不出"
    """A version that cannot be read; its changes are listed with the next readable one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed place of a document. Personal data of the old version is masked."""

    kind: ChangeKind
    project: str
    """The project's present slug; empty for changes of the whole unit's documents."""
    document: str
    """Name of the document, for instance 项目自评表（某某项目）; or 公开目录, 差异说明 …"""
    place: str
    """Place in the document, in the form's terms: 产出指标·数量指标·数量指标1 实际完成值."""
    old: str
    """As filed before, long texts shortened; empty if blank or added."""
    new: str
    """As filed now, long texts shortened; empty if blank or removed."""
    where: str = ""
    """Full key path, as used in 勘误; the old path if the place was removed."""
    reason: str = ""
    """原因 of the 勘误 that announces the change; empty if none does."""
    corrected: str = ""
    """日期 of that 勘误."""

    @property
    def is_announced(self) -> bool:
        """Whether a 勘误 announces the change."""
        return bool(self.corrected)

    @property
    def summary(self) -> str:
        """The change in words, without the document: 产出指标·数量指标1 实际完成值 95→98."""
        match self.kind:
            case ChangeKind.CHANGED:
                return f"{self.place} {self.old or _BLANK}→{self.new or _BLANK}".strip()
            case ChangeKind.ADDED | ChangeKind.REMOVED:
                value = self.new if self.kind is ChangeKind.ADDED else self.old
                return f"{self.kind}{self.place}{f'：{value}' if value else ''}"


@dataclass(frozen=True, slots=True)
class Event:
    """The changes between two successive public versions."""

    day: str
    """ISO date of publication: of the release, or of the commit if it is not released yet."""
    release: str
    """The release's name (2026-11-23, 2026-11-23-2 …); empty if it is not released yet."""
    revision: str
    """Full commit hash."""
    kind: EventKind
    changes: tuple[Change, ...] = ()
    """In the order of the documents."""


@dataclass(frozen=True, slots=True)
class DisclosureHistory:
    """History of one disclosure."""

    first_day: str
    """ISO date of its first publication on this site."""
    first_release: str
    """Name of its first release; empty if it is not released yet."""
    first_revision: str
    """Full commit hash of its first public version."""
    events: tuple[Event, ...] = ()
    """Oldest first."""
