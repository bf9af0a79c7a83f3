/* Attack protection: lets a worker solve a proof of work of this site while the form is being filled in. Without scripts a person looks instead. */
(() => {
  const note = document.getElementById("proof");
  const field = document.getElementById("altcha");
  const form = field && field.form;
  if (!note || !form || !window.Worker || !window.crypto || !crypto.subtle) return;
  const RETRY = 60000;
  const GIVE_UP = 20000;
  const before = note.textContent;
  let running = null;
  let waiting = false;
  let released = false;
  let until = 0;

  const say = (text) => { if (text && note.textContent !== text) note.textContent = text; };

  async function solve() {
    field.value = "";
    const answer = await fetch(note.dataset.from, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no challenge");
    const challenge = await answer.json();
    until = challenge.parameters.expiresAt * 1000;
    const solution = await new Promise((done, failed) => {
      const worker = new Worker(note.dataset.worker);
      worker.onmessage = (event) => { worker.terminate(); event.data ? done(event.data) : failed(new Error("not solved")); };
      worker.onerror = () => { worker.terminate(); failed(new Error("not solved")); };
      worker.postMessage(challenge.parameters);
    });
    field.value = btoa(JSON.stringify({ challenge, solution }));
  }

  function begin() {
    if (running || (field.value && Date.now() < until - RETRY)) return running;
    say(note.dataset.busy);
    running = solve().then(() => say(note.dataset.done || before), () => say(before)).finally(() => { running = null; });
    return running;
  }

  // Whatever happens the form is sent: without a proof a person looks.
  form.addEventListener("focusin", begin);
  form.addEventListener("submit", (event) => {
    if (released || (field.value && Date.now() < until)) return;
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    const release = () => {
      if (released) return;
      released = true;
      form.requestSubmit ? form.requestSubmit() : form.submit();
    };
    setTimeout(release, GIVE_UP);
    Promise.resolve(begin()).then(release, release);
  });
  // Who comes back with the Back button sends it anew.
  window.addEventListener("pageshow", () => { released = waiting = false; field.value = ""; });
})();
