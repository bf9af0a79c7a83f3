/* Shows the notice of a country at risk as soon as it is chosen, and takes back the choice of the public list, which may have stood there
   before. Nothing is sent or kept. */
for (const place of document.querySelectorAll(".country-of-signer")) {
  const select = place.querySelector("select");
  const asked = place.querySelector("input[type=hidden]");
  const onList = place.closest("form").querySelector("[name=visibility][value=public]");
  const show = () => {
    let found = false;
    for (const notice of place.querySelectorAll("[data-countries]")) {
      const here = select.value !== "" && notice.dataset.countries.split(" ").includes(select.value);
      // Its words change before it is there, so that it is read aloud once.
      if (here) notice.querySelector("[data-country]").textContent = select.selectedOptions[0].text;
      notice.hidden = !here;
      found ||= here;
    }
    if (found && asked.value !== select.value && onList) onList.checked = false;
    asked.value = found ? select.value : "";
  };
  select.addEventListener("change", show);
  // A browser fills in again what was chosen before the page was left.
  window.addEventListener("pageshow", show);
}
