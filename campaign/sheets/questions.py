"""Questions about a list that only a person can answer, and their answers.

A room registers the words of its questions by code, as it does those of problems. Whoever reads the list
raises one by asking for its answer; as long as there is none, the list can't be imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from flask_babel.speaklater import LazyString

from campaign.core.registration import Registry

# Of each question, for a person to see what is asked.
_MOST_EXAMPLES = 3
# More of one kind say that a column holds something else.
_MOST_OF_A_KIND = 40
_LONGEST_EXAMPLE = 120
_FORM = "answer-"

Choices = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of the questions with one code.

    `sentence` is filled with what a question is about, its `subject`, its `count` and its first `example`, or
    makes the sentence of it. `choices` are (value, sentence), or depend on what the question is about.
    """

    sentence: LazyString | Callable[[Mapping[str, Any]], str]
    choices: Mapping[str, LazyString] | Choices


wordings: Registry[Mapping[str, Wording]] = Registry("words of questions about sheets")


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question about a list. It can't be imported without an answer.

    `code` names the words. `subject` tells questions of one code apart, such as the spelling of a country.
    `about` is JSON. `count` says how many rows or cells it is about, `examples` are some of them.
    """

    code: str
    subject: str = ""
    about: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    examples: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name by which it is answered, such as `hidden` or `country:Narnia`."""
        return f"{self.code}:{self.subject}" if self.subject else self.code

    @property
    def text(self) -> str:
        """The question, in the language of the interface."""
        sentence, filled = _wording(self.code).sentence, self._filled()
        return sentence(filled) if callable(sentence) else str(sentence) % filled

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The possible answers: value and sentence."""
        known = _wording(self.code).choices
        if callable(known):
            return [(value, str(sentence)) for value, sentence in known(self._filled())]
        return [(value, str(sentence) % self._filled()) for value, sentence in known.items()]

    def as_json(self) -> list[Any]:
        """The question as a list, to be kept between two steps."""
        return [self.code, self.subject, dict(self.about), self.count, list(self.examples)]

    @classmethod
    def of(cls, kept: Iterable[Any]) -> SheetQuestion:
        """The question that as_json() stored."""
        code, subject, about, count, examples = kept
        return cls(code, subject, about, count, tuple(examples))

    def _filled(self) -> dict[str, Any]:
        example = next(iter(self.examples), "")
        return {"subject": self.subject, "count": self.count, "example": example, **self.about}


class Asked:
    """The answers that were given, and the questions that come up while a list is read.

    A reader asks for the answer where it needs one: answer() returns it, or None while it is open. What is
    read meanwhile is shown, and is not imported.
    """

    def __init__(
        self, answers: Mapping[str, str] | None = None, before: Iterable[SheetQuestion] = ()
    ) -> None:
        """`answers` are choices by the name of the question; `before`: questions that came up earlier."""
        self.given = dict(answers or {})
        self._raised = {question.name: question for question in before}
        self._of_kind: dict[str, int] = {}

    def answer(self, code: str, subject: str = "", example: str = "", **about: Any) -> str | None:
        """The choice of a person, or None while there is none. Each asking counts one more row."""
        question = SheetQuestion(code, subject, about)
        known = self._raised.get(question.name)
        if known is None:
            self._of_kind[code] = self._of_kind.get(code, 0) + 1
            known = replace(question, count=0)
        if question.name in self._raised or self._of_kind[code] <= _MOST_OF_A_KIND:
            self._raised[question.name] = _counted(known, example)
        return self.choice(known)

    def is_raised(self, code: str, subject: str = "") -> bool:
        """True where a person will see the question: of one kind only so many are asked."""
        return SheetQuestion(code, subject).name in self._raised

    def choice(self, question: SheetQuestion) -> str | None:
        """The answer that was given to a question; None without one, or for one that is no choice of it."""
        given = self.given.get(question.name, self._given_folded().get(question.name.casefold()))
        return (
            given if given is not None and any(given == value for value, _said in question.choices) else None
        )

    def _given_folded(self) -> dict[str, str]:
        return {name.casefold(): choice for name, choice in self.given.items()}

    def chosen(self, name: str) -> str | None:
        """The answer to a question that came up, by its name; None where it did not, or is open."""
        return self.choice(self._raised[name]) if name in self._raised else None

    @property
    def questions(self) -> list[SheetQuestion]:
        """All questions that came up, answered or not."""
        return list(self._raised.values())

    @property
    def open(self) -> list[SheetQuestion]:
        """The questions without an answer."""
        return [question for question in self.questions if self.choice(question) is None]


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """The answers that a form sent, by the name of the question; none for one that was left open."""
    return {
        name.removeprefix(_FORM): value for name, value in form.items() if name.startswith(_FORM) and value
    }


def register_questions(app: Flask, words: Mapping[str, Wording]) -> None:
    """Register a room's words for its questions, by code."""
    wordings.add(app, words)


def _counted(question: SheetQuestion, example: str) -> SheetQuestion:
    """The question with one more row. Rows that are alike make one example."""
    example = example[:_LONGEST_EXAMPLE]
    more = example and example not in question.examples and len(question.examples) < _MOST_EXAMPLES
    examples = (*question.examples, example) if more else question.examples
    return replace(question, count=question.count + 1, examples=examples)


def _wording(code: str) -> Wording:
    return next(words[code] for words in wordings.answers() if code in words)
