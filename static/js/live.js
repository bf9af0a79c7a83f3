/* What htmx does not do for an open statement: say changes to screen readers, keep the reader's place, count up, poll less when nobody looks. */
(() => {
  const HIDDEN_PAUSE = 30000;
  const SAY_EVERY = 10000;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  document.documentElement.classList.add("scripted");

  let lastAsked = 0;
  let lastSaid = 0;
  let sayLater = 0;
  let before = null;

  const names = () => [...document.querySelectorAll("#live-list [data-signatory]")];
  const numbers = () => [...document.querySelectorAll("#live-count [data-count]")];

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id !== "live-count") return;
    if (document.hidden && Date.now() - lastAsked < HIDDEN_PAUSE) event.preventDefault();
    else lastAsked = Date.now();
  });

  // Remember what stood where, so that the swap moves nothing that is being read.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "live-count" || !event.detail.shouldSwap) return;
    const listed = names();
    const anchor = listed.find((name) => name.getBoundingClientRect().top >= 0);
    before = {
      known: new Set(listed.map((name) => name.dataset.signatory)),
      counts: new Map(numbers().map((number) => [number.dataset.of, Number(number.dataset.count)])),
      anchor: anchor && anchor.getBoundingClientRect().top < innerHeight ? anchor.dataset.signatory : null,
      top: anchor ? anchor.getBoundingClientRect().top : 0,
    };
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!before) return;
    const past = before;
    before = null;
    for (const name of names()) if (!past.known.has(name.dataset.signatory)) name.classList.add("new");
    const anchor = past.anchor && names().find((name) => name.dataset.signatory === past.anchor);
    if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - past.top, behavior: "instant" });
    if (!calm.matches) for (const number of numbers()) countUp(number, past.counts.get(number.dataset.of));
    say();
  });

  // From the number that stood there to the one that stands there now, in the same notation.
  function countUp(number, from) {
    const to = Number(number.dataset.count);
    if (from === undefined || to <= from) return;
    const final = number.textContent;
    const format = new Intl.NumberFormat(document.documentElement.lang);
    const begun = performance.now();
    const step = (now) => {
      const part = Math.min((now - begun) / 600, 1);
      number.textContent = part < 1 ? format.format(Math.round(from + (to - from) * (1 - (1 - part) ** 3))) : final;
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
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
