// All of the page is there without this. It sorts, opens what a link leads to, and opens everything for paper.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, at) => row.cells[at].dataset.sort ?? row.cells[at].textContent.trim();
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((a, b) => collator.compare(key(a, at), key(b, at)) * (down ? -1 : 1));
      table.tBodies[0].append(...rows);
    });
  });
}

function openTarget(hash) {
  const target = hash.length > 1 && document.getElementById(hash.slice(1));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView();
  }
}
addEventListener("click", (event) => openTarget(event.target.closest("a[href^='#']")?.hash ?? ""));
addEventListener("hashchange", () => openTarget(location.hash));
openTarget(location.hash);

addEventListener("beforeprint", () => document.querySelectorAll("details:not([open])").forEach((d) => {
  d.open = true;
  d.dataset.printed = "";
}));
addEventListener("afterprint", () => document.querySelectorAll("details[data-printed]").forEach((d) => {
  d.open = false;
  delete d.dataset.printed;
}));
