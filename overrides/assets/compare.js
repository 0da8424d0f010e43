// Comparison of two to six units or years side by side; only comparable figures are shown.
//
// The page has #gk-compare; <html data-gk-root="../"> is the path to the site's root. The address
// holds the selection: ?u=unit&u=other&y=2022,2021. Figures come from units/<unit>/figures.json,
// suggestions from compare/units.json; all numbers in them are decimals as text and stay exact.
const MAX_COLUMNS = 6;
const MAX_SUGGESTIONS = 20;
const MAX_PROPOSALS = 6;
const ABSENT = "原件未载";
// Figures of an evaluation: name in figures.json, label, unit of differences. A test compares them
// with model/figures.py.
const SCORE_FIGURES = [
  ["score", "总分", "分"],
  ["grade", "等级", ""],
  ["indicators", "指标数", "项"],
  ["missed", "未达到目标的指标（不含项目）", "项"],
  ["lost", "被扣分的指标", "项"],
];
const MONEY_FIGURES = [
  ["initial", "年初预算数", "万元"],
  ["budget", "全年预算数", "万元"],
  ["spent", "全年执行数", "万元"],
  ["rate", "执行率", "个百分点"],
];
const container = document.getElementById("gk-compare");
const root = new URL(document.documentElement.dataset.gkRoot || "../", location.href);
const state = { units: [], years: [] };
const figuresBySlug = new Map();
let unitList;
if (container) start();

function createElement(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function replaceContent(element, ...children) {
  while (element.firstChild) element.removeChild(element.firstChild);
  element.append(...children);
}

// Replace an element's children; the control with the same value keeps the focus.
function replaceKeepingFocus(parent, ...children) {
  const focused = parent.contains(document.activeElement) && document.activeElement.value;
  replaceContent(parent, ...children);
  if (!focused) return;
  const control = [...parent.querySelectorAll("[value]")].find(({ value }) => value === focused);
  if (control) control.focus();
}

// Exact decimals: the sign, all digits as text, and how many of them are decimal places. Numbers would
// round, and the older browsers have no BigInt.
function parseDecimal(text) {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text || "");
  if (!match) return null;
  const [, sign, integer, fraction = ""] = match;
  return { negative: sign === "-", digits: integer + fraction, places: fraction.length };
}

const isZero = ({ digits }) => /^0*$/.test(digits);

function subtract(one, other) {
  const places = Math.max(one.places, other.places);
  const [a, b] = [one, other].map((number) => number.digits + "0".repeat(places - number.places));
  const width = Math.max(a.length, b.length);
  const [minuend, subtrahend] = [a, b].map((digits) => digits.padStart(width, "0"));
  if (one.negative !== other.negative) {
    return { negative: one.negative, digits: combineDigits(minuend, subtrahend, 1), places };
  }
  const isLess = minuend < subtrahend; // Of the same length, texts are ordered as the numbers.
  const [larger, smaller] = isLess ? [subtrahend, minuend] : [minuend, subtrahend];
  return { negative: isLess !== one.negative, digits: combineDigits(larger, smaller, -1), places };
}

// The sum of two numbers of as many digits, or (sign -1) the larger one less the smaller.
function combineDigits(one, other, sign) {
  let digits = "";
  let carry = 0;
  for (let position = one.length - 1; position >= 0; position--) {
    const digit = Number(one[position]) + sign * Number(other[position]) + carry;
    carry = Math.floor(digit / 10);
    digits = digit - 10 * carry + digits;
  }
  return carry ? carry + digits : digits;
}

function formatDecimal(number) {
  const { negative, places } = number;
  const digits = number.digits.padStart(places + 1, "0");
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  const integer = digits.slice(0, digits.length - places).replace(/^0+(?=\d)/, "");
  return `${negative && !isZero(number) ? "-" : ""}${integer}${places && fraction ? `.${fraction}` : ""}`;
}

// An amount in 万元; null if it is blank or its unit is unknown.
function toWan(text, money) {
  const shift = { 元: 4, 万元: 0, 亿元: -4 }[money];
  const number = parseDecimal(text);
  if (!number || shift === undefined) return null;
  if (shift === 0) return text;
  const places = number.places + shift;
  if (places >= 0) return formatDecimal({ ...number, places });
  return formatDecimal({ ...number, digits: number.digits + "0".repeat(-places), places: 0 });
}

// Data files.
async function fetchJson(path) {
  const response = await fetch(new URL(path, root));
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function fetchFigures(slug) {
  if (!figuresBySlug.has(slug)) {
    const request = fetchJson(`units/${slug}/figures.json`);
    request.catch(() => figuresBySlug.delete(slug));
    figuresBySlug.set(slug, request);
  }
  return figuresBySlug.get(slug);
}

// The page.
function start() {
  const suggestions = createElement("datalist", { id: "gk-compare-units" });
  const input = createElement("input", { type: "search", autocomplete: "off", id: "gk-compare-unit" });
  input.setAttribute("list", suggestions.id);
  const form = createElement(
    "form",
    { className: "gk-compare-tools" },
    createElement("label", { htmlFor: input.id }, "单位"),
    input,
    suggestions,
    createElement("button", { type: "submit", textContent: "加入比较" }),
  );
  const chosenUnits = createElement("ul", { className: "gk-compare-chosen", "aria-label": "已选的单位" });
  const years = createElement("fieldset", { className: "gk-compare-years" });
  const messages = createElement("div", { className: "gk-compare-status", role: "status" });
  const result = createElement("div", { className: "gk-compare-result" });
  const proposals = createElement("p", { className: "gk-compare-proposals" });
  form.append(chosenUnits, years, proposals);
  replaceContent(container, form, messages, result);

  for (const event of ["focus", "click", "input"]) input.addEventListener(event, () => suggest());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await add(input.value.trim());
  });
  addEventListener("popstate", () => {
    readAddress();
    show();
  });

  async function fetchUnits() {
    if (!unitList) {
      unitList = fetchJson("compare/units.json");
      unitList.catch(() => (unitList = undefined));
    }
    return (await unitList).map(([slug, name, department, level, years]) => ({
      slug,
      name,
      department,
      searchText: [name, department, level, slug].filter(Boolean).join(" "),
      label: `${name}${department && department !== name ? `（${department}）` : ""}`,
      years,
    }));
  }

  function findUnits(units, text) {
    const words = text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    return units.filter(({ searchText }) => {
      const normalized = searchText.normalize("NFKC").toLowerCase();
      return words.every((word) => normalized.includes(word));
    });
  }

  async function suggest() {
    try {
      const matches = findUnits(await fetchUnits(), input.value).slice(0, MAX_SUGGESTIONS);
      replaceContent(
        suggestions,
        ...matches.map(({ label, slug }) => createElement("option", { value: label, label: slug })),
      );
    } catch {
      replaceContent(
        messages,
        createElement("p", { textContent: "单位名单没有取到，请检查网络后重新打开本页。" }),
      );
    }
  }

  async function add(text) {
    if (!text) return;
    let units;
    try {
      units = await fetchUnits();
    } catch {
      return suggest();
    }
    const exactMatches = units.filter(({ label, name, slug }) => [label, name, slug].includes(text));
    const matches = exactMatches.length ? exactMatches : findUnits(units, text);
    if (matches.length !== 1) {
      const intro = `有 ${matches.length} 个单位符合“${text}”，请写得更全，或从建议中选一个：`;
      const names = matches
        .slice(0, MAX_SUGGESTIONS)
        .map(({ label, slug }) => `${label} ${slug}`)
        .join("；");
      const message = matches.length ? intro + names : `没有找到单位“${text}”。`;
      replaceContent(messages, createElement("p", { textContent: message }));
      return;
    }
    const [{ slug, name }] = matches;
    input.value = "";
    replaceContent(suggestions); // An open list of old suggestions would capture the next key.
    if (state.units.includes(slug)) {
      replaceContent(messages, createElement("p", { textContent: `${name}已在比较之列。` }));
    } else if (state.units.length >= MAX_COLUMNS) {
      replaceContent(
        messages,
        createElement("p", { textContent: `最多比较 ${MAX_COLUMNS} 个单位，请先移除一个。` }),
      );
    } else {
      navigate({ units: [...state.units, slug] });
    }
  }

  function navigate(change) {
    Object.assign(state, change);
    const parameters = new URLSearchParams(location.search);
    parameters.delete("u");
    parameters.delete("y");
    for (const slug of state.units) parameters.append("u", slug);
    if (state.years.length) parameters.set("y", state.years.join(","));
    const search = parameters.toString().replace(/%2C/g, ",");
    history.pushState(null, "", location.pathname + (search && `?${search}`));
    return show();
  }

  function readAddress() {
    const parameters = new URLSearchParams(location.search);
    const slugs = parameters.getAll("u").filter((slug) => /^[A-Za-z0-9][\w-]*$/.test(slug));
    state.units = [...new Set(slugs)].slice(0, MAX_COLUMNS);
    const years = (parameters.get("y") || "").split(",").filter((year) => /^\d{4}$/.test(year));
    state.years = [...new Set(years.map(Number))];
  }

  let turn = 0;
  async function show() {
    const ownTurn = ++turn;
    const responses = await Promise.allSettled(state.units.map(fetchFigures));
    if (ownTurn !== turn) return; // A later selection is being shown.
    const problems = [];
    const units = [];
    responses.forEach(({ status, value, reason }, index) => {
      if (status === "fulfilled") units.push(value);
      else problems.push(missingMessage(state.units[index], reason));
    });
    showChoices(units);
    const columns = selectColumns(units, problems);
    if (columns.length > 1) {
      const { table, remarks } = comparisonTable(columns);
      problems.push(...remarks);
      replaceContent(result, table);
    } else {
      replaceContent(result);
      if (!problems.length) problems.push("请选两个到六个单位；只选一个单位时，比较它的各个年度。");
    }
    replaceContent(messages, ...problems.map((textContent) => createElement("p", { textContent })));
    propose(ownTurn);
  }

  // What to compare: units of one department; with units chosen, others of their departments.
  async function propose(ownTurn) {
    let units;
    try {
      units = await fetchUnits();
    } catch (error) {
      return; // The list of units is missing: the message about it comes with the first letter typed.
    }
    if (ownTurn !== turn) return;
    const buttons = state.units.length ? nearbyUnits(units) : departmentsToCompare(units);
    const intro = state.units.length ? "同一主管部门的：" : "可以从这里开始：";
    replaceContent(proposals, ...(buttons.length ? [intro, ...buttons] : []));
  }

  function departmentsToCompare(units) {
    const slugsOf = {};
    for (const { slug, department } of units) (slugsOf[department] = slugsOf[department] || []).push(slug);
    return Object.entries(slugsOf)
      .filter(([, slugs]) => slugs.length > 1)
      .slice(0, MAX_PROPOSALS)
      .map(([department, slugs]) => {
        const chosen = slugs.slice(0, MAX_COLUMNS);
        const which = chosen.length < slugs.length ? "前 " : "";
        return createProposal(`${department || "未注明主管部门"}的${which || " "}${chosen.length} 个单位`, chosen);
      });
  }

  function nearbyUnits(units) {
    if (state.units.length >= MAX_COLUMNS) return [];
    const isChosen = ({ slug }) => state.units.includes(slug);
    const departments = units.filter(isChosen).map(({ department }) => department);
    return units
      .filter((unit) => departments.includes(unit.department) && !isChosen(unit))
      .slice(0, MAX_PROPOSALS)
      .map(({ slug, name }) => createProposal(`加上${name}`, [...state.units, slug]));
  }

  function createProposal(textContent, slugs) {
    const button = createElement("button", { type: "button", textContent });
    button.addEventListener("click", () => navigate({ units: slugs }));
    return button;
  }

  function missingMessage(slug, reason) {
    const cause = reason.message === "404" ? "本站没有这个单位的数据" : "请检查网络后重试";
    return `“${slug}”的数据没有取到：${cause}。`;
  }

  function showChoices(units) {
    const names = new Map(units.map(({ slug, unit }) => [slug, unit]));
    replaceKeepingFocus(
      chosenUnits,
      ...state.units.map((slug) => {
        const name = names.get(slug) || slug;
        const properties = { type: "button", value: slug, textContent: "移除", "aria-label": `移除${name}` };
        const remove = createElement("button", properties);
        remove.addEventListener("click", () => {
          navigate({ units: state.units.filter((other) => other !== slug) });
          input.focus();
        });
        return createElement("li", {}, `${name} `, remove);
      }),
    );
    const allYears = new Set(units.flatMap((unit) => unit.years.map(({ year }) => year)));
    const boxes = [...allYears]
      .sort((one, other) => other - one)
      .map((year) => {
        const box = createElement("input", {
          type: "checkbox",
          value: String(year),
          checked: state.years.includes(year),
        });
        box.addEventListener("change", () => {
          const rest = state.years.filter((other) => other !== year);
          navigate({ years: box.checked ? [...rest, year].sort((one, other) => other - one) : rest });
        });
        return createElement("label", {}, box, ` ${year}年度`);
      });
    years.hidden = !boxes.length;
    replaceKeepingFocus(
      years,
      createElement("legend", { textContent: "年度（不选则用各单位共有的最近一年）" }),
      ...boxes,
    );
  }

  readAddress();
  show();
}

// The columns of the comparison, one per unit and year.
function selectColumns(units, problems) {
  const years = state.years.length ? state.years : defaultYears(units);
  const columns = [];
  for (const unit of units) {
    for (const year of years) {
      const figures = unit.years.find((other) => other.year === year);
      if (figures)
        columns.push({ ...figures, name: unit.unit, level: unit.level, department: unit.department });
      else problems.push(`${unit.unit}没有公开${year}年度的绩效自评。`);
    }
  }
  if (columns.length > MAX_COLUMNS) {
    problems.push(`一次最多并排 ${MAX_COLUMNS} 列，这里只列出前 ${MAX_COLUMNS} 列；请减少单位或年度。`);
  }
  return columns.slice(0, MAX_COLUMNS);
}

// Without a choice: all years of a single unit, else the latest year that all units share.
function defaultYears(units) {
  if (!units.length) return [];
  const [first, ...others] = units.map(({ years }) => years.map(({ year }) => year));
  if (!others.length) return first.slice(0, MAX_COLUMNS);
  const shared = first.filter((year) => others.every((years) => years.includes(year)));
  const years = shared.length ? shared : units.flatMap((unit) => unit.years.map(({ year }) => year));
  return years.length ? [Math.max(...years)] : [];
}

// The table of comparable rows, and remarks on rows that are not comparable.
function comparisonTable(columns) {
  const remarks = [];
  const groups = [
    ["单位", [textRow("主管部门", "department"), textRow("级别", "level"), textRow("自评表", "form")]],
    ["得分", scoreRows(columns, remarks)],
    ["预算执行", moneyRows()],
    ["三公经费（万元）", threePublicRows()],
  ];
  const head = createElement("tr", {}, createElement("th", { scope: "col", textContent: "项目" }));
  for (const { name, year, url } of columns) {
    const target = new URL(url, root);
    const title = `${name} ${year}年度`;
    const isOnSite = target.href.startsWith(root.href); // Hostile data may hold another scheme.
    const content = isOnSite ? createElement("a", { href: target.href, textContent: title }) : title;
    head.append(createElement("th", { scope: "col" }, content));
  }
  const caption = columns.map(({ name, year }) => `${name}${year}年度`).join("、");
  const table = createElement(
    "table",
    { className: "gk-table gk-compare-table" },
    createElement("caption", { textContent: `绩效自评比较：${caption}` }),
    createElement("thead", {}, head),
  );
  for (const [title, rows] of groups) {
    const filledRows = rows.filter(({ values }) => values(columns).some((value) => value !== null));
    if (!filledRows.length) continue;
    const heading = createElement("th", {
      scope: "rowgroup",
      colSpan: columns.length + 1,
      textContent: title,
    });
    table.append(
      createElement(
        "tbody",
        {},
        createElement("tr", {}, heading),
        ...filledRows.map((row) => tableRow(row, columns)),
      ),
    );
  }
  const region = createElement(
    "div",
    { className: "gk-wide", role: "region", tabIndex: 0, "aria-label": "绩效自评比较" },
    table,
  );
  return { table: region, remarks };
}

function textRow(label, key) {
  return { label, values: (columns) => columns.map((column) => column[key] || null) };
}

const orNull = (value) => (value === undefined ? null : value);

function numberRow(label, unit, valueOf, computedOf = () => null) {
  return {
    label,
    unit,
    values: (columns) => columns.map((column) => orNull(valueOf(column))),
    computed: (columns) => columns.map((column) => orNull(computedOf(column))),
  };
}

function scoreRows(columns, remarks) {
  const [first, ...others] = columns;
  const isComparable = ({ kind, points }) =>
    kind && kind === first.kind && isSameNumber(points, first.points);
  if (!columns.every(isComparable)) {
    const forms = columns.map(({ name, year, kind, points }) => {
      const fullPoints = points === null ? "没有满分" : `满分 ${points} 分`;
      return `${name}${year}年度是${kind ? `${kind}（${fullPoints}）` : "没有整体自评"}`;
    });
    remarks.push(`自评表的类别或满分不同，得分不能相比，只列出可比的项目：${forms.join("；")}。`);
    return [];
  }
  const incomparable = [];
  const shared = first.dimensions.flatMap(({ name, points }) => {
    const findDimension = (column) => column.dimensions.find((dimension) => dimension.name === name);
    const dimensions = columns.map(findDimension);
    if (dimensions.every((dimension) => dimension && isSameNumber(dimension.points, points))) {
      const label = `${name}（${points} 分）`;
      const computedOf = (column) => findDimension(column).computed;
      return [numberRow(label, "分", (column) => findDimension(column).score, computedOf)];
    }
    return [];
  });
  for (const column of columns) {
    for (const { name, points } of column.dimensions) {
      const isShared = columns.every(({ dimensions }) =>
        dimensions.some((other) => other.name === name && isSameNumber(other.points, points)),
      );
      if (!isShared && !incomparable.includes(name)) incomparable.push(name);
    }
  }
  if (incomparable.length)
    remarks.push(`分值不同或不是各列都有，未作比较的指标：${incomparable.join("、")}。`);
  const [total, grade, ...counts] = SCORE_FIGURES.map(figureRow);
  total.label += `（满分 ${first.points} 分）`;
  return [total, grade, ...shared, ...counts];
}

function isSameNumber(one, other) {
  const [a, b] = [parseDecimal(one), parseDecimal(other)];
  return Boolean(a && b) && isZero(subtract(a, b));
}

// A figure's row: amounts in 万元, everything else as it stands in figures.json.
function figureRow([name, label, unit]) {
  const computedOf = ({ computed, money }) => {
    const value = computed && computed[name];
    return unit === "万元" ? toWan(value, money) : value && name === "rate" ? `${value}%` : value;
  };
  if (unit !== "万元") return numberRow(label, unit, (column) => (orNull(column[name]) === null ? null : String(column[name])), computedOf);
  return numberRow(`${label}（${unit}）`, unit, (column) => toWan(column[name], column.money), computedOf);
}

function moneyRows() {
  return [...MONEY_FIGURES.map(figureRow), figureRow(["projects", "项目数", "个"])];
}

function threePublicRows() {
  const kinds = { total: "合计", vehicles: "公务用车", abroad: "出国（境）", reception: "公务接待" };
  const times = { budget: "本年预算", final: "本年决算" };
  return Object.entries(kinds).flatMap(([kind, name]) =>
    Object.entries(times).map(([time, timeName]) =>
      numberRow(
        `${name}：${timeName}`,
        "万元",
        ({ three_public: spent }) => (spent && spent[kind] ? toWan(spent[kind][time], spent.money) : null),
        ({ three_public: spent }) => {
          const computed = spent && spent[kind] && spent[kind].computed;
          return computed ? toWan(computed[time], spent.money) : null;
        },
      ),
    ),
  );
}

// One row; a text describes how a figure differs from that of the first column.
function tableRow({ label, unit, values, computed }, columns) {
  const row = createElement("tr", {}, createElement("th", { scope: "row", textContent: label }));
  const rowValues = values(columns);
  const known = rowValues.filter((value) => value !== null);
  if (known.some((value) => value !== known[0])) row.className = "gk-compare-differs";
  const computedValues = computed ? computed(columns) : [];
  rowValues.forEach((value, index) => {
    const cell = createElement("td", { className: unit ? "gk-num" : "gk-text" }, value === null ? ABSENT : value);
    const difference = unit && index > 0 ? describeDifference(value, rowValues[0], unit) : "";
    if (computedValues[index])
      cell.append(
        createElement("span", { className: "gk-contradicted", textContent: `复算 ${computedValues[index]}` }),
      );
    if (difference)
      cell.append(createElement("span", { className: "gk-compare-diff", textContent: difference }));
    row.append(cell);
  });
  return row;
}

function describeDifference(value, first, unit) {
  const [one, other] = [value, first].map((text) => parseDecimal(text && text.replace(/[%％]$/, "")));
  if (!one || !other) return "";
  const difference = subtract(one, other);
  if (isZero(difference)) return "与首列相同";
  const amount = formatDecimal({ ...difference, negative: false });
  return `比首列${difference.negative ? "少" : "多"} ${amount} ${unit}`;
}
