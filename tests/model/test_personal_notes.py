"""Notes on persons: the illness of a relative, with class or place; collective words are none."""

import pytest

from gongkai.model.personal_notes import find_personal_notes

NAMES = ("陈" + "志强", "李" + "明轩", "王" + "桂兰", "孙" + "晓梅")
"""Made up of parts, so that no file has a person's name."""
NOTES = (
    "2022级汽修2班{}的父亲患尿毒症，学校已发给助学金2500元。",
    "高二3班{}的母亲患乳腺癌，减免学费1200元。",
    "示例村3组{}之子确诊白血病，救助8000元。",
    "{}同学的爷爷瘫痪在床，发放补助3000元。",
    "五年级一班{}，其父因病去世，资助1000元。",
    "示例社区{}的丈夫住院手术，慰问2000元。",
    "护理专业{}的弟弟患脑瘫，补助1500元。",
    "示例镇{}患肺癌，临时救助5000元。",
)
HARMLESS = (
    "2022级汽修2班学生的父亲患尿毒症，学校已发给助学金2500元。",
    "高二3班一名学生的母亲患病，减免学费1200元。",
    "陈某某的父亲患尿毒症，学校已发给助学金2500元。",
    "示例村安全饮水项目解决因病致贫户用水。",
    "示例社区平安志愿队走访住院老人12人。",
    "示例镇高标准农田惠及患病农户15户。",
    "三年级班文明班级评比，学生因病缺勤率下降。",
    "示例乡金秋助学资助因病困难学生12人。",
    "全村向阳小区住院补助人数36人。",
    "示例组织部慰问患病党员8人。",
    "示例镇常住人口患病率下降2%。",
    "王家村方家组因病返贫户2户。",
    "康复科专业任务完成，患者满意度96%。",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", NOTES)
def test_note_on_a_person_is_found(text: str, name: str) -> None:
    places = [match.start for match in find_personal_notes(text.format(name))]
    assert places == [text.index("{}")]


@pytest.mark.parametrize("text", HARMLESS)
def test_text_without_a_person_passes(text: str) -> None:
    assert list(find_personal_notes(text)) == []
