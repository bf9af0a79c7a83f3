// Text pasted from Word or Google Docs into the editor keeps headings, lists and links: the server turns it into Markdown.
document.addEventListener("paste", async (event) => {
  const field = event.target.closest("form[data-paste] textarea[name^='body']");
  const html = event.clipboardData?.getData("text/html");
  if (!field || !html || !/<(p|h[1-6]|ul|ol|li|b|strong|em|i|a|table)[\s>]/i.test(html)) return;
  event.preventDefault();
  const plain = event.clipboardData.getData("text/plain");
  const [start, end] = [field.selectionStart, field.selectionEnd];
  const data = new FormData();
  data.set("csrf_token", field.form.elements.csrf_token.value);
  // Before its fragment Word describes all of its styles.
  data.set("html", html.replace(/^[\s\S]*<!--\s*StartFragment\s*-->/, ""));
  let text = "";
  field.readOnly = true;
  try {
    const answer = await fetch(field.form.dataset.paste, { method: "POST", body: data });
    if (answer.ok) text = await answer.text();
  } catch {
    // Without the server the words come without their looks.
  }
  field.readOnly = false;
  field.focus();
  field.setSelectionRange(start, end);
  // The old command alone can be undone with a key.
  if (document.execCommand("insertText", false, text || plain)) return;
  field.setRangeText(text || plain, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
