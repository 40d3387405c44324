// The list of publications, searched and filtered in place: each choice fetches the page that it leads to anyway, and
// puts it in. Where that fails the browser goes there, as it does without a script.
(() => {
  const form = document.querySelector("form.filter");
  if (!form) return;
  const main = form.parentElement;
  const input = form.elements.q;
  const status = document.createElement("p");
  const unspoken = (root) => root.querySelector(".found [role=status]")?.removeAttribute("role");
  status.className = "visually-hidden";
  status.role = "status";
  form.before(status);
  unspoken(main);
  let shown = location.pathname + location.search;
  let timer, request, isTyping;

  const behind = (start) => {
    const range = document.createRange();
    range.setStartAfter(start);
    range.setEndAfter(start.parentElement.lastChild);
    return range;
  };

  const show = (page, typed) => {
    const next = page.querySelector("form.filter");
    const active = document.activeElement;
    const list = active.closest(".facets ul")?.getAttribute("aria-labelledby");
    const isOpen = main.querySelector(".facets")?.open;
    unspoken(page);
    form.querySelectorAll("[type=hidden]").forEach((field) => field.remove());
    form.append(...next.querySelectorAll("[type=hidden]"));
    if (!typed) input.value = next.elements.q.value;
    behind(form).deleteContents();
    form.after(behind(next).extractContents());
    const facets = main.querySelector(".facets");
    if (facets) facets.open = isOpen;
    document.title = page.title;
    status.textContent = main.querySelector(".found p")?.textContent ?? "All publications are shown.";
    if (active.isConnected && active !== document.body) return;
    const links = list ? main.querySelectorAll(`[aria-labelledby=${list}] a`) : [];
    const same = [...links].find((link) => link.textContent === active.textContent);
    (same ?? main).focus({ preventScroll: Boolean(same) });
    if (!same) scrollTo(0, 0);
  };

  // As a document, not as text that a script makes one of: that is what Trusted Types forbid.
  const fetched = (asked, url) =>
    new Promise((resolve, reject) => {
      asked.open("GET", url);
      asked.responseType = "document";
      asked.onload = () => resolve(asked.response);
      asked.onerror = asked.onabort = reject;
      asked.send();
    });

  const load = async (url, { typed = false, remember = true } = {}) => {
    clearTimeout(timer);
    request?.abort();
    const own = (request = new XMLHttpRequest());
    try {
      const page = await fetched(own, url);
      if (own !== request) return;
      if (own.status !== 200 || !page?.querySelector("form.filter")) throw new Error(own.status);
      if (remember) history[typed && isTyping ? "replaceState" : "pushState"](null, "", own.responseURL);
      isTyping = typed;
      shown = location.pathname + location.search;
      show(page, typed);
      document.dispatchEvent(new Event("ZoteroItemUpdated"));
    } catch {
      if (own !== request) return;
      if (remember) location.assign(url);
      else location.reload();
    }
  };

  const asked = () => {
    const chosen = [...new FormData(form)].filter(([, value]) => value.trim());
    return form.action + (chosen.length ? `?${new URLSearchParams(chosen)}` : "");
  };

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => load(asked(), { typed: true }), 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    load(asked(), { typed: true });
  });
  main.addEventListener("click", (event) => {
    const link = event.target.closest(".facets a, .found a, .pages a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    load(link.href);
  });
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) load(location.href, { remember: false });
  });
})();
