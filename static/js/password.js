/* Shows the button that shows a password, which needs a script. The password is hidden again before the form is sent, so that
   the browser keeps it among its passwords and not among what was typed. */
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  const words = button.textContent;
  const turn = (open) => {
    field.type = open ? "text" : "password";
    button.textContent = open ? button.dataset.hide : words;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    turn(field.type === "password");
    field.focus();
  });
  field.form.addEventListener("submit", () => turn(false));
}
