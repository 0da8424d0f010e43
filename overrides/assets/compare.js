// Two to four units or years side by side, like with like only.
//
// The page has #gk-compare; <html data-gk-root="../"> leads to the site's root. What is compared
// stands in the address: ?u=unit&u=other&y=2022,2021. Figures come from units/<unit>/figures.json,
// suggestions from compare/units.json; all numbers in them are decimals as text, and stay exact.
const MOST = 4;
const SUGGESTED = 20;
const ABSENT = "原件未载";
const place = document.getElementById("gk-compare");
const root = new URL(document.documentElement.dataset.gkRoot || "../", location.href);
const state = { units: [], years: [] };
const loaded = new Map();
let listed;
if (place) start();

function make(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Choices written anew keep the focus where it was.
function refill(parent, ...children) {
  const focused = parent.contains(document.activeElement) && document.activeElement.value;
  parent.replaceChildren(...children);
  if (focused) [...parent.querySelectorAll("[value]")].find(({ value }) => value === focused)?.focus();
}

// Exact decimals.
function exact(text) {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text ?? "");
  return found && { units: BigInt(found[1] + found[2] + (found[3] ?? "")), places: found[3]?.length ?? 0 };
}

function scaled({ units, places }, wanted) {
  return units * 10n ** BigInt(wanted - places);
}

function minus(one, other) {
  const places = Math.max(one.places, other.places);
  return { units: scaled(one, places) - scaled(other, places), places };
}

function written({ units, places }) {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const part = digits.slice(digits.length - places).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - places);
  return `${units < 0n ? "-" : ""}${whole}${places && part ? `.${part}` : ""}`;
}

function inWan(text, money) {
  const shift = { 元: 4, 万元: 0, 亿元: -4 }[money];
  const number = exact(text);
  if (!number || shift === undefined) return null;
  if (shift === 0) return text;
  const places = number.places + shift;
  return written(places < 0 ? { units: scaled(number, number.places - places), places: 0 } : { ...number, places });
}

// What is fetched.
async function fetched(path) {
  const answer = await fetch(new URL(path, root));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function figures(slug) {
  if (!loaded.has(slug)) {
    const asked = fetched(`units/${slug}/figures.json`);
    asked.catch(() => loaded.delete(slug));
    loaded.set(slug, asked);
  }
  return loaded.get(slug);
}

// The page.
function start() {
  const suggestions = make("datalist", { id: "gk-compare-units" });
  const input = make("input", { type: "search", autocomplete: "off", id: "gk-compare-unit" });
  input.setAttribute("list", suggestions.id);
  const form = make(
    "form",
    { className: "gk-compare-tools" },
    make("label", { htmlFor: input.id }, "单位"),
    input,
    suggestions,
    make("button", { type: "submit", textContent: "加入比较" }),
  );
  const chosen = make("ul", { className: "gk-compare-chosen", "aria-label": "已选的单位" });
  const years = make("fieldset", { className: "gk-compare-years" });
  const told = make("div", { className: "gk-compare-told", role: "status" });
  const result = make("div", { className: "gk-compare-result" });
  form.append(chosen, years);
  place.replaceChildren(form, told, result);

  for (const event of ["focus", "click", "input"]) input.addEventListener(event, () => suggest());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await add(input.value.trim());
  });
  addEventListener("popstate", () => {
    read();
    show();
  });

  async function units() {
    if (!listed) {
      listed = fetched("compare/units.json");
      listed.catch(() => (listed = undefined));
    }
    return (await listed).map(([slug, name, department, level, years]) => ({
      slug,
      name,
      known: [name, department, level, slug].filter(Boolean).join(" "),
      label: `${name}${department && department !== name ? `（${department}）` : ""}`,
      years,
    }));
  }

  function matching(every, text) {
    const words = text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    return every.filter(({ known }) => {
      const plain = known.normalize("NFKC").toLowerCase();
      return words.every((word) => plain.includes(word));
    });
  }

  async function suggest() {
    try {
      const found = matching(await units(), input.value).slice(0, SUGGESTED);
      suggestions.replaceChildren(...found.map(({ label, slug }) => make("option", { value: label, label: slug })));
    } catch {
      told.replaceChildren(make("p", { textContent: "单位名单没有取到，请检查网络后重新打开本页。" }));
    }
  }

  async function add(text) {
    if (!text) return;
    let every;
    try {
      every = await units();
    } catch {
      return suggest();
    }
    const same = every.filter(({ label, name, slug }) => [label, name, slug].includes(text));
    const found = same.length ? same : matching(every, text);
    if (found.length !== 1) {
      const many = `有 ${found.length} 个单位符合“${text}”，请写得更全，或从建议中选一个：`;
      const some = found.slice(0, SUGGESTED).map(({ label, slug }) => `${label} ${slug}`).join("；");
      const words = found.length ? many + some : `没有找到单位“${text}”。`;
      told.replaceChildren(make("p", { textContent: words }));
      return;
    }
    const [{ slug }] = found;
    input.value = "";
    suggestions.replaceChildren(); // An open list of old suggestions would take the next key.
    if (state.units.includes(slug)) {
      told.replaceChildren(make("p", { textContent: `${found[0].name}已在比较之列。` }));
    } else if (state.units.length >= MOST) {
      told.replaceChildren(make("p", { textContent: `最多比较 ${MOST} 个单位，请先移除一个。` }));
    } else {
      go({ units: [...state.units, slug] });
    }
  }

  function go(change) {
    Object.assign(state, change);
    const given = new URLSearchParams(location.search);
    given.delete("u");
    given.delete("y");
    for (const slug of state.units) given.append("u", slug);
    if (state.years.length) given.set("y", state.years.join(","));
    const search = given.toString().replaceAll("%2C", ",");
    history.pushState(null, "", location.pathname + (search && `?${search}`));
    return show();
  }

  function read() {
    const given = new URLSearchParams(location.search);
    const slugs = given.getAll("u").filter((slug) => /^[A-Za-z0-9][\w-]*$/.test(slug));
    state.units = [...new Set(slugs)].slice(0, MOST);
    const wanted = (given.get("y") ?? "").split(",").filter((year) => /^\d{4}$/.test(year));
    state.years = [...new Set(wanted.map(Number))];
  }

  let turn = 0;
  async function show() {
    const mine = ++turn;
    const answers = await Promise.allSettled(state.units.map(figures));
    if (mine !== turn) return;
    const problems = [];
    const found = [];
    answers.forEach(({ status, value, reason }, at) => {
      if (status === "fulfilled") found.push(value);
      else problems.push(missing(state.units[at], reason));
    });
    choices(found);
    const columns = columnsOf(found, problems);
    if (columns.length > 1) {
      const { table, remarks } = compared(columns);
      problems.push(...remarks);
      result.replaceChildren(table);
    } else {
      result.replaceChildren();
      if (!problems.length) problems.push("请选两个到四个单位；只选一个单位时，比较它的各个年度。");
    }
    told.replaceChildren(...problems.map((textContent) => make("p", { textContent })));
  }

  function missing(slug, reason) {
    const why = reason.message === "404" ? "本站没有这个单位的数据" : "请检查网络后重试";
    return `“${slug}”的数据没有取到：${why}。`;
  }

  function choices(found) {
    const names = new Map(found.map(({ slug, unit }) => [slug, unit]));
    refill(
      chosen,
      ...state.units.map((slug) => {
        const name = names.get(slug) ?? slug;
        const given = { type: "button", value: slug, textContent: "移除", "aria-label": `移除${name}` };
        const remove = make("button", given);
        remove.addEventListener("click", () => {
          go({ units: state.units.filter((each) => each !== slug) });
          input.focus();
        });
        return make("li", {}, `${name} `, remove);
      }),
    );
    const known = new Set(found.flatMap((each) => each.years.map(({ year }) => year)));
    const boxes = [...known].sort((one, other) => other - one).map((year) => {
      const box = make("input", { type: "checkbox", value: String(year), checked: state.years.includes(year) });
      box.addEventListener("change", () => {
        const rest = state.years.filter((each) => each !== year);
        go({ years: box.checked ? [...rest, year].sort((one, other) => other - one) : rest });
      });
      return make("label", {}, box, ` ${year}年度`);
    });
    years.hidden = !boxes.length;
    refill(years, make("legend", { textContent: "年度（不选则用各单位共有的最近一年）" }), ...boxes);
  }

  read();
  show();
}

// Which columns are compared: units by years.
function columnsOf(found, problems) {
  const years = state.years.length ? state.years : usual(found);
  const columns = [];
  for (const unit of found) {
    for (const year of years) {
      const known = unit.years.find((each) => each.year === year);
      if (known) columns.push({ ...known, name: unit.unit, level: unit.level, department: unit.department });
      else problems.push(`${unit.unit}没有公开${year}年度的绩效自评。`);
    }
  }
  if (columns.length > MOST) {
    problems.push(`一次最多并排 ${MOST} 列，这里只列出前 ${MOST} 列；请减少单位或年度。`);
  }
  return columns.slice(0, MOST);
}

function usual(found) {
  if (!found.length) return [];
  const [first, ...others] = found.map(({ years }) => years.map(({ year }) => year));
  if (!others.length) return first.slice(0, MOST);
  const shared = first.filter((year) => others.every((each) => each.includes(year)));
  const known = shared.length ? shared : found.flatMap(({ years }) => years.map(({ year }) => year));
  return known.length ? [Math.max(...known)] : [];
}

// The table: rows that can be compared, and why others cannot.
function compared(columns) {
  const remarks = [];
  const groups = [
    ["单位", [text("主管部门", "department"), text("级别", "level"), text("自评表", "form")]],
    ["得分", scores(columns, remarks)],
    ["预算执行", money(columns)],
    ["三公经费（万元）", threePublic(columns)],
  ];
  const head = make("tr", {}, make("th", { scope: "col", textContent: "项目" }));
  for (const { name, year, url } of columns) {
    const target = new URL(url, root);
    const words = `${name} ${year}年度`;
    const inside = target.href.startsWith(root.href) ? make("a", { href: target.href, textContent: words }) : words;
    head.append(make("th", { scope: "col" }, inside));
  }
  const caption = columns.map(({ name, year }) => `${name}${year}年度`).join("、");
  const table = make(
    "table",
    { className: "gk-table gk-compare-table" },
    make("caption", { textContent: `绩效自评比较：${caption}` }),
    make("thead", {}, head),
  );
  for (const [title, rows] of groups) {
    const shown = rows.filter(({ values }) => values(columns).some((value) => value !== null));
    if (!shown.length) continue;
    const top = make("th", { scope: "rowgroup", colSpan: columns.length + 1, textContent: title });
    table.append(make("tbody", {}, make("tr", {}, top), ...shown.map((row) => line(row, columns))));
  }
  const region = make("div", { className: "gk-wide", role: "region", tabIndex: 0, "aria-label": "绩效自评比较" }, table);
  return { table: region, remarks };
}

function text(label, key) {
  return { label, values: (columns) => columns.map((column) => column[key] || null) };
}

function number(label, unit, of) {
  return { label, unit, values: (columns) => columns.map((column) => of(column) ?? null) };
}

function scores(columns, remarks) {
  const [first, ...others] = columns;
  const alike = ({ kind, points }) => kind && kind === first.kind && sameNumber(points, first.points);
  if (!columns.every(alike)) {
    const forms = columns.map(({ name, year, kind, points }) => {
      const full = points === null ? "没有满分" : `满分 ${points} 分`;
      return `${name}${year}年度是${kind ? `${kind}（${full}）` : "没有整体自评"}`;
    });
    remarks.push(`自评表的类别或满分不同，得分不能相比，只列出可比的项目：${forms.join("；")}。`);
    return [];
  }
  const apart = [];
  const shared = first.dimensions.flatMap(({ name, points }) => {
    const found = columns.map((column) => column.dimensions.find((each) => each.name === name));
    if (found.every((each) => each && sameNumber(each.points, points))) {
      const label = `${name}（${points} 分）`;
      return [number(label, "分", (column) => column.dimensions.find((each) => each.name === name).score)];
    }
    return [];
  });
  for (const column of columns) {
    for (const { name, points } of column.dimensions) {
      const same = columns.every((each) =>
        each.dimensions.some((other) => other.name === name && sameNumber(other.points, points)),
      );
      if (!same && !apart.includes(name)) apart.push(name);
    }
  }
  if (apart.length) remarks.push(`分值不同或不是各列都有，未作比较的指标：${apart.join("、")}。`);
  return [
    number(`总分（满分 ${first.points} 分）`, "分", ({ score }) => score),
    text("等级", "grade"),
    ...shared,
    number("指标数", "项", ({ indicators }) => count(indicators)),
    number("未达到目标的指标", "项", ({ missed }) => count(missed)),
    number("被扣分的指标", "项", ({ lost }) => count(lost)),
  ];
}

function sameNumber(one, other) {
  const [a, b] = [exact(one), exact(other)];
  return Boolean(a && b) && minus(a, b).units === 0n;
}

function count(value) {
  return value === null || value === undefined ? null : String(value);
}

function money(columns) {
  const rows = [
    ["年初预算数", "initial"],
    ["全年预算数", "budget"],
    ["全年执行数", "spent"],
  ].map(([label, key]) => number(`${label}（万元）`, "万元", (column) => inWan(column[key], column.money)));
  const rate = number("执行率", "个百分点", (column) => column.rate);
  return [...rows, rate, number("项目数", "个", ({ projects }) => count(projects))];
}

function threePublic() {
  const kinds = { total: "合计", vehicles: "公务用车", abroad: "出国（境）", reception: "公务接待" };
  const times = { budget: "本年预算", final: "本年决算" };
  return Object.entries(kinds).flatMap(([kind, name]) =>
    Object.entries(times).map(([time, said]) =>
      number(`${name}：${said}`, "万元", ({ three_public: spent }) => inWan(spent?.[kind]?.[time], spent?.money)),
    ),
  );
}

// One row; how each figure differs from the first column's is said in words.
function line({ label, unit, values }, columns) {
  const row = make("tr", {}, make("th", { scope: "row", textContent: label }));
  const found = values(columns);
  found.forEach((value, at) => {
    const cell = make("td", { className: unit ? "gk-num" : "gk-text" }, value ?? ABSENT);
    const words = unit && at > 0 ? difference(value, found[0], unit) : "";
    if (words) cell.append(make("span", { className: "gk-compare-diff", textContent: words }));
    row.append(cell);
  });
  return row;
}

function difference(value, first, unit) {
  const [one, other] = [value, first].map((each) => exact(each?.replace(/[%％]$/, "")));
  if (!one || !other) return "";
  const { units, places } = minus(one, other);
  if (units === 0n) return "与首列相同";
  const much = written({ units: units < 0n ? -units : units, places });
  return `比首列${units < 0n ? "少" : "多"} ${much} ${unit}`;
}
