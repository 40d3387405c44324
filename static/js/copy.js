// A button that copies beside each citation. Without a script the text is selected by hand.
(() => {
  if (!navigator.clipboard) return;
  for (const source of document.querySelectorAll("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-live", "polite");
    let timer;
    button.addEventListener("click", async () => {
      clearTimeout(timer);
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        button.textContent = "Copied";
        timer = setTimeout(() => (button.textContent = "Copy"), 3000);
      } catch {
        button.textContent = "Select the text and copy it";
      }
    });
    source.after(button);
  }
})();
