/* Says a moment in the reader's own time, which only the browser knows, with the day written as everywhere on the page. */
const language = document.documentElement.lang;
const day = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long" });
const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
for (const place of document.querySelectorAll("[data-local]")) {
  const moment = new Date(place.dataset.local);
  place.append(`${day.format(moment)}, ${time.format(moment)}`);
  place.hidden = false;
}
