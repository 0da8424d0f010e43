"""Notes on persons: names with an illness, a benefit, an age, an address, a plate or amounts."""

import re
from collections.abc import Iterator
from itertools import chain

from gongkai.model.personal_kinds import PersonalDataKind, PersonalDataMatch

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱"
    "汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟颜倪严牛季俞章鲁葛毕左岳齐伍向覃莫辛欧柳祝骆尤裴耿舒纪詹焦凌鲍柯阮宁霍骞甘翁涂邢梅聂阳滕包符闫冉隋柏喻晏褚窦戚匡卓苗靳茹"
    "麦艾谷桂牟盛屈娄祁"
)
_LONG_SURNAMES = "欧阳|上官|司马|诸葛|皇甫|令狐|司徒|夏侯|东方|尉迟|公孙|慕容|宇文|端木"
_FIRST, _SECOND = map("".join, zip(*_LONG_SURNAMES.split("|"), strict=True))
_GIVEN = (
    "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华玉兰建国志文辉波斌宇浩凯健俊帆雪琴梅莲珍海燕春红云莉荣爱凤洁琳素珠翠雅芝萍莎锦黛青倩婷婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君勤薇菁梦岚苑馨"
    "瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁欣飘育滢馥筠柔竹霭凝晓欢霄枫芸菲寒伊亚宜可姬舒影荔枝思庆峰鹏鑫鸿晨晖晗晟昊昌昕旭旺景智曦林森彬桦柏栋梁楠松桐榕樱权柱根材植榆永江河湖泽洪润"
    "渊源清淑涵溪潇沛沁泉泓浪浦淼渝湘滨漫潮灿炎炜炳烨焕煜熙然照焱煌熠燃进远达运连迪逸遥道金银铁钢铭锋锐锡镇钊钧铮钰鉴福禄寿喜祥瑞祺祖礼祯禧安定守宏家富宝宗宪宾实容寅长龙虎豹彪麟凡中川岩"
    "岳峻崇嵩峥嵘岭石田男地坤培基坚城增堂墨佳佑佐佩侠俭信修保倚伦伯仁仕代任仲伍优传光先克兴兵其典养冬凌利加力励劲动勋化千升卓卫厚叶向启吉名善嘉圣士壮夏天太夫奇奎奔女好如妍妙妮姗姣娇娥娅"
    "媚媛嫣嫦子孔存孝孟季学孜宸尔少尚展崴巧帅帝常广序应康延弘张彤彦彩律微心忠念怀恒恩恺惠慈慧懿成战才承抒振捷政效敬斯新施旋日时昂易映晴朋望朝杏杨果柳栩格桃桑梓检楚模歌正武毅民水沐法泰浚"
    "淇添湛溢滔澄瀚灵炫焰爵牧特玄玖玛玲珂珊珏珑珞班球理琛琦琪琼瑛瑜瑚璇璐璟璧生甜甲益盛相真睿知砚硕磐秉秋科稳立竞笑笛策简籍粤糖精系纪纲纹练经绍维绮缘罡群羿翔翰翼耀老联胜能自良芃芊芬花芷"
    "苏若茂茜茹草荃荆莘莺菊萌萱葵蒙蓝蔓蕊蕙蕾薪藜虹蝶行衍裕观言誉诗诚语诺谊谦贝贞贤贵赋越跃路轩辰迅迎逊邦郁郡采野闯阳陆陶隆雄雨雯雷震霖霜靖音顺颂领颜风飞香骁骏魁鱼鸣鹤鹭麒黎齐"
)
"""Characters of given names."""
_REST = rf"(?:示例|[{_GIVEN}]{{1,2}})"
_HAN = "\u4e00-\u9fff"
_RELATIVES = (
    "父亲|母亲|父母|爸爸|妈妈|爷爷|奶奶|外公|外婆|姥姥|祖父|祖母|丈夫|妻子|配偶|儿子|女儿|孩子|哥哥|姐姐|弟弟|妹妹"
    "|家人|家属|亲属|[父母子女妻夫兄弟姐妹](?=患|因|确|去|病|身|瘫|住)"
)
_WORDS_AFTER = "同学|之[子女父母妻]|其[父母子女妻夫]|因|患|享|基本|危房|发展|领|获|纳|申|残|资助|入|就读|助|安置|植|公益|名下|私|同志|户|家|等|各|反映|的|已|参|未|年|补|医|住|现|被|于|为|系|属|和|及|与|低保|五保|特困|确诊|每|一次|春节|慰问|累计|发放|曾|获|[一二三四]级"
_FULL_NAME = rf"(?:{_LONG_SURNAMES}|[{_SURNAMES}]){_REST}"
_NAME = re.compile(rf"{_FULL_NAME}(?:(?![{_HAN}])|(?={_WORDS_AFTER}))")
_RELATIVE = re.compile(rf"(?:同学)?(?:[，,]?[的之其]|一家)?(?:{_RELATIVES})")
"""Words after a name for a relative: 的父亲, 之子, 同学的爷爷."""
_NAME_AFTER_STATUS = re.compile(
    "(?:供养|救助|帮扶|保障)?(?:人员|对象|家庭|学生|儿童|老人|群众|军人|士兵|党员|职工|[户人员])?[：:，,、（( ]{0,2}"
    rf"((?:{_LONG_SURNAMES}|[{_SURNAMES}])[{_GIVEN}]{{2}})"
)
_OTHER_WORDS = (
    "文明 文艺 文体 文化 金秋 安全 平安 安康 康乐 和平 和谐 平方 公平 高中 方圆 江南 江西 安宁 成长 关心 关爱 常年 常住 万元 百元 "
    "段子 金银 任何 任意 于此 时时 古城 阳光 广东 华东 华南 明显 明确 石英 柏树 杨树 柳树 桂花 荷花 梅花"
)
"""Words that look like names."""
_NO_NAMES = frozenset(_OTHER_WORDS.split())
_PERSON_WORDS = (
    "户 人 对象 人员 生 童 儿 员 工 民 老 者 家庭 象 补 主 女 子 姓名 名单 同志 群众 其中 代表 父 母 病例 给 对 为 由 村民 "
    "居民 职工 慰问 探望 看望 走访 救助 资助 帮扶 补助 补贴 发放 住户"
)
_PERSONS = tuple(_PERSON_WORDS.split())
"""Ends of words for persons, which may stand before a name."""
_GROUPS = ("班", "级", "村", "组", "屯", "社区", "队", "专业", "街道", "镇", "乡")
"""Ends of words for classes and places, after which a name of three characters may stand."""
_LONG_NAME = 3
_OFFICES = re.compile(
    "(?:填[表报]人|负责人|联系人|审核人|经办人|复核人|制表人?|校对|分管|组长|局长|主任|书记|院长|校长|县长|镇长|会计|出纳|专家|领导)"
    r"(?:[（(](?:签[字名章]|盖章)[）)])?[：: ]{0,3}$"
)
"""Words for persons in office, whose names are public."""
_STATUS = (
    "低保|五保[户老]|特困|孤儿|残疾[人儿学户]|聋哑人|盲人|智障|优抚|脱贫户|监测户|贫困[户学生家老母儿]|边缘[户易]|搬迁户"
    "|困难[户学职党群家老儿]|救助对象|补[贴助]对象|保障对象|发放对象|资助对象|帮扶对象|慰问对象|受助|患者|病[人例患]|产妇|孕妇|戒毒|吸毒|刑满|矫正"
    "|失独|军属|烈属|退役[军士人]|伤残军人|复员军人|学生|儿童|幼儿|婴儿|未成年人|少年|女童|男童|老人|信访人|上访人|精神障碍|津贴"
)
"""Words for persons in need of protection."""
_HEALTH = (
    "患|确诊|因病|病故|去世|骨折|因伤|住院|透析|化疗|癌|病|症|肿瘤|脑瘫|瘫痪|偏瘫|中风|痴呆|自闭|抑郁|失明|失聪|截肢|移植|怀孕|流产|丧偶|离异|高血压|残疾|艾滋"
    "|享受|领取|救助|丧葬|抚恤|岁(?<=[0-9]岁)|周岁|出生|就读|服刑"
)
_PLACE = (
    "号楼|号附|门牌|住址|地址：|地址:|单元|栋[0-9]|幢[0-9]|座[0-9]|组[0-9一二三四五六七八九十]"
    "|区[0-9]{1,3}-[0-9]|园[0-9]{1,3}-[0-9]|苑[0-9]{1,3}-[0-9]"
)
_PLATE = "|".join(
    rf"{province}[A-Z][·・. -]?[A-Z0-9]{{4,5}}[A-Z0-9挂学警](?![A-Za-z0-9])"
    for province in "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
)
_CLUE = re.compile(f"{_STATUS}|{_HEALTH}|{_PLACE}|{_PLATE}")
"""Words that make a name near them personal."""
_STATUS_WORD, _PLACE_WORD = re.compile(_STATUS), re.compile(_PLACE)
_HOME = re.compile(r"[0-9]+(?:号楼|栋|幢)(?:[0-9]+单元)?[0-9]{2,4}(?:室|号)")
_AMOUNT = r"[（(：:，,、|\s]{0,3}[0-9][0-9.,]{0,9}"
_GAP = rf"(?:[^{_HAN}]|[元亩]){{1,20}}?"
_LIST = re.compile(
    rf"[{_SURNAMES}{_FIRST}](?<![{_HAN}].)[{_SECOND}]?{_REST}{_AMOUNT}"
    rf"(?:[元亩]{_GAP}{_FULL_NAME}{_AMOUNT}[元亩]|(?:{_GAP}{_FULL_NAME}{_AMOUNT}){{2}})"
)
"""Names with amounts, two with their unit or three."""
_SHARES = (
    re.compile("各[0-9]{2,6}元"),
    re.compile("等[0-9]{1,4}[人户](?=.{0,4}(?:补|发放|救助|慰问|资助))"),
)
"""Words after a list of persons; apart, as a first character that is fixed is found four times as fast."""
_SENTENCE_ENDS = "。\n"
_BEFORE, _AFTER = 24, 14
"""Number of characters before and after a clue in which a name is looked for."""


def find_personal_notes(text: str) -> Iterator[PersonalDataMatch]:
    """Yield notes on persons; official names, masked names and numbers of persons are none."""
    for match in _LIST.finditer(text):
        yield _note(PersonalDataKind.NAMES, match.start())
    for match in chain.from_iterable(share.finditer(text) for share in _SHARES):
        start, _ = _sentence(text, *match.span())
        names = [name.start() for name in _NAME.finditer(text, start, match.end())]
        if len(names) > 1 or (names and match[0].startswith("等")):
            yield _note(PersonalDataKind.NAMES, names[0])
    last, end = -1, 0
    for clue in _CLUE.finditer(text):
        place = _find_person(text, clue) if clue.start() >= end else None
        if place is not None and place > last:
            yield _note(_kind_of(clue[0]), place)
            last, (_, end) = place, _sentence(text, *clue.span())
    if any(word in text for word in ("号楼", "栋", "幢")):
        for match in _HOME.finditer(text):
            yield _note(PersonalDataKind.HOME, match.start())


def _kind_of(clue: str) -> PersonalDataKind:
    if clue[1:2].isascii() and clue[1:2].isupper():
        return PersonalDataKind.PLATE
    is_place = _PLACE_WORD.fullmatch(clue)
    return PersonalDataKind.HOME if is_place else PersonalDataKind.CIRCUMSTANCES


def _note(kind: PersonalDataKind, start: int) -> PersonalDataMatch:
    return PersonalDataMatch(kind, start, "***")


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return start and end of the part of a sentence around a clue."""
    first, last = max(start - _BEFORE, 0), end + _AFTER
    first = max(first, *(text.rfind(mark, first, start) + 1 for mark in _SENTENCE_ENDS))
    stops = (text.find(mark, end, last) for mark in _SENTENCE_ENDS)
    return first, min((stop for stop in stops if stop >= 0), default=last)


def _find_person(text: str, clue: re.Match[str]) -> int | None:
    """Return the offset of a name near a clue; None if there is none."""
    if _STATUS_WORD.fullmatch(clue[0]):
        name = _NAME_AFTER_STATUS.match(text, clue.end()) or _NAME_AFTER_STATUS.match(
            text, clue.end() + 1
        )
        if name:
            return name.start(1)
    nearby = _NAME.finditer(text, max(clue.start() - _BEFORE, 0), clue.end() + _AFTER + 1)
    names = [name for name in nearby if name[0] not in _NO_NAMES]
    start, end = _sentence(text, *clue.span()) if names else (0, 0)
    for name in names:
        place = name.start()
        if not start <= place <= end:
            continue
        before = text[max(place - 12, 0) : place]
        if _OFFICES.search(before) and not _PLACE_WORD.fullmatch(clue[0]):
            continue
        if not before or not _is_han(before[-1]) or before.endswith(_PERSONS):
            return place
        if before.endswith(_GROUPS) and (
            _RELATIVE.match(text, name.end())
            or (len(name[0]) >= _LONG_NAME and name.end() == clue.start())
        ):
            return place
    return None


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
