/* Passkeys: fetches a challenge, lets the device sign it, and sends the answer with the form around the button. Without this
   script, or in a browser without passkeys, the button stays hidden and password and code do. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const asked = (options) => {
  options.challenge = bytes(options.challenge);
  if (options.user) {
    options.user.id = bytes(options.user.id);
  }
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const key of list ?? []) {
      key.id = bytes(key.id);
    }
  }
  return { publicKey: options };
};

const answered = (credential) => {
  const { response } = credential;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = names.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(given),
    clientExtensionResults: {},
  });
};

const challenge = async (button) => {
  const body = new URLSearchParams({ csrf_token: button.form.elements.csrf_token.value });
  const response = await fetch(button.dataset.challenge, { method: "POST", body });
  if (!response.ok) {
    throw new Error(String(response.status));
  }
  return asked(await response.json());
};

const use = async (button, status) => {
  button.disabled = true;
  status.textContent = "";
  try {
    const options = await challenge(button);
    const credential = await (options.publicKey.user ? navigator.credentials.create(options) : navigator.credentials.get(options));
    button.form.elements.credential.value = answered(credential);
    button.form.submit();
  } catch (error) {
    // Also when the reader closes the window of the browser, or the device has the key already.
    status.textContent = error.name === "InvalidStateError" ? status.dataset.known : status.dataset.failed;
    button.disabled = false;
  }
};

for (const button of window.PublicKeyCredential ? document.querySelectorAll("[data-challenge]") : []) {
  const status = document.getElementById(button.getAttribute("aria-describedby"));
  button.closest("[data-passkey]").hidden = false;
  button.addEventListener("click", () => {
    if (button.form.elements.name && !button.form.elements.name.reportValidity()) {
      return;
    }
    use(button, status);
  });
}
