// Words of the field that mean the same or nearly so: whoever searches for one of them finds the others, too.
// “=” works in both directions; “>” only from the word on the left, which is an older or wider one.
const TABLE = `
公车 = 公务车 = 公务用车
计生协 = 计生协会 = 计划生育协会
计生 = 计划生育
失独 = 失独家庭 = 计划生育特殊家庭
独生子女家庭 > 计划生育家庭
扶贫 > 乡村振兴, 衔接资金, 巩固脱贫
脱贫攻坚 > 乡村振兴, 巩固脱贫
三公 > 三公经费
出国费 = 出国经费 = 因公出国
招待费 = 接待费 = 公务接待
吃喝 > 公务接待
低保 = 最低生活保障
五保 > 特困供养, 特困人员
医保 = 医疗保险 = 医疗保障
社保 = 社会保险 = 社会保障
养老金 = 养老保险
环保 = 环境保护 = 生态环境
公租房 = 公共租赁住房
廉租房 > 公共租赁住房, 公租房
危改 = 危房改造
改厕 = 厕所革命
自来水 > 饮水
义教 = 义务教育
幼儿园 > 学前教育
营养餐 = 营养改善计划
残联 = 残疾人联合会
妇联 = 妇女联合会
文联 = 文学艺术界联合会
科协 = 科学技术协会
政协 = 政治协商会议
人大 = 人民代表大会
团委 > 共青团
纪委 = 纪律检查委员会
发改委 = 发展和改革委员会
发改局 = 发展和改革局
发改委 > 发展和改革局
教体局 = 教育和体育局
教委 > 教育局
水务局 > 水利局
扶贫办 > 乡村振兴局
疾控中心 = 疾病预防控制中心
住建局 = 住房和城乡建设局
卫健局 = 卫生健康局
卫健委 = 卫生健康委员会
卫健委 > 卫生健康局
卫生局 > 卫生健康局
人社局 = 人力资源和社会保障局
农业局 > 农业农村局
林业局 > 自然资源局
国土局 > 自然资源局
工商局 > 市场监督管理局
市监局 = 市场监督管理局
城管局 = 城市管理局
交通局 = 交通运输局
文旅局 > 文化旅游, 文化和旅游
退伍军人 = 退役军人
防洪 = 防汛
拆迁 > 征收补偿, 房屋征收
未达标 > 未达到目标, 未达目标
未完成 > 未达标
没完成 > 未完成, 未达标
没有完成 > 未完成, 未达标
没有公开 = 未公开 = 没公开
逾期 = 未按时 = 没有按时
超支 > 超预算
满意率 = 满意度
执行进度 = 执行率 = 预算执行率
扣分原因 = 偏差原因
整改 > 整改措施, 改进措施
整改措施 > 改进措施
`;

const others = new Map();
const add = (word, more) => others.set(word, [...(others.get(word) || []), ...more.filter((other) => other !== word)]);
for (const line of TABLE.trim().split("\n")) {
  const [left, right] = line.split(" > ");
  if (right) add(left, right.split(", "));
  else for (const word of left.split(" = ")) add(word, left.split(" = "));
}

export const words = [...others.keys()]; // All that have synonyms.

// The synonyms of a normalized word; none of most words.
export const synonymsOf = (word) => others.get(word) || [];
