// What the editor's desk needs beside Django's own scripts.
(() => {
  const isEditor = (node) => node instanceof Element && node.classList.contains("markdownx-editor");
  const isFileInput = (node) => node instanceof Element && node.matches('input[type="file"]');

  // The Markdown editor takes the Tab key, which would keep the keyboard in it for good, and refuses files that are
  // dropped on a file field anywhere on the page. Both are stopped before they reach it.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && isEditor(event.target)) event.stopPropagation();
  }, true);
  for (const type of ["drop", "dragover", "dragenter", "dragleave"]) {
    document.addEventListener(type, (event) => {
      if (isFileInput(event.target)) event.stopPropagation();
    }, true);
  }

  // When an upload is refused the editor writes "Invalid response" into the text. The text stays as it was, and the
  // server's sentence is shown below it.
  function sentence(detail) {
    try {
      const answer = Array.isArray(detail) ? detail[0] : detail;
      return (typeof answer === "string" ? JSON.parse(answer) : answer).error;
    } catch {
      return "";
    }
  }
  function refused(event) {
    const editor = event.target.querySelector(".markdownx-editor");
    const { value, selectionStart } = editor;
    setTimeout(() => {
      editor.value = value;
      editor.setSelectionRange(selectionStart, selectionStart);
      say(event.target, sentence(event.detail) || "The picture could not be uploaded. Try it again.");
    });
  }
  document.addEventListener("markdownx.fileUploadError", refused, true); // the server says no
  document.addEventListener("fileUploadError", refused, true); // the server does not answer
  document.addEventListener("markdownx.fileUploadEnd", (event) => say(event.target, ""), true);

  function say(box, text) {
    let note = box.querySelector(".errornote");
    if (!note) {
      note = document.createElement("p");
      note.className = "errornote";
      note.setAttribute("role", "alert");
      box.append(note);
    }
    note.textContent = text;
    note.hidden = !text;
  }

  // A chosen picture is shown before it is saved.
  document.addEventListener("change", (event) => {
    if (!isFileInput(event.target) || !event.target.accept.includes("image/")) return;
    const box = event.target.closest(".upload");
    box.querySelector(".upload-chosen")?.remove();
    const file = event.target.files[0];
    if (!file || !file.type.startsWith("image/")) return;
    const image = document.createElement("img");
    image.className = "upload-chosen";
    image.alt = "What you have chosen; it is stored when you save";
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    event.target.before(image);
  });

  // Django names the columns of a table, but not the fields in it, for those who hear them one by one.
  function nameFields(table) {
    const headings = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    for (const cell of table.querySelectorAll("tbody :is(td, th)")) {
      for (const field of cell.querySelectorAll("input, select, textarea")) {
        if (!field.labels?.length && !field.ariaLabel) field.ariaLabel = headings[cell.cellIndex];
      }
    }
  }
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".tabular table, #result_list").forEach(nameFields);
  });
  document.addEventListener("formset:added", (event) => nameFields(event.target.closest("table")));

  // The citation key follows author, year and title until it is typed by hand. The server makes the final one.
  const WEIGHTLESS = /^(a|an|the|on|of|in|for|to|and|at|by|with|from|towards?)$/;
  const letters = (text) => text.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]/g, "");
  document.addEventListener("DOMContentLoaded", () => {
    const key = document.querySelector("#id_citation_key");
    const title = document.querySelector("#id_title");
    const year = document.querySelector("#id_year");
    if (!key || !title || !year || key.value) return;
    const suggest = () => {
      const typed = document.querySelector("#id_new_authors")?.value.split(/[,;\n]| and /)[0] ?? "";
      const chosen = document.querySelector("#authorships-0 select option:checked")?.textContent ?? "";
      const family = (chosen || typed).replace(/[*†‡]/g, "").trim().split(/\s+/).pop();
      const word = title.value.split(/[\s/–—-]+/).map(letters).find((part) => part && !WEIGHTLESS.test(part)) ?? "";
      key.placeholder = title.value ? `${letters(family)}${year.value}${word}` : "";
    };
    document.addEventListener("input", suggest);
    document.addEventListener("focusout", suggest);
    suggest();
  });
})();
