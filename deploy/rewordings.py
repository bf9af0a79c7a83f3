"""`make rewordings`: carry translations over when an English sentence changes, so that nobody has to
translate it again.

    python deploy/rewordings.py                          prints a draft of pairs from the source as it is
    python deploy/rewordings.py PAIRS.po                 carries over what the source says differently already
    python deploy/rewordings.py PAIRS.po --in-source     changes code and templates too

PAIRS.po is in the format of a catalogue: msgid is the sentence of the catalogues (with its msgctxt and
msgid_plural), msgstr the one that replaces it; without a msgstr nothing happens. A reference (`#:
templates/base.html`) keeps the change to those files. Where something still says the old sentence, both have
the translation afterwards.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = [("campaign", "*.py"), ("templates", "*.html"), ("templates", "*.txt")]
QUOTING = [("tests", "*.py"), ("deploy", "*.py"), ("benchmarks", "*.py"), (".", "*.md"), ("docs", "*.md")]
CATALOGUES = "campaign/translations/*/LC_MESSAGES/messages.po"
TEMPLATE = "campaign/translations/messages.pot"

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
_LITERAL = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEXT = rf"{_LITERAL}(?:\s*{_LITERAL})*"
CALL = re.compile(
    rf"\b(?P<name>_l?|lazy_gettext|n?p?gettext)\(\s*(?P<texts>{_TEXT}(?:\s*,\s*{_TEXT})*)", re.DOTALL
)

# A sentence as catalogues know it: its context, and its singular and plural or its one form.
Sentence = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Rewording:
    """A sentence, the forms that replace it, and the only files where they do (none named: all)."""

    context: str | None
    old: tuple[str, ...]
    new: tuple[str, ...]
    files: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.old[0]!r} -> {self.new[0]!r}"


class RewordingError(ValueError):
    """Pairs that can't be carried over; the message says why, one line for each."""


def read_rewordings(content: bytes) -> list[Rewording]:
    """The pairs of a file that change a sentence. Raises RewordingError when placeholders differ."""
    found, wrong = [], []
    for message in read_po(BytesIO(content)):
        old, new = all_forms(message.id), all_forms(message.string)
        if not old[0] or not all(new) or new == old:
            continue
        rewording = Rewording(message.context, old, new, tuple(name for name, _line in message.locations))
        if len(new) != len(old) or any(
            _placeholders(one) != _placeholders(other) for one, other in zip(old, new, strict=True)
        ):
            wrong.append(f"not the same placeholders or forms: {rewording}")
        found.append(rewording)

    if wrong:
        raise RewordingError("\n".join(wrong))

    return found


def all_forms(value: object) -> tuple[str, ...]:
    """The one form, or the singular and plurals, of a msgid or msgstr."""
    return tuple(value) if isinstance(value, (tuple, list)) else (str(value),)


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


@dataclass(frozen=True)
class Said:
    """A sentence in a source file, and where the literal of each of its forms begins and ends."""

    context: str | None
    forms: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def said(text: str) -> Iterator[Said]:
    """Every sentence that this text of a module or a template gives to gettext."""
    for call in CALL.finditer(text):
        name, start = call["name"], call.start("texts")
        spans = [
            (start + one.start(), start + one.end()) for one in re.finditer(_TEXT, call["texts"], re.DOTALL)
        ]
        values = [_value(text[begin:end]) for begin, end in spans]
        first = 1 if name.endswith("pgettext") else 0
        count = first + (2 if name.startswith("n") else 1)
        if len(values) >= count:
            yield Said(values[0] if first else None, tuple(values[first:count]), tuple(spans[first:count]))


def _value(literals: str) -> str:
    """The string made by adjacent literals; a template's may contain line breaks."""
    return "".join(
        ast.literal_eval(one.replace("\n", "\\n")) for one in re.findall(_LITERAL, literals, re.DOTALL)
    )


def reworded(text: str, rewordings: list[Rewording], is_python: bool) -> str:
    """A source text with its sentences replaced."""
    wanted = {(one.context, one.old): one.new for one in rewordings}
    changes = [
        (span, new)
        for one in said(text)
        for span, new in zip(one.spans, wanted.get((one.context, one.forms), one.forms), strict=True)
        if (one.context, one.forms) in wanted
    ]
    for (begin, end), new in sorted(changes, reverse=True):
        text = text[:begin] + _literal(new, text[begin], is_python) + text[end:]
    return text


def _literal(value: str, quote: str, is_python: bool) -> str:
    escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return quote + (escaped.replace("\n", "\\n") if is_python else escaped) + quote


def reword_source(root: Path, rewordings: list[Rewording]) -> list[Path]:
    """Change code and templates; the files that were changed."""
    changed = []
    for path in _files(root, SOURCE):
        name = path.relative_to(root).as_posix()
        here = [one for one in rewordings if not one.files or name in one.files]
        text = path.read_text()
        new = reworded(text, here, path.suffix == ".py")
        if new != text:
            path.write_text(new)
            changed.append(path)
    return changed


def _files(root: Path, places: list[tuple[str, str]]) -> Iterator[Path]:
    for folder, pattern in places:
        yield from sorted((root / folder).glob(pattern) if folder == "." else (root / folder).rglob(pattern))


def spoken(root: Path) -> set[Sentence]:
    """Every sentence in code and templates."""
    return {(one.context, one.forms) for path in _files(root, SOURCE) for one in said(path.read_text())}


def carry_over(catalogue: Catalog, rewordings: list[Rewording], kept: set[Sentence]) -> list[str]:
    """Give new sentences the translations of the old ones; drop the old unless in `kept`. Returns remarks to
    check.

    A translation that the new sentence has already stays.
    """
    remarks = []
    for one in rewordings:
        message = catalogue.get(one.old[0], one.context)
        if message is None or all_forms(message.id) != one.old:
            remarks.append(f"not in the catalogue: {one}")
            continue
        present = catalogue.get(one.new[0], one.context)
        if (one.context, one.old) not in kept:
            catalogue.delete(one.old[0], one.context)
        if present is None or (not any(all_forms(present.string)) and present.id != message.id):
            catalogue.delete(one.new[0], one.context)
            catalogue[one.new if len(one.new) > 1 else one.new[0]] = _carried(message, one)
        elif all_forms(present.string) != all_forms(message.string):
            remarks.append(f"was translated already, and stays so: {one}")

    return remarks


def _carried(message: Message, one: Rewording) -> Message:
    identity = one.new if len(one.new) > 1 else one.new[0]
    flags = message.flags - {"python-format"}
    return Message(
        identity, message.string, flags=flags, user_comments=message.user_comments, context=one.context
    )


def carry_over_files(root: Path, rewordings: list[Rewording]) -> list[str]:
    """Carry over in every catalogue and in their template. Returns remarks to check, with the file."""
    kept, remarks = spoken(root), []
    for path in [root / TEMPLATE, *sorted(root.glob(CATALOGUES))]:
        language = None if path.suffix == ".pot" else path.parent.parent.name
        catalogue = read_po(BytesIO(path.read_bytes()), locale=language)
        remarks += [
            f"{path.relative_to(root)}: {remark}" for remark in carry_over(catalogue, rewordings, kept)
        ]
        path.write_bytes(written(catalogue, is_template=language is None))
    return remarks


def written(catalogue: Catalog, is_template: bool = False) -> bytes:
    """A catalogue as `make translations` writes it."""
    file = BytesIO()
    write_po(file, catalogue, sort_output=True, omit_header=is_template, ignore_obsolete=False)
    return file.getvalue()


def quotations(root: Path, rewordings: list[Rewording]) -> list[str]:
    """Quotations of an old sentence of two words or more in tests and docs, as `file:line: sentence`."""
    sentences = [form for one in rewordings for form in one.old if " " in form]
    return [
        f"{path.relative_to(root)}:{number}: {form}"
        for path in _files(root, QUOTING)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for form in sentences
        if form in line
    ]


def draft(root: Path) -> bytes:
    """Pairs of a sentence no longer used and the most similar one that no catalogue has, for a person to
    correct.
    """
    template = read_po(BytesIO((root / TEMPLATE).read_bytes()))
    known = {(message.context, all_forms(message.id)) for message in template if message.id}
    now = spoken(root)
    new = now - known
    drafted = Catalog()
    for context, old in sorted(known - now, key=lambda sentence: sentence[1]):
        candidates = {forms[0]: forms for other, forms in new if other == context and len(forms) == len(old)}
        likest = difflib.get_close_matches(old[0], candidates, n=1, cutoff=0.3)
        string = candidates[likest[0]] if likest else ("",) * len(old)
        plural = len(old) > 1
        drafted.add(old if plural else old[0], string if plural else string[0], context=context)
    return written(drafted, is_template=True)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Print a draft, or carry the pairs of a file over; 1 when a pair can't be."""
    parser = argparse.ArgumentParser(description="Carry translations over when an English sentence changes.")
    parser.add_argument(
        "pairs", type=Path, nargs="?", help="old and new sentences, as a .po file; none: print a draft"
    )
    parser.add_argument("--in-source", action="store_true", help="change code and templates too")
    given = parser.parse_args(arguments)
    if given.pairs is None:
        sys.stdout.write(draft(root).decode())
        return 0

    try:
        rewordings = read_rewordings(given.pairs.read_bytes())
    except RewordingError as error:
        print(error)
        return 1

    if given.in_source:
        for path in reword_source(root, rewordings):
            print(f"changed: {path.relative_to(root)}")

    for line in carry_over_files(root, rewordings):
        print(line)

    for line in quotations(root, rewordings):
        print(f"quoted in {line}")

    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
