"""Two models side by side: the same conversations, both answers measured, and what all of that costs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from ftlint.submit import judge
from ftlint.submit.answers import AnswerCache, Entry
from ftlint.submit.chat import Answer, ChatModel, Question, answer_of, ask_all
from ftlint.submit.examples import Conversation
from ftlint.submit.judge import Verdict
from ftlint.submit.measure import Holds, Measures, measure
from ftlint.submit.service import Service
from ftlint.tokens import count_tokens

Progress = Callable[[int, int], None]
SIDES = ("base", "tuned")


class Contest(Struct, frozen=True):
    """Who is compared on what: two models, perhaps a judge, the conversations, and what else each question holds."""

    base: ChatModel
    tuned: ChatModel
    cases: Sequence[Conversation]
    more: Mapping[str, Any] = {}
    judge: ChatModel | None = None

    def questions(self) -> Iterator[Question]:
        """All questions, the two of a conversation together."""
        for case in self.cases:
            for model in (self.base, self.tuned):
                yield self.question(model, case)

    def question(self, model: ChatModel, case: Conversation) -> Question:
        return Question(model, case.messages, {**case.more, **self.more})

    def judged(self, case: Conversation, base: Answer, tuned: Answer) -> Question | None:
        """What the judge is asked of two answers; nothing where one is missing, or both say the same."""
        if self.judge is None or base.refused or tuned.refused or base.text == tuned.text:
            return None
        return judge.question(self.judge, case, base.text, tuned.text, {})


class Estimate(Struct, frozen=True):
    """What is to be asked.

    Attributes:
        new, known: questions, the judge's included, that nobody has answered yet, and those that are answered.
        usd: about what all of it costs; None where a price is not known. Answers count as long as the wanted ones.
    """

    new: int
    known: int
    usd: Decimal | None


class Side(Struct, frozen=True):
    """One model's answer with its measures."""

    answer: Answer
    measures: Measures


class Row(Struct, frozen=True):
    """A conversation with both answers."""

    case: Conversation
    base: Side
    tuned: Side
    verdict: Verdict | None = None

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.base, self.tuned


class Comparison(Struct, frozen=True):
    """The outcome: a row a conversation, and what its answers cost in all, those of earlier runs included."""

    base: str
    tuned: str
    judge: str
    rows: Sequence[Row]
    usd: Decimal | None


def estimate(contest: Contest, cache: AnswerCache, url: str) -> Estimate:
    """What asking will cost, before anything is asked."""
    known = 0
    costs: dict[str, Decimal | None] = {}
    for case in contest.cases:
        length = _length(case, contest.base)
        asked = [(contest.question(model, case), length) for model in (contest.base, contest.tuned)]
        before = [cache.known.get(question.key(url)) for question, _ in asked]
        if contest.judge is not None and (to_judge := _judged(contest, contest.judge, case, before)):
            asked.append((to_judge, judge.ANSWERED))
        for question, answered in asked:
            key = question.key(url)
            if key in cache.known:
                known += 1
            elif key not in costs:
                costs[key] = question.model.cost(question.tokens(), answered)
    return Estimate(len(costs), known, total(costs.values()))


def _judged(contest: Contest, by: ChatModel, case: Conversation, before: Sequence[Entry | None]) -> Question | None:
    """What the judge will be asked; where answers are still to come, as if they were the wanted one."""
    base, tuned = (entry and answer_of(entry) for entry in before)
    if base and tuned:
        return contest.judged(case, base, tuned)
    return judge.question(by, case, case.wanted, case.wanted, {})


def _length(case: Conversation, by: ChatModel) -> int:
    """About how many tokens an answer has: as many as the wanted one."""
    return count_tokens({"messages": [{"role": "assistant", "content": case.wanted}]}, by.target).total


def total(costs: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None if one of them is not known."""
    known = [*costs]
    return None if None in known else sum(filter(None, known), Decimal(0))


def compare(
    contest: Contest, service: Service, cache: AnswerCache, holds: Holds | None = None, progress: Progress | None = None
) -> Comparison:
    """Ask both models, then the judge; what was answered before is not asked again.

    Raises:
        ServiceError: the service cannot be asked; the same command goes on from there.
    """
    url = service.endpoint.url
    questions = [*contest.questions()]
    answers = ask_all(service, questions, cache, progress)
    given = [answers[question.key(url)] for question in questions]
    triples = [*zip(contest.cases, given[::2], given[1::2], strict=True)]
    asked = [contest.judged(*triple) for triple in triples]
    verdicts = ask_all(service, filter(None, asked), cache, progress)
    rows = [
        Row(case, _side(base, case, holds), _side(tuned, case, holds), _verdict(case, question, verdicts, url))
        for (case, base, tuned), question in zip(triples, asked, strict=True)
    ]
    everything = {question.key(url): question for question in [*questions, *filter(None, asked)]}
    told = answers | verdicts
    usd = total(question.model.cost(told[key].asked, told[key].answered) for key, question in everything.items())
    judge_name = contest.judge.name if contest.judge else ""
    return Comparison(contest.base.name, contest.tuned.name, judge_name, rows, usd)


def _side(answer: Answer, case: Conversation, holds: Holds | None) -> Side:
    return Side(answer, Measures(0) if answer.refused else measure(answer.text, case.wanted, holds))


def _verdict(case: Conversation, question: Question | None, verdicts: Mapping[str, Answer], url: str) -> Verdict | None:
    """What the judge said; nothing where it was not asked."""
    return None if question is None else judge.verdict(verdicts[question.key(url)], case)
