// What is typed in a form with data-autosave is kept on the server every few seconds, and a closed tab loses nothing.
// Without scripts, or without the server, the form works as ever.
const EVERY = 5000;
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const said = document.getElementById(form.dataset.autosaveSaid);
  let changed = false, waiting = false, leaving = false;

  const keep = async () => {
    waiting = false;
    if (leaving) return;
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: data, redirect: "error" });
      if (said) said.textContent = answer.ok ? form.dataset.kept.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" })) : form.dataset.notKept;
    } catch {
      if (said) said.textContent = form.dataset.notKept;
    }
  };
  form.addEventListener("input", () => {
    changed = true;
    if (waiting) return;
    waiting = true;
    setTimeout(keep, EVERY);
  });
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => {
    if (changed && !leaving) event.preventDefault();
  });
  // Back from the page that follows: what stands here may still be changed.
  addEventListener("pageshow", () => { leaving = false; });
}
