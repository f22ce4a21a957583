"use strict";
// Sorting, finding and paging of the students' table. Without this script it is a plain table with everybody in it.
{
  const PAGE = 50;
  const table = document.getElementById("roster");
  const body = table.tBodies[0];
  const find = document.getElementById("find");
  const show = document.getElementById("show");
  const shown = document.getElementById("shown");
  const back = document.getElementById("back");
  const next = document.getElementById("next");
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const headings = [...table.tHead.rows[0].cells];
  const rows = [...table.querySelectorAll("tbody > tr")].map((element, place) => ({
    element,
    place,
    flags: element.dataset.flags.split(" "),
    texts: [...element.cells].map((cell) => cell.textContent),
  }));
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const row of rows) row.name = plain(row.texts[0]);

  let column = 0;
  let direction = 1;
  let start = 0;
  let matching = rows;

  // Numbers by their value, what is no number behind them in either direction, equals in the order of the page.
  function compare(one, other) {
    const [left, right] = [one.texts[column], other.texts[column]];
    let order;
    if (headings[column].className === "number") {
      const [first, second] = [parseFloat(left.replace(",", "")), parseFloat(right.replace(",", ""))];
      if (Number.isNaN(first) || Number.isNaN(second)) {
        order = direction * (Number.isNaN(first) - Number.isNaN(second) || collator.compare(left, right));
      } else order = first - second;
    } else order = collator.compare(left, right);
    return direction * order || one.place - other.place;
  }

  function draw() {
    const page = matching.slice(start, start + PAGE);
    body.replaceChildren(...page.map((row) => row.element));
    back.disabled = start === 0;
    next.disabled = start + PAGE >= matching.length;
    back.parentElement.hidden = matching.length <= PAGE;
    const last = start + page.length;
    shown.textContent = matching.length
      ? `${start + 1} to ${last} of ${matching.length.toLocaleString("en")} students`
      : "No student fits";
  }

  function select() {
    const [name, flag] = [plain(find.value.trim()), show.value];
    matching = rows.filter((row) => row.name.includes(name) && (!flag || row.flags.includes(flag))).sort(compare);
    start = 0;
    draw();
  }

  headings.forEach((heading, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      direction = place === column ? -direction : heading.className === "number" ? -1 : 1;
      column = place;
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      select();
    });
  });
  find.addEventListener("input", select);
  show.addEventListener("change", select);
  find.form.addEventListener("submit", (event) => event.preventDefault());
  back.addEventListener("click", () => { start -= PAGE; draw(); });
  next.addEventListener("click", () => { start += PAGE; draw(); });
  // On paper everybody who was asked for.
  addEventListener("beforeprint", () => {
    body.replaceChildren(...matching.map((row) => row.element));
    shown.textContent = `${matching.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} students`;
  });
  addEventListener("afterprint", draw);

  for (const other of [...table.tBodies].slice(1)) other.remove();
  find.form.hidden = false;
  draw();
}
