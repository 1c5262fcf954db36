// Searches, sorts and filters the table of a report. Without this script, the page shows every row.
(() => {
  "use strict";

  const table = document.querySelector("table.rows");
  const form = document.querySelector("form.controls");
  if (!table || !form) return;

  const PAGE = Number(table.dataset.page);
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const search = form.elements.namedItem("search");
  const groups = [...form.querySelectorAll("fieldset")];
  const more = document.querySelector(".more");
  const noun = table.caption.textContent.startsWith("Sessions") ? "sessions" : "rows";
  const number = new Intl.NumberFormat("en");
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  let most = PAGE;

  // Without accents, so that "zoe" finds "Zoë".
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, plain(row.textContent)]));
  const tags = new Map(rows.map((row) => [row, row.dataset.tags.split(" ")]));

  const show = () => {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const chosen = groups
      .map((group) => [...group.querySelectorAll("input:checked")].map((box) => box.value))
      .filter((values) => values.length > 0);
    let found = 0;
    for (const row of body.rows) {
      const passes =
        words.every((word) => texts.get(row).includes(word)) &&
        chosen.every((values) => values.some((value) => tags.get(row).includes(value)));
      row.hidden = !passes;
      row.classList.toggle("beyond", passes && found >= most);
      if (passes) found += 1;
    }
    const shown = number.format(Math.min(found, most));
    const of = `${number.format(rows.length)} ${noun}`;
    const narrowed = found < rows.length ? `${number.format(found)} of ${of}` : of;
    form.querySelector(".shown").textContent =
      found === 0 ? `None of ${of} match` : found > most ? `${narrowed}, the first ${shown} shown` : narrowed;
    more.hidden = found <= most;
  };

  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  };

  const compare = (one, other) =>
    typeof one === "number" && typeof other === "number" ? one - other : collator.compare(one, other);

  // Rows without a value come last, whichever way the others are sorted.
  const sort = (column, descending) => {
    const keyed = [...body.rows].map((row) => [row, key(row, column)]);
    keyed.sort(([, one], [, other]) => {
      if (one === "" || other === "") return (one === "") - (other === "");
      return descending ? compare(other, one) : compare(one, other);
    });
    // Detached from the page, so that the browser lays out the new order once and not after every row.
    body.remove();
    body.append(...keyed.map(([row]) => row));
    table.append(body);
  };

  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const descending = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sort(column, descending);
      show();
    });
  });

  form.addEventListener("input", () => {
    most = PAGE;
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", (event) => {
    const step = event.target.dataset.more;
    if (step === undefined) return;
    const next = body.querySelector("tr.beyond");
    most = step === "all" ? Infinity : most + Number(step);
    show();
    // The button may be gone now, so keyboard focus moves to the first new row.
    if (next && more.hidden) {
      next.tabIndex = -1;
      next.focus();
    }
  });

  form.reset();
  form.hidden = false;
  show();
})();
