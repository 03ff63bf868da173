"""Tells the language of a mail, with a statistical model for what function words leave open.

py3langid is imported only when the words have not decided: its model takes a large part of a second and tens of megabytes
to load, and most mails, and every command that judges none, never need it.
"""

import importlib
from collections.abc import Sequence
from typing import Protocol, cast

from worker.domain.language import tell_language

LEAST_LETTERS = 20  # below it no model is better than the mailbox's default
MODEL_LOOKED_AT = 1_000  # characters
SURE = 0.8  # the model's own probability
COVERED_SHARE = 0.5  # of the probability that falls on the covered languages


class _Model(Protocol):
    def rank(self, text: str) -> list[tuple[str, float]]: ...


class LanguageTeller:
    """Tells a text's language: by function words, else by the model, else the mailbox's default."""

    def __init__(
        self,
        languages: Sequence[str] = ("en", "es", "fr", "de", "pt", "it", "nl"),
        default: str | None = "en",
    ) -> None:
        """`languages` are those that rules cover; `default` is the mailbox's own, used where a text is too short to tell."""
        self._languages = frozenset(languages)
        self._default = default
        self._model: _Model | None = None

    def tell(self, text: str) -> str | None:
        """ISO 639-1, or None when even the model is not sure."""
        told = tell_language(text)
        if told is not None:
            return told
        if sum(map(str.isalpha, text[:MODEL_LOOKED_AT])) < LEAST_LETTERS:
            return self._default
        if self._model is None:
            self._model = _load_model()
        return self._surest(self._model.rank(text[:MODEL_LOOKED_AT]))

    def _surest(self, ranked: list[tuple[str, float]]) -> str | None:
        """The model's first choice when it is sure of it; else the covered language that leaves the others far behind."""
        if ranked[0][1] >= SURE:
            return ranked[0][0]
        covered = [(language, sure) for language, sure in ranked if language in self._languages]
        together = sum(sure for _, sure in covered)
        if covered and together >= COVERED_SHARE and covered[0][1] >= SURE * together:
            return covered[0][0]
        return None


def _load_model() -> _Model:
    langid = importlib.import_module("py3langid.langid")
    return cast("_Model", langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True))
