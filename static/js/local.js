/* Says a moment in the reader's own time, which only the browser knows. */
for (const place of document.querySelectorAll("[data-local]")) {
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  place.append(form.format(new Date(place.dataset.local)));
  place.hidden = false;
}
