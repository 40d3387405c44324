// Passkeys: making one, and logging in with one. Where the browser has none, the forms stay hidden.
(() => {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;

  async function ask(form, address, body) {
    const token = form.querySelector('[name="csrfmiddlewaretoken"]').value;
    const headers = { "X-CSRFToken": token, "Content-Type": "application/json" };
    const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.error || "The server does not answer. Try it again.");
    return answer;
  }

  async function run(form) {
    const { kind, begin, complete } = form.dataset;
    const options = await ask(form, begin, {});
    const publicKey = kind === "create"
      ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
      : PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const passkey = await navigator.credentials[kind]({ publicKey });
    const name = form.elements.name?.value ?? "";
    const address = kind === "create" ? `${complete}?name=${encodeURIComponent(name)}` : complete;
    location.assign((await ask(form, address, passkey.toJSON())).next);
  }

  function sentence(error) {
    if (error.name === "NotAllowedError") return "Nothing was chosen, or it took too long. Try it again.";
    if (error.name === "InvalidStateError") return "This device has a passkey for your account already.";
    return error.message;
  }

  for (const form of document.querySelectorAll("form.passkey")) {
    const note = form.querySelector(".errornote");
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      note.hidden = true;
      run(form).catch((error) => {
        note.textContent = sentence(error);
        note.hidden = false;
      });
    });
  }
})();
