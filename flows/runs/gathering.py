"""What tasks that run side by side ask of the live file at about one time, answered by one piece of work.

A statement costs about the same for one outlet as for twenty, and at a tick every outlet asks the same few things.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

import duckdb

QuestionT = TypeVar("QuestionT")
AnswerT = TypeVar("AnswerT")
Work = Callable[[duckdb.DuckDBPyConnection], None]


class Gathering(Generic[QuestionT, AnswerT]):
    """Gathers questions until the live file's turn comes, and answers all that have come by then.

    Args:
        do: Does one piece of work on the live file, when its turn comes.
        answer: Answers several questions, in their order. What it raises is raised to each who asked.
    """

    def __init__(
        self,
        do: Callable[[Work], Awaitable[None]],
        answer: Callable[[duckdb.DuckDBPyConnection, Sequence[QuestionT]], Sequence[AnswerT]],
    ) -> None:
        self._do = do
        self._answer = answer
        self._waiting: deque[Asked[QuestionT, AnswerT]] = deque()

    async def ask(self, question: QuestionT) -> AnswerT:
        """The answer to one question."""
        asked: Asked[QuestionT, AnswerT] = Asked(question)
        self._waiting.append(asked)
        try:
            await self._do(self._answer_all)
        except BaseException:
            # What this one does not learn any more, nobody is to do for it later.
            with suppress(ValueError):
                self._waiting.remove(asked)
            raise
        return asked.result()

    def _answer_all(self, con: duckdb.DuckDBPyConnection) -> None:
        """Answer everybody who has asked by now; who was answered by an earlier piece of work finds nothing left."""
        gathered = []
        while self._waiting:  # whoever asks meanwhile is taken in, or is answered by the piece of work after this one
            gathered.append(self._waiting.popleft())
        if not gathered:
            return
        try:
            answers = self._answer(con, [each.question for each in gathered])
        except BaseException as error:
            for each in gathered:
                each.error = error
            raise
        for each, found in zip(gathered, answers, strict=True):
            each.answers = (found,)


class Asked(Generic[QuestionT, AnswerT]):
    """One question, and what came of it."""

    def __init__(self, question: QuestionT) -> None:
        self.question = question
        self.answers: tuple[AnswerT, ...] = ()
        self.error: BaseException | None = None

    def result(self) -> AnswerT:
        """The answer.

        Raises:
            BaseException: What answering it raised.
        """
        if self.error is not None:
            raise self.error
        (answer,) = self.answers
        return answer
