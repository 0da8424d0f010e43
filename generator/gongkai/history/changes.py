"""What a reader is told of a disclosure's past: when it was first public, and every change since."""

from dataclasses import dataclass
from enum import StrEnum

_BLANK = "空白"


class ChangeKind(StrEnum):
    """What became of a place."""

    CHANGED = "改动"
    ADDED = "新增"
    REMOVED = "删去"


class EventKind(StrEnum):
    """What became of a disclosure as a whole."""

    CHANGED = "修改"
    WITHDRAWN = "撤下"
    RESTORED = "重新公开"
    UNREADABLE = "读不出"
    """A version that cannot be read: what was changed in it is told with the next one."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place that is another one than before. Personal data of the old version is covered."""

    kind: ChangeKind
    project: str
    """The project's present slug; empty for what concerns the whole unit."""
    document: str
    """Which document, for instance 项目自评表（某某项目）; 公开目录, 差异说明 …"""
    place: str
    """Where in it, in the form's words: 产出指标·数量指标·数量指标1 实际完成值."""
    old: str
    """As filed before; empty where blank or added. Long texts are shortened."""
    new: str
    """As filed now; empty where blank or removed."""
    where: str = ""
    """The whole key path of the place, as 勘误 give it; the old one where it was removed."""
    reason: str = ""
    """What the 勘误 says that announces it; empty where none does."""
    corrected: str = ""
    """The day of that 勘误."""

    @property
    def announced(self) -> bool:
        """Whether a 勘误 tells of it."""
        return bool(self.corrected)

    @property
    def words(self) -> str:
        """What changed, without the document: 产出指标·数量指标1 实际完成值 95→98."""
        match self.kind:
            case ChangeKind.CHANGED:
                return f"{self.place} {self.old or _BLANK}→{self.new or _BLANK}".strip()
            case ChangeKind.ADDED | ChangeKind.REMOVED:
                told = self.new if self.kind is ChangeKind.ADDED else self.old
                return f"{self.kind}{self.place}{f'：{told}' if told else ''}"


@dataclass(frozen=True, slots=True)
class Event:
    """What was changed between two states that were public."""

    day: str
    """On which it became public: of the release, or of the commit where it is not released yet."""
    release: str
    """The release's name (2026-11-23, 2026-11-23-2 …); empty where there is none."""
    revision: str
    """The commit, in full."""
    kind: EventKind
    changes: tuple[Change, ...] = ()
    """In the order of the documents."""


@dataclass(frozen=True, slots=True)
class Told:
    """The past of one disclosure."""

    first_day: str
    """When it became public on this site."""
    first_release: str
    """In which release; empty where it is in none yet."""
    first_revision: str
    events: tuple[Event, ...] = ()
    """The oldest first."""
