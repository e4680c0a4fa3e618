// All that is known of one dataset, in the order of `histods show`.
function detail(d) {
  const title = el("h1", { id: "detail-title" }, d.title);
  return [
    el("p", { class: "back" }, el("a", { href: listAddress() }, "← All datasets")),
    title,
    el("p", { class: "quiet" }, el("span", { class: "mono" }, d.id), d.version === "unversioned" ? " · unversioned" : " · version " + d.version,
      d.aliases ? " · also called " + d.aliases.join(", ") : null, " · ", el("a", { href: "#" + d.id }, "link to this entry")),
    d.description ? el("p", { class: "lead" }, d.description) : null,
    get(d),
    notes("Know before you train", d.problems, "call"),
    el("h2", {}, "Facts"), facts(d),
    accessSteps(d),
    el("h2", {}, "Sources, best first"),
    d.sources && d.sources.length ? d.sources.map((s, i) => source(s, (path) => d.facts.stated[path === undefined ? i : i + " " + path])) : el("p", {}, "No source is known."),
    variants(d), splits(d), kinship(d), cite(d),
    notes("In doubt", d.doubts, ""),
  ].flat(4).filter(Boolean);
}

function copyButton(text, label) {
  const copy = el("button", { type: "button", onclick: () => {
    navigator.clipboard.writeText(text).then(() => (copy.textContent = "Copied"), () => (copy.textContent = "Copy by hand"));
  } }, label);
  return copy;
}

function cite(d) {
  return el("section", { class: "cite" }, el("h2", {}, "Cite"), el("p", {}, prose(d.facts.citation)),
    el("p", { class: "get" }, copyButton(d.facts.citation, "Copy the text"), copyButton(d.facts.bibtex, "Copy BibTeX")),
    el("details", {}, el("summary", {}, "BibTeX"), el("pre", {}, d.facts.bibtex)));
}

function get(d) {
  const commands = ["histods pull " + d.id, "histods add " + d.id + " --role train"];
  return el("p", { class: "get" }, access(d),
    d.facts.pulled.length ? el("span", { class: "badge mirror" }, "in the mirror: " + d.facts.pulled.join(", ")) : null,
    commands.flatMap((command) => [el("code", {}, command), copyButton(command, "Copy")]));
}

function notes(title, lines, style) {
  return lines && lines.length
    ? el("section", { class: style }, el("h2", {}, title), el("ul", {}, lines.map((l) => el("li", {}, prose(l))))) : null;
}

function facts(d) {
  const counts = Object.entries(d.counts || {}).map(([what, n]) => number(n) + " " + what);
  const license = d.license || {};
  const paper = d.paper || {};
  const rows = [
    ["Tissue", list(d.organs)], ["Stain", list(d.stains)], ["For", list(d.tasks)], ["Species", list(d.species)],
    ["Unit", d.unit], ["Magnification", list(d.magnification)], ["µm per pixel", list(d.mpp)],
    ["Scanner", list(d.scanner)], ["Image size", d["image-size"]], ["Formats", list(d.formats)],
    ["Counts", list(counts)], ["Download", shownSize(d)],
    ["Unpacked", d.facts.stated.unpacked], ["Year", d.year && String(d.year)],
    ["Licence", [d.facts.license === "unknown" ? unknown() : d.facts.license, license.url ? [" · ", link(license.url, "its text")] : null,
      license.doubt ? el("div", {}, el("strong", {}, "In doubt: "), prose(license.doubt)) : null]],
    ["Dataset DOI", d.doi ? doi(d.doi) : null],
    ["Paper", paper.doi || paper.url || paper.title
      ? [paper.title ? paper.title + " " : "", paper.doi ? doi(paper.doi) : paper.url ? link(paper.url) : null] : null],
    ["Creators", d.creators ? d.creators.join("; ") : null], ["Publisher", d.publisher],
    ["Used by", d.facts.groups.length ? d.facts.groups.map((g, i) => [i ? ", " : "", el("a", { href: "#/?group=" + g }, g)]).flat() : "no benchmark that is known here"],
    ["Page", d.landing ? link(d.landing) : null], ["Patients", patients(d.patients)],
  ];
  return el("dl", { class: "facts" }, rows.map(([name, value]) =>
    [el("dt", {}, name), el("dd", {}, [value === null || value === undefined || value === "" ? unknown() : value])]));
}

function patients(rule) {
  if (!rule) return null;
  return [
    rule.pattern ? ["read from file names (" + (rule.level || "patient") + "): ", el("code", {}, rule.pattern)] : "cannot be read from file names",
    rule.note ? el("div", {}, prose(rule.note)) : null,
    rule.examples ? el("ul", {}, rule.examples.map((e) => el("li", {}, el("span", { class: "mono" }, e.path), " → ", e.id || "none"))) : null,
  ];
}

function accessSteps(d) {
  const a = d.access;
  return [
    el("h2", {}, "How to get it"),
    el("p", {}, access(d), " ", data.meanings.access[a.status] || ""),
    a.note ? el("p", {}, prose(a.note)) : null,
    a.page ? el("p", {}, "Begin at ", link(a.page)) : null,
    a.steps ? el("ol", {}, a.steps.map((s) => el("li", {}, prose(s)))) : null,
  ];
}

function source(s, stated) {
  const use = { ask: "only with --source " + s.kind, never: "not used by histods" }[s.use];
  const files = s.files || [];
  const about = [s.official ? "official" : "third party", s.part ? "part " + s.part : null, use,
    files.length ? plural(files.length, "pinned file") : "files are asked of the host"].filter(Boolean);
  return el("section", { class: "source" },
    el("h3", {}, s.kind, " ", el("span", { class: "mono" }, link(s.record))),
    el("p", { class: "quiet" }, about.join(" · ")),
    stated() ? el("p", {}, prose(stated())) : null,
    s.note ? el("p", {}, prose(s.note)) : null,
    files.length ? el("details", { open: files.length <= 6 }, el("summary", {}, "Files and checksums"),
      el("ul", { class: "files" }, files.map((f) => file(f, stated(f.path))))) : null);
}

function file(f, stated) {
  const about = [size(f.bytes) || stated || "size unknown", f.role, f.variant ? "variant " + f.variant : null, f.optional ? "optional" : null];
  return el("li", {}, el("span", { class: "mono" }, f.path), " ", el("span", { class: "quiet" }, about.filter(Boolean).join(" · ")),
    (f.sums || []).map((p) => el("span", { class: "sum" }, el("span", { class: "mono" }, p.sum), " by " + p.by)),
    (f.sums || []).length ? null : el("span", { class: "sum" }, "nobody has published a checksum"));
}

function variants(d) {
  return d.variants ? [el("h2", {}, "Variants"), el("ul", {}, d.variants.map((v) =>
    el("li", {}, el("code", {}, "--variant " + v.name), v.title ? " " + v.title : "", v.preferred ? " (pulled by itself)" : "")))] : null;
}

function splits(d) {
  return d.splits ? [el("h2", {}, "Splits"), el("ul", {}, Object.entries(d.splits).map(([name, globs]) =>
    el("li", {}, el("code", {}, "--only " + name), " ", el("span", { class: "mono quiet" }, globs.join(", ")))))] : null;
}

function kinship(d) {
  const all = data.chains[d.id] || {};
  const lists = Object.entries(data.titles).filter(([name]) => (all[name] || []).length);
  return [el("h2", {}, "Where its images come from, and which datasets share them"),
    lists.length ? null : el("p", {}, "No manifest names a dataset that shares images with it; this proves nothing."),
    lists.map(([name, title]) => [el("h3", {}, title), el("ul", { class: "chains" }, all[name].map(chain))]),
    lists.length ? el("p", {}, el("a", { href: "#/lineage" }, "What the words mean, and the whole picture")) : null];
}

function chain(c) {
  const [name, shares, certainty, steps] = c;
  return el("li", { class: "chain" }, el("details", {},
    el("summary", {}, el("strong", {}, dataset(name)), " ", badge(certainty, data.meanings.certainty[certainty]), " ",
      el("span", { class: "quiet" }, shares)),
    el("ul", {}, steps.map(([words, number]) => {
      const said = data.links[number];
      return el("li", {}, words, said.note ? el("div", {}, prose(said.note)) : null,
        said.evidence ? el("div", { class: "quiet" }, "Evidence: ", prose(said.evidence)) : null);
    }))));
}
