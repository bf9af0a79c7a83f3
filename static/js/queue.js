/* j and k go through a queue; everything works without, by Tab and Enter. */
const queue = [...document.querySelectorAll("[data-queue] > section")];
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey || !["j", "k"].includes(event.key)) return;
  const at = queue.findIndex((section) => section.contains(document.activeElement));
  const next = queue[event.key === "j" ? at + 1 : Math.max(at - 1, 0)];
  next?.focus();
});
