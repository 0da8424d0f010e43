"""Sentences as people write them in reports: correct ones pass, wrong ones are reported."""

import time
from pathlib import Path

import pytest

from gongkai.checks.arithmetic import find_wrong_balances, find_wrong_equations
from gongkai.checks.changes import find_wrong_changes
from gongkai.checks.clauses import split_sentences
from gongkai.checks.prose import TextBlock
from gongkai.checks.runner import check_data
from gongkai.checks.shares import find_wrong_shares
from gongkai.checks.statements import find_itemized_totals
from gongkai.model.nodes import MappingNode, ScalarNode
from gongkai.reading.source import parse_source
from tests.folders import TODAY, example_data

REPORT = "units/shili/2022/report.md"
CORRECT = """
2022年收入合计1200万元，其中：财政拨款收入1000万元，占83.33%；其他收入200万元，占16.67%。
全年完成维护项目15个，其中：省级5个、市级10个，完成率100%。
共发放补助资金50万元，惠及群众200人，其中：甲镇120人、乙镇80人。
共发放补助资金50万元，惠及群众200人，其中：甲镇30万元、乙镇20万元。
部门预算支出300万元，比上年增加30万元，增长11.11%，其中：基本支出200万元，项目支出100万元。
示例活动费2万元，同比增加0.5万元，增长33.33%。
共有示例人员25人，其中：行政10人，事业15人；退休人员8人。
年末资产总额3000万元，其中流动资产500万元，固定资产2500万元，负债总额200万元。
基本支出200万元，其中：人员经费150万元（含工资120万元），公用经费50万元。
支出300万元，其中：基本支出200万元，包括人员经费150万元、公用经费50万元；项目支出100万元。
全年培训3期，共150人次，其中：第一期50人次，第二期60人次，第三期40人次。
收入增加10万元，其中：示例甲增加15万元，示例乙减少5万元。
预算数50万元、决算数45万元，其中：示例甲30万元，示例乙20万元。
自评总分为100分，本单位自评得分98分。
示例道路维护项目自评得分99分。
本单位编制12名，其中行政编制5名、事业编制7名。
2021年部门预算收入280万元，2022年部门预算收入300万元。
上年项目支出80万元，本年项目支出100万元。
政府采购项目支出20万元。
示例资金使用期限至2024年12月31日。
示例办法自2023年7月1日起施行。
下一步，2023年10月完成示例工程。
示例路段长3/4公里，宽7.5米，占比约80%左右。
安排资金100万元，其中：1月30万元，2月30万元，3月40万元。
三公经费支出2.5万元，其中：因公出国（境）费0万元，公务用车购置及运行费0万元（其中：购置费0万元，运行费0万元），公务接待费2.5万元。
慰问240户，发放慰问金24万元，户均0.1万元。
""".strip().split("\n")
WRONG = {
    "2022年收入合计1200万元，其中：财政拨款收入1000万元；其他收入100万元。": "GJ-01",
    "共有示例人员25人，其中：行政10人，事业14人；退休人员8人。": "GJ-01",
    "基本支出200万元，其中：人员经费140万元（含工资120万元），公用经费50万元。": "GJ-01",
    "安排资金100万元，其中：1月30万元，2月30万元，3月30万元。": "GJ-01",
    "三公经费支出2.5万元，比上年减少0.5万元，减少20%。": "GJ-05",
    "本单位自评得分89分。": "GJ-06",
    "本单位编制15名。": "GJ-03",
    "2022年部门预算收入280万元。": "GJ-03",
    "全年项目支出80万元。": "GJ-02",
    "截至2023年9月，示例道路已全部完工。": "RQ-03",
}


def reported_rules(folder: Path, line: str) -> set[str]:
    """Return the ids of rules reported for a report with this line."""
    data = example_data(folder, {REPORT: {"全年支出300万元。": line}})
    return {problem.rule.id for problem in check_data(data, TODAY).judgement.problems}


@pytest.mark.parametrize("line", CORRECT)
def test_correct_sentence_passes(line: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, line) == set()


@pytest.mark.parametrize("line", WRONG)
def test_wrong_sentence_is_reported(line: str, tmp_path: Path) -> None:
    assert reported_rules(tmp_path, line) == {WRONG[line]}


def test_total_and_parts_of_a_sentence() -> None:
    text = "全年共计52.5万元，具体情况如下：示例甲9万元（示财[2022]0043号）；示例乙4万元等。"
    (sentence,) = split_sentences(text)[:1]
    (itemized,) = find_itemized_totals(sentence, text)
    assert itemized.total is not None
    assert (itemized.total.text, itemized.is_open) == ("52.5万元", True)
    assert [(part.name, part.quantity.text, part.reference) for part in itemized.parts] == [
        ("示例甲", "9万元", "示财[2022]0043号"),
        ("示例乙", "4万元", ""),
    ]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("共计10万元，其中甲6万元，乙5万元", (1, 7)),
        ('"共计10万元，其中甲6万元，乙5万元"', (1, 8)),
        ("|\n  示例说明。\n  共计10万元，其中甲6万元，乙5万元", (3, 5)),
        (">-\n  示例说明。\n  共计\n   10万元，其中甲6万元，乙5万元", (4, 4)),
    ],
)
def test_position_in_a_value(source: str, place: tuple[int, int]) -> None:
    node = parse_source(f"说明: {source}\n".encode(), "示例.yml").root
    assert isinstance(node, MappingNode)
    scalar = node.values["说明"]
    assert isinstance(scalar, ScalarNode)
    block = TextBlock(scalar.text, "", scalar.position, is_body=False)
    (itemized,) = find_itemized_totals(block.sentences[-1], block.text)
    assert itemized.total is not None
    position = block.position_at(itemized.total.column)
    assert (position.line, position.column) == place


RIGHT_FIGURES = """
支出300万元，其中基本支出200万元，项目支出100万元，政府采购支出20万元。
补助4万元，计划免疫1万元、计划生育3万元，共4万元。
全年支出126.72万元，其中步道照明12.00万元，资金按合同约定分三次支付。
奖励资金10万元，分为一等奖2万元、二等奖1万元、三等奖0.5万元。
职工120人，其中党员45人，女职工50人。
预算300万元，收入、支出分别为292万元、280万元。
全年完成投资1200万元，其中：建安工程费980万元，设备购置费150万元，其他费用70万元，完成率100%。
培训班12期（春季5期、秋季7期），培训1200人次（线上500人次，线下700人次）。
发放补贴320户、96万元，户均3000元，其中低保户120户、特困户20户。
收到群众来信来访86件，其中来信30件、来访56件，办结84件，办结率97.67%。
项目资金200万元，按季度拨付：一季度50万元、二季度60万元、三季度40万元、四季度50万元。
建设内容包括道路3公里、管网5公里、路灯120盏。
截至年底，已支付85%，共170万元，剩余30万元待验收后支付。
从业人员50人，为20户农户提供服务，户均增收3000元。
检测样品500批次，合格495批次，合格率99%。
及时完成率100%，维修10处，完成养护12处，完成率100%。
2021年支出200万元，2022年支出220万元，增长10%。
比上年增加20万元，增长10%，其中人员经费增加15万元，公用经费增加5万元。
人员经费由上年的200万元增加到220万元，增加20万元，增长10%；公用经费由100万元减少到90万元，下降10%。
由每亩400元提高到每亩450元，提高12.5%。
满意度由92%提高到95%，提高3个百分点，提高幅度3.26%。
按每人每年500元、120人测算，共需6万元。
建成示范点5个、服务站8个，共13个站点。
奖补资金按面积发放，每亩50元，补贴1.2万亩，共计60万元。
出动执法人员1200人次、车辆300台次，检查企业450家次，发现隐患86处，整改86处，整改率100%。
总投资5000万元，其中中央预算内投资3000万元，其余由地方配套。
全年安排资金85万元，主要用于宣传20万元、培训30万元、设备35万元。
实际支出196万元，占预算200万元的98%。
支出196万元，占全县财政支出的0.5%。
占地面积20亩，其中绿化面积6亩，占30%。
2022年末在职人员45人，比上年减少2人；退休人员30人，比上年增加3人。
项目预算100万元，一期60万元，二期40万元，均已完成。
年初结转20万元，当年预算200万元，支出210万元，年末结转10万元。
收入总计1200万元，支出总计1200万元，其中年末结转结余50万元。
单价由120元降为110元，节约10元，节约8.33%。
完成造林1.2万亩，其中人工造林0.8万亩，封山育林0.4万亩，抚育0.5万亩。
发放宣传资料2万份，制作展板50块，悬挂横幅30条，共投入5万元。
指标值为≥95%，实际完成96%，比目标高1个百分点。
惠及12个乡镇（街道）、86个村（社区），其中脱贫村30个。
公务接待15批次、120人次，比上年减少3批次、20人次。
“三公”经费预算10万元，支出8.5万元，比预算减少1.5万元，下降15%；比上年9万元减少0.5万元，下降5.56%。
合同金额98.6万元，已支付78.88万元（80%），尾款19.72万元。
平均每期培训50人，共12期600人。
2022年共受理申请320件，其中一季度80件，二季度95件，三季度70件，四季度75件。
全县共有学校45所，在校学生32000人，其中小学30所18000人，初中12所9000人，高中3所5000人。
上年结转5万元，本年安排45万元，共50万元；实际支出48万元，结转下年2万元。
得分=20×98%=19.6分。
预算执行率=196÷200×100%=98%。
一般公共预算拨款收入500万元，占总收入的83.33%；其他收入100万元，占16.67%。
计划生育家庭帮扶共3项：一是发放特别扶助金30万元，二是住院护理补贴15万元，三是慰问12户。
共设置监测点36个，覆盖12个乡镇，平均每个乡镇3个。
其中，县级财政资金50万元、省级补助30万元，共80万元。
支出由人员经费和公用经费组成，人员经费占80%。
我单位2022年实有人数25人，其中：行政编制12人，事业编制10人，临聘人员3人，另有退休人员15人。
全年节约水费1.2万元、电费0.8万元，合计节约2万元。
补助标准由每人每月100元提高到120元。
道路全长12.5公里，其中一标段5.5公里、二标段7公里；桥梁3座，其中大桥1座、中桥2座。
共完成12项任务，其中8项超额完成，占66.67%。
救助困难群众1200人次，发放救助金240万元，其中临时救助300人次45万元，医疗救助900人次195万元。
服务对象满意度95.5%，较上年94%提升1.5个百分点。
2022年支出220万元，2021年支出200万元，2020年支出180万元。
全年计划24期，上半年完成10期，下半年完成16期。
设备费32万元+安装费5万元=37万元。
应参会50人，实到48人，到会率96%。
完成率=实际完成数/计划数×100%=285/300×100%=95%。
A类10个+B类5个=15个。
年初库存120吨，本年购入300吨，本年发放350吨，年末库存70吨。
今年收入86万元，去年收入80万元，增加6万元，增长7.5%。
新增岗位120个，发放补贴80万元，结余5万元。
培训300人（男160人、女140人；党员80人）。
工程款分三期支付：一期30万元，二期50万元，三期尚未支付。
共支出15.6万元，其中：差旅费2.4万元、会议费1.8万元、培训费3.6万元、印刷费0.8万元、其他7万元。
全市共有公厕120座，其中一类30座、二类60座，其余为三类。
专项资金500万元，已拨付450万元，拨付率90%，其中甲县200万元、乙县150万元、丙县100万元。
全年预算1200万元（年初1000万元，追加200万元），支出1150万元。
项目支出444.9万元，预算执行率98.87%（444.9÷450）。
资金到位率100%，支出进度98%，其中上半年45%、下半年53%。
“三公”经费支出8万元，比预算数10万元减少2万元，下降20%。
水费3.2万元、电费5.6万元，比上年分别下降5%和8%。
本年收入分别比上年和年初预算增加10万元、5万元。
甲、乙两个项目分别支出30万元、50万元，共计80万元，分别占37.5%、62.5%。
维修教室12间，更换门窗36扇，粉刷墙面2400平方米，其中教学楼8间。
预算执行率由上年的95%上升到98%，比目标值90%高8个百分点。
贫困人口由320人减少至0人。
按人均30元标准，为1200人投保，共3.6万元。
总投资860万元，其中中央资金500万元（2021年300万元、2022年200万元），地方配套360万元。
完成了年初确定的12项目标中的11项，完成率91.67%。
本年度共发生支出98.5万元，主要是人员经费60万元、公用经费38.5万元。
收到财政拨款50万元，支出45万元，其中人员20万元、公用25万元，结余5万元。
""".strip().split("\n")
WRONG_FIGURES = """
示例资金共计52万元，具体情况如下：计划生育甲项目18万元；计划生育乙项目14万元，计划生育丙项目20万元，计划生育丁项目5万元。
全年收治病人3200人次，其中门诊2800人次、住院500人次。
全年收入500万元：财政拨款420万元，事业收入60万元，其他收入10万元。
资金来源由省级补助50万元、县级配套30万元和自筹15万元构成，共计100万元。
三个村分别补助12万元、15万元、18万元，合计46万元。
共组织活动36场。其中：文艺演出12场，讲座15场，展览8场。
采购设备共58台（套），包括电脑30台、打印机18台、投影仪9台。
人员由医生12人、护士20人、药师5人组成，共38人。
全年举办培训24期，一季度5期、二季度6期、三季度6期、四季度8期。
设备购置费32万元＋安装费5万元＝38万元。
12台×3500元/台=4.3万元。
预算80万元，执行76.5万元，结余4.5万元。
年初库存120吨，本年购入300吨，本年发放350吨，年末库存80吨。
在校学生1200人，其中女生560人，占45%。
应检车辆500辆，实检480辆，受检率95%。
投诉由上年45件下降至36件，下降25%。
参训人数由320人增加到400人，增长20%。
运行费8.5万元，较上年9.2万元下降0.8万元。
合格率由93.5%提高到96%，提高了3个百分点。
培训人次1560人次，比上年1480人次增加90人次，增长5.41%。
单位成本由25元上升到23元。
发放图书3600册：①文学类1500册；②科技类1200册；③少儿类800册。
全年支出1,250,000元，其中人员费850,000元、设备费300,000元、其他110,000元。
今年收入86万元，去年收入80万元，增加7万元。
项目总投资600万元，其中：土建费400万元（主体300万元、附属120万元），设备费200万元。
计划培训300人，实际培训285人，完成率96%。
""".strip().split("\n")


def count_faults(text: str) -> int:
    """Return how many statements of a text are wrong."""
    faults = 0
    for sentence in split_sentences(text):
        for itemized in find_itemized_totals(sentence, text):
            total = itemized.total
            faults += bool(total and not itemized.adds_up and itemized.is_faulty(total.base_value))
        faults += len(list(find_wrong_equations(sentence, text)))
        faults += len(list(find_wrong_balances(sentence, text)))
        faults += len(list(find_wrong_shares(sentence, text)))
        faults += len(list(find_wrong_changes(sentence, text)))
    return faults


@pytest.mark.parametrize("text", RIGHT_FIGURES)
def test_right_figures_pass(text: str) -> None:
    assert count_faults(text) == 0


@pytest.mark.parametrize("text", WRONG_FIGURES)
def test_wrong_figures_are_reported(text: str) -> None:
    assert count_faults(text) > 0


HOSTILE = {
    "digits": "1234567890" * 10_000,
    "brackets": "（" * 50_000 + "）" * 50_000,
    "figures in brackets": "（1元" * 12_000 + "）" * 12_000,
    "figures": "甲1万元、" * 20_000,
    "connectors": "其中1万元，" * 20_000,
    "totals": "，合计1万元" * 20_000,
    "terms": "1元+" * 25_000 + "=1元",
    "comparisons": "比上年1元增加1元，" * 10_000,
    "from and to": "由1件增至2件，增长1%" * 8_000,
    "shares": "，占其中的1%" * 15_000,
    "blanks": "共计 1" + " " * 100_000,
    "lines": "1.甲1万元；\n" * 12_000,
    "words": "甲" * 100_000 + "1元，其中" + "乙" * 100_000 + "2元",
}
"""Texts of 100 KB and more."""


@pytest.mark.parametrize("name", HOSTILE)
def test_long_texts_are_read_in_linear_time(name: str) -> None:
    """It takes a second of this process, and a minute if anything is quadratic."""
    text = HOSTILE[name]
    started = time.process_time()
    count_faults(text)
    assert time.process_time() - started < 20
