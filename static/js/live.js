/* What htmx does not do for an open statement: say changes to screen readers, keep the reader's place, count up, poll less when nobody looks. */
(() => {
  const HIDDEN_PAUSE = 30000;
  const SAY_EVERY = 10000;
  const LINES = "#live-list :is([data-signatory], blockquote), .tools, .text > *, form#sign > *";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  document.documentElement.classList.add("scripted");

  let lastAsked = 0;
  let lastSaid = 0;
  let sayLater = 0;
  let before = null;

  const names = () => [...document.querySelectorAll("#live-list [data-signatory]")];
  const numbers = () => [...document.querySelectorAll("#live-count [data-count]")];
  const topOf = (part) => part.getBoundingClientRect().top;

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "live-count") return;
    if (document.hidden && Date.now() - lastAsked < HIDDEN_PAUSE) event.preventDefault();
    else lastAsked = Date.now();
  });

  // Remember what stood where, so that the swap moves nothing that is being read, and takes the focus from nobody.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "live-count" || !event.detail.shouldSwap) return;
    const line = lineInView();
    const focused = document.activeElement.closest("#live-list a, #live-count a");
    before = {
      known: new Set(names().map((name) => name.dataset.signatory)),
      counts: new Map(numbers().map((number) => [number.dataset.of, Number(number.dataset.count)])),
      line,
      top: line ? topOf(line) : 0,
      focused,
    };
  });

  // Before the browser draws what has come.
  document.addEventListener("htmx:afterSwap", () => {
    if (!before) return;
    const past = before;
    before = null;
    for (const name of names()) if (!past.known.has(name.dataset.signatory)) name.classList.add("new");
    const line = past.line && sameOf(past.line);
    if (line && topOf(line) !== past.top) scrollBy({ top: topOf(line) - past.top, behavior: "instant" });
    if (past.focused) sameOf(past.focused)?.focus({ preventScroll: true });
    if (!calm.matches) for (const number of numbers()) countUp(number, past.counts.get(number.dataset.of));
    say();
  });

  // The field that is being filled in, or else the first line in the window. What sticks to the window moves by itself.
  function lineInView() {
    const sticks = getComputedStyle(document.querySelector(".side")).position === "sticky";
    const seen = (part) => part.getClientRects().length && topOf(part) >= 0 && topOf(part) < innerHeight && !(sticks && part.closest(".side"));
    const field = document.activeElement.closest("form#sign > *");
    return field && seen(field) ? field : [...document.querySelectorAll(LINES)].find(seen);
  }

  // After a swap the same line is another element: it is known by its number, its address or its words.
  function sameOf(part) {
    if (part.isConnected) return part;
    const inside = part.dataset.signatory ? names() : [...document.querySelectorAll(`:is(#live-list, #live-count) ${part.tagName}`)];
    const same = (other) => (part.dataset.signatory ? other.dataset.signatory === part.dataset.signatory : other.href === part.href && (part.href || other.textContent === part.textContent));
    return inside.find(same);
  }

  // From the number that stood there to the one that stands there now, in the same notation.
  function countUp(number, from) {
    const to = Number(number.dataset.count);
    if (from === undefined || to <= from) return;
    const final = number.textContent;
    const format = new Intl.NumberFormat(document.documentElement.lang);
    const begun = performance.now();
    const step = (now) => {
      const part = Math.min(Math.max(now - begun, 0) / 600, 1);
      number.textContent = part < 1 ? format.format(Math.round(from + (to - from) * (1 - (1 - part) ** 3))) : final;
      if (part < 1) requestAnimationFrame(step);
    };
    step(begun);
  }

  // One sentence at most every ten seconds, however many sign.
  function say() {
    clearTimeout(sayLater);
    sayLater = setTimeout(() => {
      const title = document.querySelector("#list-title");
      const region = document.getElementById("live-said");
      if (title && region) region.textContent = title.textContent;
      lastSaid = Date.now();
    }, Math.max(1000, SAY_EVERY - (Date.now() - lastSaid)));
  }
})();
