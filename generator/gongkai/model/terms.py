"""The field's terms: Chinese words of the official forms and their English names."""

from enum import StrEnum


class DocumentKind(StrEnum):
    """Kind of a document (类型), whatever the province's form is called."""

    BASELINE = "基础数据表"
    OVERALL = "部门整体自评表"
    RUBRIC = "评分表"
    PROJECT = "项目自评表"
    PROJECT_REPORT = "项目自评报告"
    TARGETS = "绩效目标表"
    OVERALL_TARGETS = "部门整体绩效目标表"
    REPORT = "部门自评报告"

    @property
    def anchor(self) -> str:
        """Permanent anchor on a page."""
        return self.name.lower().replace("_", "-")

    @property
    def is_about_project(self) -> bool:
        """Whether the document is about one project."""
        return self in {DocumentKind.PROJECT, DocumentKind.PROJECT_REPORT, DocumentKind.TARGETS}

    @property
    def has_targets_only(self) -> bool:
        """Whether the document states what is to be reached, and is filed before the year begins."""
        return self in {DocumentKind.TARGETS, DocumentKind.OVERALL_TARGETS}


class Role(StrEnum):
    """Meaning of a field, column or row, whatever its label (角色)."""

    PROJECT_NAME = "项目名称"
    UNIT_NAME = "单位名称"
    DEPARTMENT = "主管部门"
    IMPLEMENTER = "实施单位"
    PURPOSE = "立项目的"
    OBJECTIVE = "预期目标"
    ACHIEVEMENT = "实际完成情况"

    INITIAL = "年初预算数"
    ADJUSTED = "全年预算数"
    SPENT = "全年执行数"
    POINTS = "分值"
    """Points that can be earned: 分值 or 权重."""
    EXECUTION_RATE = "执行率"
    SCORE = "得分"
    """Points earned; of a head field or the total row, the total score (总分)."""
    REVIEW_SCORE = "复核得分"
    """Score given by the finance bureau: 复核分, 财政审核得分."""
    COEFFICIENT = "得分系数"
    """Share of the points that was earned, if the form has it."""
    GRADE = "等级"
    COMPARISON = "指标性质"
    """≥, ≤ or = in a column of its own."""
    TARGET = "目标值"
    """The target; the adjusted one if there are two."""
    INITIAL_TARGET = "年初目标值"
    MEASURE = "度量单位"
    ACTUAL = "完成值"
    PROGRESS = "实施进度"
    DEVIATION = "偏差原因"

    STAFF_QUOTA = "编制数"
    STAFF = "在职人数"
    CONTROL_RATE = "控制率"
    PRIOR_FINAL = "上年决算数"
    BUDGET = "本年预算数"
    FINAL = "本年决算数"

    APPROVED_SIZE = "批复规模"
    ACTUAL_SIZE = "实际规模"
    SIZE_RATE = "规模控制率"
    PLANNED_INVESTMENT = "预算投资"
    ACTUAL_INVESTMENT = "实际投资"
    INVESTMENT_RATE = "投资概算控制率"

    TOTAL = "资金总额"
    APPROPRIATION = "财政拨款"
    CARRY_OVER = "上年结转"
    OTHER = "其他资金"
    BASIC = "基本支出"
    PUBLIC = "公用经费"
    THREE_PUBLIC = "三公经费"
    VEHICLES = "公务用车"
    ABROAD = "出国经费"
    RECEPTION = "公务接待"
    PROJECT_SPENDING = "项目支出"
    PROJECT_ROW = "项目行"


UNIT_LEVELS = ("中央级", "省级", "市级", "区级", "县级", "乡镇级")
"""级别 of units, and of forms for them."""


class Grade(StrEnum):
    """自评等级, by the customary words; forms define the bands."""

    EXCELLENT = "优"
    GOOD = "良"
    FAIR = "中"
    POOR = "差"


NOT_STATED = "原件未载"
"""Text shown for values that the original does not state."""
