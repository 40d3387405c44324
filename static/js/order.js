// Puts rows in order by dragging, by buttons and by keyboard: authors, links, the list of projects.
// A row's place is an ordinary number field, "position"; without this script it is typed.
(() => {
  const POSITION = 'input[name$="-position"]';
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");

  const tableOf = (row) => row.closest("tbody");
  const rowsOf = (table) =>
    [...table.children].filter((row) => row.querySelector(POSITION) && !row.classList.contains("empty-form"));
  const positionOf = (row) => row.querySelector(POSITION);

  function nameOf(row) {
    const chosen = row.querySelector("select option:checked");
    const typed = row.querySelector('input[type="text"]');
    const heading = row.querySelector("th");
    return (heading || chosen)?.textContent.trim() || typed?.value || "this row";
  }

  function number(table) {
    rowsOf(table).forEach((row, place) => {
      positionOf(row).value = place;
    });
  }

  // A row and the line with its errors, which Django puts above it, stay together.
  const withErrors = (row) =>
    row.previousElementSibling?.classList.contains("row-form-errors") ? [row.previousElementSibling, row] : [row];

  // The other rows step aside: a row that is itself moved loses the focus, and the pointer that drags it.
  function move(row, to) {
    const table = tableOf(row);
    const rows = rowsOf(table);
    const from = rows.indexOf(row);
    const others = to > from ? rows.slice(from + 1, to + 1) : rows.slice(to, from);
    const anchor = to > from ? withErrors(row)[0] : row.nextSibling;
    for (const part of others.flatMap(withErrors)) table.insertBefore(part, anchor);
    number(table);
  }

  function say(row) {
    const rows = rowsOf(tableOf(row));
    spoken.textContent = `${nameOf(row)} is now number ${rows.indexOf(row) + 1} of ${rows.length}.`;
  }

  function step(row, by) {
    const rows = rowsOf(tableOf(row));
    const to = rows.indexOf(row) + by;
    if (!rows[to]) return;
    move(row, to);
    say(row);
  }

  function drag(event) {
    if (event.button) return;
    const handle = event.currentTarget;
    const row = handle.closest("tr");
    event.preventDefault();
    handle.focus();
    handle.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
    const follow = (moved) => {
      const rows = rowsOf(tableOf(row));
      const above = rows.filter((other) => {
        const box = other.getBoundingClientRect();
        return other !== row && box.top + box.height / 2 <= moved.clientY;
      });
      if (above.length !== rows.indexOf(row)) move(row, above.length);
      // Near the edge of the window the page goes along.
      if (moved.clientY < 60) scrollBy(0, -12);
      if (moved.clientY > innerHeight - 60) scrollBy(0, 12);
    };
    const drop = () => {
      row.classList.remove("dragged");
      handle.removeEventListener("pointermove", follow);
      say(row);
    };
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("lostpointercapture", drop, { once: true });
  }

  function button(label, text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.title = label;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function equip(row) {
    const input = positionOf(row);
    if (!input || input.parentElement.querySelector(".order-tools")) return;
    const tools = document.createElement("span");
    tools.className = "order-tools";
    const handle = button("Drag, or press the arrow keys", "⠿", () => {});
    handle.className = "order-handle";
    handle.addEventListener("pointerdown", drag);
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      step(row, by);
    });
    tools.append(
      handle,
      button("Move up", "↑", () => step(row, -1)),
      button("Move down", "↓", () => step(row, 1)),
    );
    for (const made of tools.children) {
      // The name of the row may still change: it is read when the button gets the focus.
      made.addEventListener("focus", () => made.setAttribute("aria-label", `${made.title}: ${nameOf(row)}`));
      made.setAttribute("aria-label", made.title);
    }
    input.classList.add("order-position");
    input.tabIndex = -1;
    input.before(tools);
  }

  // On a narrow screen a row is a card, and each of its fields carries the heading of its column.
  function label(table) {
    const headings = [...table.closest("table").querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    for (const row of table.children) {
      [...row.children].forEach((cell, column) => {
        if (headings[column]) cell.dataset.label = headings[column];
      });
    }
  }

  function start(table) {
    const rows = rowsOf(table);
    // After a refused form the rows come back in the order of the request: put them as they were.
    const sorted = [...rows].sort((a, b) => positionOf(a).value - positionOf(b).value);
    const end = table.querySelector(":scope > .empty-form, :scope > .add-row");
    for (const part of sorted.flatMap(withErrors)) table.insertBefore(part, end);
    number(table);
    rows.forEach(equip);
    label(table);
    table.closest("table").classList.add("is-ordered");
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(spoken);
    for (const table of document.querySelectorAll(".ordered tbody")) start(table);
    const list = document.querySelector("#result_list tbody");
    // A list that was sorted by another column, or cut by a filter, has no order to change.
    if (list && !location.search && rowsOf(list).length) start(list);
  });
  document.addEventListener("formset:added", (event) => {
    const row = event.target;
    if (!row.closest(".ordered")) return;
    equip(row);
    label(tableOf(row));
    number(tableOf(row));
  });
})();
