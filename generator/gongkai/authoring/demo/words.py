"""Random Chinese texts for the benchmark corpus, recognisably fictitious and rarely repeated."""

from random import Random

_PLACES = "东西南北上下前后青白红蓝金银石木水云山河"
_PLACE_ENDS = "坪岭桥塘冲湾浦溪坝洲"
_OFFICES = (
    *("教育局", "农业农村局", "交通运输局", "水利局", "文化馆", "档案馆", "图书馆", "卫生院"),
    *("林业站", "气象服务中心", "社区服务中心", "老年大学", "第一中学", "中心小学", "消防救援站"),
    *("市场监管所", "残疾人服务中心", "公园管理处", "环境监测站", "就业服务中心", "统计调查队"),
)
_ACTIONS = (
    *(
        "维修",
        "新建",
        "改造",
        "养护",
        "购置",
        "更新",
        "检测",
        "清理",
        "补助",
        "慰问",
        "培训",
        "宣传",
    ),
    *(
        "编制",
        "巡查",
        "监测",
        "防治",
        "奖励",
        "扶持",
        "回访",
        "数字化",
        "验收",
        "评比",
        "推广",
        "救助",
    ),
)
_SUBJECTS = (
    *("乡村道路", "灌溉渠道", "校舍", "路灯", "图书", "档案", "农技推广", "困难家庭", "消防器材"),
    *("饮水管网", "垃圾站", "公共厕所", "村级服务点", "老年食堂", "体育器材", "林木病虫害", "河道"),
    *(
        "义务教育食堂",
        "疫苗冷链",
        "农田排涝",
        "文物点",
        "历史建筑",
        "志愿服务",
        "就业见习",
        "山洪预警",
    ),
    *("公交站台", "残疾人辅具", "农村危房", "非遗传承", "地名标志", "应急物资", "河湖岸线", "茶园"),
)
_RESULTS = (
    *("群众出行更加便利", "服务能力有所提高", "安全隐患明显减少", "设施完好率稳中有升"),
    *("受益群众普遍认可", "管理制度逐步完善", "资金使用规范有序", "任务按计划推进"),
    *("与上年相比成效明显", "形成了可推广的做法", "基层负担有所减轻", "办理时限进一步缩短"),
)
_REASONS = (
    *("雨季施工期延长", "设备到货较晚", "部分对象外出务工", "验收资料补正用时较多"),
    *("招标流标一次后重新组织", "受场地腾退影响", "人员调整后衔接不及时", "年中任务有所调整"),
)


def unit_name(number: int, rnd: Random) -> str:
    """Return a unit name; the number makes it unique."""
    place = f"{rnd.choice(_PLACES)}{rnd.choice(_PLACE_ENDS)}"
    return f"示例{place}{rnd.choice(_OFFICES)}第{number}分部"


def project_name(number: int, rnd: Random) -> str:
    """Return a project name."""
    place = f"{rnd.choice(_PLACES)}{rnd.choice(_PLACE_ENDS)}"
    return f"示例{place}{rnd.choice(_SUBJECTS)}{rnd.choice(_ACTIONS)}专项第{number}号"


def indicator_name(rnd: Random) -> str:
    """Return the name of an indicator."""
    return f"{rnd.choice(_SUBJECTS)}{rnd.choice(_ACTIONS)}"


def deviation_reason(rnd: Random) -> str:
    """Return a reason for a missed target."""
    return f"{rnd.choice(_REASONS)}，{rnd.choice(_SUBJECTS)}{rnd.choice(_ACTIONS)}相应推迟。"


def narrative(rnd: Random, sentence_count: int) -> str:
    """Return a text of so many sentences about completed work."""
    return "".join(_sentence(rnd) for _ in range(sentence_count))


def _sentence(rnd: Random) -> str:
    first, second = rnd.choice(_SUBJECTS), rnd.choice(_SUBJECTS)
    return (
        f"组织开展{first}{rnd.choice(_ACTIONS)}和{second}{rnd.choice(_ACTIONS)}，"
        f"涉及{rnd.choice(_PLACES)}{rnd.choice(_PLACE_ENDS)}等地，{rnd.choice(_RESULTS)}。"
    )
