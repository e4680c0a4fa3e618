// The list, and which view the address asks for: #/?… a filtered list, #id a dataset, #/lineage the picture.
const sortable = { id: ["id"], year: ["year", "year-up"], size: ["size", "size-up"] };

function listAddress() {
  const query = new URLSearchParams();
  if (state.words.trim()) query.set("q", state.words.trim());
  facets.forEach((f) => state.chosen[f.key].forEach((v) => query.append(f.key, v)));
  if (state.sort !== "id") query.set("sort", state.sort);
  if (state.view !== "table") query.set("view", state.view);
  const text = query.toString();
  return "#/" + (text ? "?" + text : "");
}

function readAddress(hash) {
  const query = new URLSearchParams(hash.slice(hash.indexOf("?") + 1 || hash.length));
  const options = [...$("sort").options].map((o) => o.value);
  state.words = query.get("q") || "";
  state.sort = options.includes(query.get("sort")) ? query.get("sort") : "id";
  state.view = query.get("view") === "cards" ? "cards" : "table";
  facets.forEach((f) => (state.chosen[f.key] = new Set(query.getAll(f.key).filter((v) => f.values.includes(v)))));
  $("search").value = state.words;
}

function changed() {
  history.replaceState(null, "", listAddress());
  drawList();
}

function total(datasets) {
  const known = datasets.filter((d) => d.facts.size);
  const missing = datasets.length - known.length;
  return (known.length ? "download " + sum(known.map((d) => d.facts.size)) + (missing ? " where the size is known, unknown for " + missing : "") : "sizes unknown");
}

function drawList() {
  const { matching, chosen } = found();
  drawFacets(matching, changed);
  $("sort").value = state.sort;
  document.querySelector(`input[name=view][value=${state.view}]`).checked = true;
  drawChips();
  $("found").textContent = chosen.length === data.datasets.length ? "All " + plural(chosen.length, "dataset")
    : chosen.length + " of " + plural(data.datasets.length, "dataset") + (chosen.length ? "; " + total(chosen) : "");
  const cards = state.view === "cards" || matchMedia("(max-width: 56rem)").matches;
  $("results").replaceChildren(chosen.length === 0 ? nothing() : cards ? asCards(chosen) : asTable(chosen));
  $("command").textContent = command();
}

function drawChips() {
  const chips = [];
  for (const facet of facets) {
    for (const value of state.chosen[facet.key]) {
      chips.push(el("li", {}, el("button", { type: "button", class: "chip", "aria-label": `Remove ${facet.title}: ${value}`, onclick: () => {
        state.chosen[facet.key].delete(value);
        changed();
        $("main").focus({ preventScroll: true });
      } }, facet.title + ": " + value + " ×")));
    }
  }
  const count = chips.length;
  if (count) chips.push(el("li", {}, el("button", { type: "button", class: "plain", onclick: clear }, "Clear all")));
  $("chips").replaceChildren(...chips);
  $("active-count").textContent = count ? " (" + count + ")" : "";
}

function clear() {
  facets.forEach((f) => state.chosen[f.key].clear());
  state.words = "";
  $("search").value = "";
  changed();
  $("main").focus({ preventScroll: true });
}

function nothing() {
  return el("div", { class: "empty" }, el("p", {}, "No dataset has all of that."), el("button", { type: "button", class: "plain", onclick: clear }, "Clear all filters"));
}

/** The same choice for a shell, where a comma parts words and a part of a word is enough. */
function command() {
  const quote = (v) => (/^[\w.&+-]+$/.test(v) && !v.includes("&") ? v : "'" + v.replace(/'/g, "'\\''") + "'");
  const words = state.words.trim().split(/\s+/).filter(Boolean).map(quote);
  let text = words.length ? "histods search " + words.join(" ") : "histods list";
  for (const key of ["organ", "stain", "task", "access", "unit", "species", "license", "source", "year"]) {
    state.chosen[key].forEach((v) => (text += " --" + key + " " + quote(longest(v))));
  }
  // One benchmark, and all sizes up to some limit, can be said there too.
  if (state.chosen.group.size === 1 && !state.chosen.group.has("none")) text += " --group " + [...state.chosen.group][0];
  const limit = sizes.findIndex(([name]) => !state.chosen.size.has(name));
  if (limit > 0 && state.chosen.size.size === limit) text += " --max-size " + sizes[limit - 1][0].replace("up to ", "").replace(" ", "");
  return text + (state.chosen.pulled.has("pulled") && state.chosen.pulled.size === 1 ? " --pulled" : "");
}

function longest(value) {
  return value.split(",").map((v) => v.trim()).sort((a, b) => b.length - a.length)[0];
}

function header(key, title, style) {
  const [down, up] = sortable[key] || [];
  if (!down) return el("th", { scope: "col" }, title);
  const sorted = state.sort === down ? (key === "id" ? "ascending" : "descending") : state.sort === up ? "ascending" : null;
  const arrow = sorted === null ? "" : sorted === "ascending" ? " ↑" : " ↓";
  return el("th", { scope: "col", class: style, "aria-sort": sorted }, el("button", { type: "button", id: "by-" + key, onclick: () => {
    state.sort = state.sort === down && up ? up : down;
    changed();
    $("by-" + key).focus();
  } }, title + arrow));
}

function asTable(datasets) {
  const head = [header("id", "Dataset"), header("access", "Access"), header("organ", "Organ"), header("task", "Task"),
    header("license", "Licence"), header("year", "Year", "number"), header("size", "Size", "number")];
  return el("table", {}, el("caption", { class: "unseen" }, "Datasets"), el("thead", {}, el("tr", {}, head)),
    el("tbody", {}, datasets.map((d) => el("tr", { "data-id": d.id },
      el("td", {}, el("a", { class: "name", href: "#" + d.id }, d.id), mirrored(d), el("span", { class: "title" }, d.title)),
      el("td", {}, access(d)), el("td", {}, few(d.organs)), el("td", {}, few(d.tasks)),
      el("td", {}, license(d)), el("td", { class: "number" }, d.year ? String(d.year) : unknown()),
      el("td", { class: "number size" }, shownSize(d) || unknown())))));
}

function asCards(datasets) {
  return el("ul", { class: "cards" }, datasets.map((d) => el("li", { class: "card", "data-id": d.id },
    el("h2", {}, el("a", { href: "#" + d.id }, d.id), access(d)),
    el("p", {}, d.title),
    el("p", { class: "quiet" }, few(d.organs), " · ", list(d.stains)),
    el("p", { class: "quiet" }, few(d.tasks)),
    el("p", { class: "quiet" }, d.year ? String(d.year) : "year unknown", " · ", shownSize(d) || "size unknown", " · ", d.facts.license === "unknown" ? "licence unknown" : license(d), mirrored(d)))));
}

function few(words) {
  return !words || words.length <= 3 ? list(words)
    : el("span", { title: words.join(", ") }, words.slice(0, 3).join(", ") + " +" + (words.length - 3));
}

function license(d) {
  const words = d.facts.license;
  return words === "unknown" ? unknown() : words.length <= 40 ? words : el("span", { title: words }, words.slice(0, 39) + "…");
}

function mirrored(d) {
  return d.facts.pulled.length ? [" ", el("span", { class: "badge mirror" }, "in the mirror")] : null;
}

function show(view, focus) {
  ["list", "detail", "lineage"].forEach((v) => ($(v).hidden = v !== view));
  for (const v of ["list", "lineage"]) {
    if (v === view) $("nav-" + v).setAttribute("aria-current", "page");
    else $("nav-" + v).removeAttribute("aria-current");
  }
  if (focus) {
    scrollTo(0, 0);
    (view === "list" ? $("main") : $(view)).focus({ preventScroll: true });
  }
}

function route(event) {
  let hash = location.hash;
  try {
    hash = hash.includes("?") ? hash : decodeURIComponent(hash);
  } catch {
    hash = "";
  }
  const d = byId.get(hash.slice(1));
  const later = Boolean(event);
  if (d) {
    $("detail").replaceChildren(...detail(d));
    show("detail", later);
  } else if (hash === "#/lineage") {
    show("lineage", later);
  } else if (hash === "" || hash.startsWith("#/")) {
    readAddress(hash);
    drawList();
    show("list", later);
  } else {
    $("detail").replaceChildren(el("p", { class: "back" }, el("a", { href: "#/" }, "← All datasets")), el("h1", {}, "Not on this page"),
      el("p", {}, "No dataset here is called “" + hash.slice(1) + "”."));
    show("detail", later);
  }
  document.title = (d ? d.title : hash === "#/lineage" ? "Lineage" : "Histopathology datasets") + " · histods";
}

const wide = matchMedia("(min-width: 74.01rem)");
const unfold = () => ($("filters").open = wide.matches);
unfold();
wide.addEventListener("change", unfold);
matchMedia("(max-width: 56rem)").addEventListener("change", drawList);
$("summary").textContent = plural(data.datasets.length, "dataset") + ", "
  + data.datasets.filter((d) => d.access.status === "open").length + " of them open to any program; " + total(data.datasets) + ".";
$("certainties").append(...Object.entries(data.meanings.certainty).flatMap(([word, meaning]) => [el("dt", {}, badge(word)), el("dd", {}, meaning)]));
$("search").addEventListener("input", () => {
  state.words = $("search").value;
  changed();
});
$("search-form").addEventListener("submit", (event) => event.preventDefault());
$("sort").addEventListener("change", () => {
  state.sort = $("sort").value;
  changed();
});
$("views").addEventListener("change", (event) => {
  state.view = event.target.value;
  changed();
});
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  [...document.querySelectorAll("main")].find((m) => m.offsetParent !== null)?.focus();
});
// Paper cannot be unfolded.
addEventListener("beforeprint", () => document.querySelectorAll("#detail details:not([open])").forEach((d) => {
  d.open = true;
  d.dataset.printed = "";
}));
addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((d) => {
  d.open = false;
  delete d.dataset.printed;
}));
addEventListener("hashchange", route);
route();
