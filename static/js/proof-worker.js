/* Solves one proof of work of ALTCHA, version 2, with PBKDF2: counts up until the key begins with the wanted bytes. */
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve(parameters) {
  const nonce = bytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const counting = new DataView(password.buffer);
  const method = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
  for (let counter = 0; counter < 1e6; counter += 1) {
    counting.setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derived = hex(await crypto.subtle.deriveBits(method, key, parameters.keyLength * 8));
    if (derived.startsWith(parameters.keyPrefix)) return { counter, derivedKey: derived };
  }
  return null;
}

onmessage = (event) => solve(event.data).then(postMessage, () => postMessage(null));
