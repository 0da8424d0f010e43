// Charts: the same figures as a table, and files of both. Without scripts the chart and, for screen
// readers, its description remain.
for (const figure of document.querySelectorAll(".gk-figure")) {
  const chart = figure.querySelector("svg.gk-chart:not(.gk-strip)");
  if (chart) addTools(figure, chart);
}

function addTools(figure, chart) {
  const title = figure.querySelector("figcaption").firstChild.textContent.trim();
  const rows = readRows(chart);
  const tools = document.createElement("p");
  tools.className = "gk-chart-tools";
  if (!figure.querySelector("table")) addTable(figure, chart, tools, title, rows);
  addButton(tools, "CSV", `下载“${title}”的数据`, () => {
    const lines = rows.map((row) => row.map(quoteCsv).join(",")).join("\r\n");
    save(new Blob([`\ufeff${lines}\r\n`], { type: "text/csv" }), `${title}.csv`);
  });
  addButton(tools, "SVG", `下载“${title}”的矢量图`, () =>
    save(new Blob([standaloneSvg(chart)], { type: "image/svg+xml" }), `${title}.svg`),
  );
  addButton(tools, "PNG", `下载“${title}”的图片`, () => savePng(chart, title));
  figure.append(tools);
}

// The chart's labels and the texts at its bars, with the legend as headings.
function readRows(chart) {
  const texts = [...chart.querySelectorAll("text")];
  const first = texts.findIndex((text) => text.classList.contains("gk-chart-label"));
  const heads = texts.slice(0, first).map(({ textContent }) => textContent);
  const unit = heads.filter((text) => text.startsWith("单位："))[0] || "";
  const legend = heads.filter((text) => text !== unit);
  const rows = [];
  for (const text of texts.slice(first)) {
    if (text.classList.contains("gk-chart-label")) rows.push([text.textContent]);
    else rows[rows.length - 1].push(text.textContent);
  }
  const suffix = unit ? `（${unit.slice(3)}）` : "";
  const columns = legend.length ? legend.map((name) => name + suffix) : [`数值${suffix}`];
  return [["项目", ...columns], ...rows];
}

// The table is on the page only while it is shown instead of the chart.
function addTable(figure, chart, tools, title, rows) {
  let region;
  const button = addButton(tools, "看数据表", "", () => {
    if (region) {
      region.remove();
      region = undefined;
    } else {
      region = makeTable(title, rows);
      figure.insertBefore(region, tools);
    }
    chart.classList.toggle("gk-away", Boolean(region));
    button.textContent = region ? "看图" : "看数据表";
  });
}

function makeTable(title, [head, ...rows]) {
  const region = document.createElement("div");
  region.className = "gk-wide";
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", title);
  region.tabIndex = 0;
  const table = document.createElement("table");
  table.className = "gk-table";
  const caption = table.createCaption();
  caption.textContent = title;
  caption.className = "gk-hidden";
  fillRow(table.createTHead().insertRow(), head, "col");
  const body = table.createTBody();
  for (const row of rows) fillRow(body.insertRow(), row, "row");
  region.append(table);
  return region;
}

function fillRow(row, texts, scope) {
  texts.forEach((text, index) => {
    const isHead = scope === "col" || index === 0;
    const cell = document.createElement(isHead ? "th" : "td");
    if (isHead) cell.scope = scope;
    else cell.className = "gk-num";
    cell.textContent = text;
    row.append(cell);
  });
}

function addButton(tools, textContent, label, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent });
  if (label) button.setAttribute("aria-label", label);
  button.addEventListener("click", act);
  tools.append(button);
  return button;
}

function quoteCsv(text) {
  if (/^-?[\d,]+(\.\d+)?$/.test(text)) return text.replace(/,/g, "");
  return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[\\/:*?"<>|]/g, "_");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// A copy that carries its colours and font, which on the page come from the style sheet.
const COPIED = ["fill", "stroke", "stroke-width", "font-family", "font-size"];

function standaloneSvg(chart) {
  const copy = chart.cloneNode(true);
  const [, , width, height] = chart.getAttribute("viewBox").split(" ");
  copy.setAttribute("width", width * 2);
  copy.setAttribute("height", height * 2);
  const originals = chart.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, index) => {
    const style = getComputedStyle(originals[index]);
    for (const name of COPIED) {
      const isKept = name === "fill" && (element.getAttribute("fill") || "").startsWith("url(");
      if (!isKept) element.setAttribute(name, style.getPropertyValue(name));
    }
  });
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  paper.setAttribute("width", width);
  paper.setAttribute("height", height);
  paper.setAttribute("fill", paperColour());
  copy.insertBefore(paper, copy.querySelector("defs"));
  return new XMLSerializer().serializeToString(copy);
}

function paperColour() {
  return getComputedStyle(document.documentElement).getPropertyValue("--gk-chart-paper").trim() || "#fff";
}

function savePng(chart, title) {
  const picture = new Image();
  picture.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth * 2;
    canvas.height = picture.naturalHeight * 2;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(blob, `${title}.png`));
  });
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standaloneSvg(chart))}`;
}
