"""No plain digest of personal values: whoever has it could try names against it. Keyed ones go through the
vault; every other use of a digest is listed here, with the reason why it tells nobody anything.
"""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent.parent / "campaign"
_MODULES = {"hashlib", "xxhash", "mmh3"}
# Compression is none.
_CHECKSUMS = {"crc32", "adler32", "crc_hqx"}
_HMAC = {"new", "HMAC", "digest"}
_HASHES = "cryptography.hazmat.primitives.hashes"

# File: why its digest may be plain.
ALLOWED = {
    "accounts/audit.py": "the chain of the log: entries name nobody, and times have a salt that is erased",
    "accounts/calendars.py": "of a random key",
    "accounts/second_factor.py": "of 75 random bits",
    "accounts/sessions.py": "of 256 random bits",
    "core/page_cache.py": "HMAC under the secret key",
    "core/static_files.py": "of files that come with the product",
    "core/tokens.py": "the hash inside an HMAC",
    "core/vault.py": "the vault itself, and the function that this list guards",
    "handover/frozen_lists.py": "of lines that each have a random salt, which is erased with the line",
    "imports/duplicate_check.py": "in memory only; what is stored of it is keyed",
    "imports/operations.py": "in memory only; what is stored of it is keyed",
    "circulation/invitations_desk.py": "of a preview that its reader has before them, kept nowhere",
    "circulation/pasted_lines.py": "of a pasted line, by which its answer comes back on the same page; kept nowhere",
    "desk/made_up_sample.py": "of a number, for the ids of invented signatures",
    "organisations/logos.py": "of a picture that is public, deleted with it",
    "people/portraits.py": "of a picture that is in the same row, deleted with it",
    "signatures/withdrawal_phrase.py": "of 69 random bits",
    "signing/proof_of_work.py": "of random challenges of ours",
    "site/logos.py": "of a picture that is public, deleted with it",
    "statements/operations.py": "of a statement's text, published with it",
    "statements/translation_status.py": "of a statement's text",
}


def plain_digests(source: str) -> list[str]:
    """Everything in a module that makes a digest without the vault: imports of what can, in whatever
    spelling.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.partition(".")[0] in _MODULES]
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            module = node.module or ""
            if (
                module.partition(".")[0] in _MODULES
                or module.startswith(_HASHES)
                or (module in {"zlib", "binascii"} and names & _CHECKSUMS)
                or (module == "cryptography.hazmat.primitives" and names & {"hashes", "hmac"})
                or (module == "campaign.core.vault" and "digest" in names)
                or (module == "hmac" and names & _HMAC)
            ):
                found.append(module)
        elif isinstance(node, ast.Attribute):
            base = node.value.id if isinstance(node.value, ast.Name) else ""
            if (base, node.attr) == ("vault", "digest") or (
                (base == "hmac" and node.attr in _HMAC) or node.attr in _CHECKSUMS
            ):
                found.append(f"{base}.{node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
            found.append("__import__")
    return found


def test_every_plain_digest_is_listed_with_its_reason() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if plain_digests(path.read_text())
    }
    assert found == set(ALLOWED)


def test_the_guard_sees_a_digest_in_whatever_spelling() -> None:
    for source in (
        "import hashlib",
        "import hashlib as plain",
        "from hashlib import sha256",
        "from campaign.core.vault import digest",
        "from campaign.core import vault\nvault.digest('name')",
        "import zlib\nzlib.crc32(b'name')",
        "from cryptography.hazmat.primitives import hashes",
        "import hmac\nhmac.new(b'', b'name', 'sha256')",
    ):
        assert plain_digests(source), source
    assert plain_digests("import hmac\nhmac.compare_digest(a, b)") == []
