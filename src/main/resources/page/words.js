// What both views need: elements, links, and numbers in words. Text only ever becomes text nodes, never markup.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = new Map(data.datasets.map((d) => [d.id, d]));
const $ = (id) => document.getElementById(id);

/** An element; attributes that are null, undefined or false are left out, children likewise. */
function el(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
  return element;
}

/** A link for a web address, plain text for anything else: a manifest cannot smuggle in another scheme. */
function link(address, words) {
  return /^https?:\/\/[^\s]+$/i.test(address || "")
    ? el("a", { href: address, rel: "noopener noreferrer" }, words || address)
    : document.createTextNode(words && words !== address ? words + " (" + address + ")" : address || "");
}

/** Text in which web addresses are links. */
function prose(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?()])/).map((part, i) => (i % 2 ? link(part) : part));
}

function doi(name) {
  return link("https://doi.org/" + encodeURI(name), "doi:" + name);
}

function unknown() {
  return el("span", { class: "unknown" }, "unknown");
}

function list(words) {
  return words && words.length ? words.join(", ") : unknown();
}

/** As the command line writes sizes: powers of a thousand, three digits. Null for one that is not known. */
function size(bytes) {
  if (bytes === null || bytes === undefined) return null;
  if (bytes < 1000) return plural(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB", "PB"];
  let unit = -1;
  let value = bytes;
  do {
    value /= 1000;
    unit++;
  } while (value >= 999.5 && unit < units.length - 1);
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + " " + units[unit];
}

/** A size as the command line says it; null for one that is not known. */
function words(size) {
  return size ? size.text : null;
}

/** The size of the download, else that of what is downloaded only if its source is named; null if neither is known. */
function shownSize(d) {
  return words(d.facts.size) || (d.facts.optional ? "unknown; " + d.facts.optional.text + " from an optional source" : null);
}

/** What to sort a size by; null for one that is not known. */
function figure(size) {
  return size ? size.at_most ?? size.at_least : null;
}

/** The sum of known sizes: as little precise as the least precise of them, and a lower bound if one of them is. */
function sum(sizes) {
  const about = sizes.every((s) => s.precision === "exact") ? "" : "about ";
  const least = sizes.reduce((all, s) => all + s.at_least, 0);
  const most = sizes.some((s) => s.at_most === null) ? null : sizes.reduce((all, s) => all + s.at_most, 0);
  return most === null ? "at least " + about + size(least) : about + size(least) + (most === least ? "" : " to " + size(most));
}

function number(n) {
  return n.toLocaleString("en-US");
}

function plural(n, word) {
  return number(n) + " " + word + (n === 1 ? "" : "s");
}

function badge(word, meaning) {
  return el("span", { class: "badge " + (/^[a-z-]+$/.test(word) ? word : ""), title: meaning || null }, word);
}

function access(d) {
  return badge(d.access.status, data.meanings.access[d.access.status]);
}

/** A dataset's page here, or its name where this page does not hold it. */
function dataset(name) {
  return byId.has(name) ? el("a", { href: "#" + name }, name) : document.createTextNode(name);
}
