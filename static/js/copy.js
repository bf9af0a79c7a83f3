/* Shows the copy buttons, which need a script, and copies the field that each names. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  // Before its words change: only then are they said.
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without https the clipboard is closed; the selected text can be copied by hand.
      return;
    }
    button.textContent = button.dataset.done;
  });
}
