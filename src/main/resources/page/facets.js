// Sizes in classes; one that may be in two of them is unknown.
const sizes = [["up to 1 GB", 1e9], ["up to 10 GB", 1e10], ["up to 100 GB", 1e11], ["up to 1 TB", 1e12], ["over 1 TB", Infinity]];

function sizeClass(size) {
  if (!size) return "unknown";
  const at = (bytes) => sizes.findIndex(([, most]) => bytes <= most);
  const most = size.at_most === null ? sizes.length - 1 : at(size.at_most);
  return at(size.at_least) === most || size.at_least === size.at_most || (size.at_most !== null && size.at_least === 0) ? sizes[most][0] : "unknown";
}

// What is chosen, and which datasets that leaves. Facets narrow each other; the words of one facet widen it.
const facets = [
  { key: "access", title: "Access", of: (d) => [d.access.status], open: true },
  { key: "organ", title: "Organ", of: (d) => d.organs, open: true },
  { key: "task", title: "Task", of: (d) => d.tasks, open: true },
  { key: "size", title: "Download", of: (d) => [sizeClass(d.facts.size)], order: sizes.map(([name]) => name) },
  { key: "group", title: "Benchmark", of: (d) => (d.facts.groups.length ? d.facts.groups : ["none"]) },
  { key: "stain", title: "Stain", of: (d) => d.stains },
  { key: "unit", title: "Unit", of: (d) => [d.unit] },
  { key: "license", title: "Licence", of: (d) => [d.facts.license] },
  { key: "source", title: "Source", of: (d) => d.facts.kinds },
  { key: "species", title: "Species", of: (d) => d.species },
  { key: "year", title: "Year", of: (d) => [d.year] },
  { key: "pulled", title: "In the mirror", of: (d) => [d.facts.pulled.length ? "pulled" : "not pulled"] },
];
const SHOWN = 8;
const state = { words: "", sort: "id", view: "table", chosen: {}, all: {} };
facets.forEach((f) => (state.chosen[f.key] = new Set()));

for (const d of data.datasets) {
  d.values = {};
  for (const facet of facets) {
    const values = (facet.of(d) || []).filter((v) => v !== null && v !== undefined && v !== "").map(String);
    d.values[facet.key] = values.length ? [...new Set(values)] : ["unknown"];
  }
  d.text = said(d).join("\n").toLowerCase();
}
for (const facet of facets) {
  const totals = new Map();
  data.datasets.forEach((d) => d.values[facet.key].forEach((v) => totals.set(v, (totals.get(v) || 0) + 1)));
  const order = facet.order ? (a, b) => facet.order.indexOf(a) - facet.order.indexOf(b) : facet.key === "year" ? (a, b) => (a < b ? 1 : -1) : (a, b) => totals.get(b) - totals.get(a) || (a < b ? -1 : 1);
  facet.values = [...totals.keys()].sort((a, b) => (a === "unknown") - (b === "unknown") || order(a, b));
}

/** Every word and number anywhere in a value, without the names of the fields. */
function said(value) {
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(said) : [String(value)];
}

function passes(d, facet) {
  const chosen = state.chosen[facet.key];
  return chosen.size === 0 || d.values[facet.key].some((v) => chosen.has(v));
}

function found() {
  const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = data.datasets.filter((d) => words.every((w) => d.text.includes(w)));
  const compare = {
    id: () => 0,
    year: (a, b) => (b.year || 0) - (a.year || 0),
    "year-up": (a, b) => (a.year || 9999) - (b.year || 9999),
    size: (a, b) => (figure(b.facts.size) ?? -1) - (figure(a.facts.size) ?? -1),
    "size-up": (a, b) => (figure(a.facts.size) ?? Infinity) - (figure(b.facts.size) ?? Infinity) || 0,
  }[state.sort];
  const chosen = matching.filter((d) => facets.every((f) => passes(d, f)));
  return { matching, chosen: chosen.sort((a, b) => compare(a, b) || (a.id < b.id ? -1 : 1)) };
}

/** For each value of a facet how many datasets it would leave, given all that is chosen in the others. */
function counts(facet, matching) {
  const left = matching.filter((d) => facets.every((f) => f === facet || passes(d, f)));
  const count = new Map();
  left.forEach((d) => d.values[facet.key].forEach((v) => count.set(v, (count.get(v) || 0) + 1)));
  return count;
}

function drawFacets(matching, changed) {
  for (const facet of facets) {
    if (!facet.box) {
      facet.list = el("ul");
      const inner = el("details", { open: facet.open }, el("summary", {}, facet.title), facet.list);
      facet.box = el("div", { class: "facet", role: "group", "aria-label": facet.title, id: "facet-" + facet.key }, inner);
      $("facets").append(facet.box);
      facet.rows = facet.values.map((value) => row(facet, value, changed));
      facet.more = el("button", { type: "button", class: "more", onclick: () => {
        state.all[facet.key] = !state.all[facet.key];
        trim(facet);
      } });
      facet.list.append(...facet.rows.map((r) => r.item), el("li", {}, facet.more));
      facet.inner = inner;
    }
    const count = counts(facet, matching);
    for (const r of facet.rows) {
      const n = count.get(r.value) || 0;
      r.box.checked = state.chosen[facet.key].has(r.value);
      r.count.textContent = number(n);
      r.item.className = n === 0 && !r.box.checked ? "none" : "";
    }
    if (state.chosen[facet.key].size) facet.inner.open = true;
    trim(facet);
  }
}

function row(facet, value, changed) {
  const box = el("input", { type: "checkbox", "data-facet": facet.key, value, onchange: () => {
    state.chosen[facet.key][box.checked ? "add" : "delete"](value);
    changed();
  } });
  const count = el("span", { class: "count" });
  const meaning = (data.meanings[facet.key] || {})[value];
  const label = el("label", { title: meaning || null }, box, el("span", {}, value), count);
  return { value, box, count, item: el("li", {}, label) };
}

function trim(facet) {
  const all = state.all[facet.key];
  facet.rows.forEach((r, i) => (r.item.hidden = !all && i >= SHOWN && !r.box.checked));
  facet.more.parentElement.hidden = facet.rows.length <= SHOWN;
  facet.more.textContent = all ? "Show fewer" : "Show all " + facet.rows.length;
  facet.more.setAttribute("aria-expanded", String(Boolean(all)));
}
