"""The class that users hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

from . import _core
from ._errors import UsageError
from ._images import Picture, encode
from ._results import (Answer, Description, Explanation, Heatmap, Match, ModelInfo, Objects, Reading, Relations,
                       Score, make_answer, make_description, make_line, make_object, make_relation, make_step)

if TYPE_CHECKING:
    from ._images import ImageSource


class Beholder:
    """A loaded model. Use one from many threads at once: calls give up the interpreter's lock.

    Wherever a method takes an `image`, a path, the bytes of a picture file, a Pillow image, a numpy
    array (uint8; height x width, or with 3 or 4 channels as RGB or RGBA) or a `Picture` will do.

    >>> model = Beholder.load()
    >>> model.ask("samples/cat.jpg", "is there a cat?").text
    'yes'
    >>> picture = model.encode("samples/cat.jpg")         # the costly part, once
    >>> [answer.text for answer in model.ask(picture, ["is there a cat?", "is there a dog?"])]
    ['yes', 'no']
    >>> model.ask("none.jpg", "is there a cat?")
    Traceback (most recent call last):
    ...
    beholder.MissingFileError: none.jpg: no such file; check the name
    """

    def __init__(self, engine: _core.Engine) -> None:
        self._engine = engine

    @classmethod
    def load(cls, directory: str | os.PathLike[str] | None = None, *, threads: int = 0, int8: bool = False,
             mirror: bool = True, max_pixels: int = 178_956_970, cache_bytes: int = 64 << 20,
             color_management: bool | None = None) -> Beholder:
        """Loads a model directory; None is the model that comes with the package.

        threads: processor cores to use, 0 for all. int8: 8-bit activations in the decoder, faster and a little less
        exact. mirror: look at the mirror image too. cache_bytes: of encoded pictures kept and found
        again by their content. color_management: apply the colour profiles that pictures carry (None:
        yes, but not for published models, whose reference leaves them out of account). Raises MissingFileError, ModelError, UsageError.
        """
        where = Path(__file__).parent / "models" / "beholder" if directory is None else directory
        return cls(_core.Engine(os.fsencode(where), threads, int8, mirror, max_pixels, cache_bytes,
                                color_management is None, bool(color_management)))

    def __repr__(self) -> str:
        return f"Beholder({self.info().directory!r})"

    def info(self) -> ModelInfo:
        """What the model is and can do."""
        raw = self._engine.info()
        return ModelInfo(os.fsdecode(raw["directory"]), raw["parameter_bytes"], tuple(raw["skills"]),
                         raw["default_min_confidence"], raw["max_question_tokens"], raw["color_management"],
                         raw["default_min_description_confidence"])

    def can(self, skill: str) -> bool:
        """Whether the model has a skill: answer, describe, objects, relations, explain or read."""
        return skill in self.info().skills

    def encode(self, image: ImageSource) -> Picture:
        """Looks at a picture once; everything asked about the result costs the question alone.

        Raises MissingFileError, PictureError, UsageError.
        """
        return encode(self._engine, image)

    @overload
    def ask(self, image: ImageSource | None, question: str, *, top_k: int = ..., num_beams: int = ...,
            min_confidence: float | None = ..., choices: Sequence[str] = ...,
            cancel: _core.Cancel | None = ...) -> Answer: ...

    @overload
    def ask(self, image: ImageSource | None, question: list[str] | tuple[str, ...], *, top_k: int = ...,
            num_beams: int = ..., min_confidence: float | None = ..., choices: Sequence[str] = ...,
            cancel: _core.Cancel | None = ...) -> list[Answer]: ...

    def ask(self, image: ImageSource | None, question: str | list[str] | tuple[str, ...], *, top_k: int = 1,
            num_beams: int = 5, min_confidence: float | None = None, choices: Sequence[str] = (),
            cancel: _core.Cancel | None = None) -> Answer | list[Answer]:
        """Answers a question, or several, about a picture; without a picture, from the words alone.

        Below `min_confidence` (None: the model's own threshold; 0: never) the text is "I don't
        know". `choices` limits the answer to a list. Raises UsageError, CancelledError, and as `encode`.
        """
        questions = [question] if isinstance(question, str) else list(question)
        answers = self.ask_many([(image, one) for one in questions], top_k=top_k, num_beams=num_beams,
                                min_confidence=min_confidence, choices=choices, cancel=cancel)
        return answers[0] if isinstance(question, str) else answers

    def ask_many(self, pairs: Iterable[tuple[ImageSource | None, str]], *, top_k: int = 1, num_beams: int = 5,
                 min_confidence: float | None = None, choices: Sequence[str] = (),
                 cancel: _core.Cancel | None = None) -> list[Answer]:
        """Answers many (image, question) pairs together: faster than one by one, the same answers."""
        handles: list[_core.Picture] = []
        questions: list[str] = []
        encoded: dict[int, _core.Picture] = {}
        listed = list(pairs)
        for image, question in listed:
            # One object asked about twice is encoded once.
            if id(image) not in encoded:
                encoded[id(image)] = _core.Picture() if image is None else self.encode(image)._handle
            handles.append(encoded[id(image)])
            questions.append(question)
        if not questions:
            return []
        raw = self._engine.answer(handles, questions, top_k, num_beams,
                                  _threshold(min_confidence), list(choices), cancel)
        return [make_answer(question, one) for question, one in zip(questions, raw)]

    def describe(self, image: ImageSource, *, prompt: str = "", num: int = 1, num_beams: int = 10,
                 consensus: bool | None = None,
                 length_penalty: float = 0.6, max_new_tokens: int = 30, temperature: float = 0.0,
                 sample_top_k: int = 0, sample_top_p: float = 0.9, seed: int = 0,
                 prefix: str = "", suffix: str = "", min_words: int = 0, max_words: int = 0,
                 min_new_tokens: int = 0, no_repeat_ngram: int | None = None, repetition_penalty: float = 1.0,
                 min_confidence: float | None = None,
                 on_text: Callable[[str], bool | None] | None = None,
                 cancel: _core.Cancel | None = None) -> list[Description]:
        """Describes a picture in `num` different sentences: those that are given, then those withheld, each best first.

        Below `min_confidence` (None: the model's own threshold; 0: never) a text is "I am not sure what this shows".

        prompt: how the sentence begins, for published captioning models. consensus: of the
        hypotheses found take the one most like the others (the default, except with `on_text`).
        temperature above 0 samples instead of searching. prefix, suffix: literal text around each
        sentence, not counted in any limit. min_words, max_words: 0 for no limit. no_repeat_ngram:
        sequences of so many tokens do not come twice (0: no rule, None: the model's own);
        repetition_penalty above 1 makes what was said less likely to come again. `on_text` is called with each piece of the
        sentence as soon as it is certain, and with a threshold once, at the end; returning False stops. Raises UsageError,
        CancelledError, and as `encode`.
        """
        options = {"prompt": prompt, "num": num, "num_beams": num_beams,
                   "consensus": on_text is None if consensus is None else consensus, "length_penalty": length_penalty, "max_new_tokens": max_new_tokens, "temperature": temperature,
                   "top_k": sample_top_k, "top_p": sample_top_p, "seed": seed,
                   "min_confidence": _threshold(min_confidence),
                   **_caption_rules(prefix, suffix, min_words, max_words, min_new_tokens, no_repeat_ngram,
                                    repetition_penalty)}
        callback = None if on_text is None else (lambda piece: on_text(piece) is not False)
        raw = self._engine.describe([self.encode(image)._handle], options, callback, cancel)
        return [make_description(one) for one in raw[0]]

    def describe_many(self, images: Iterable[ImageSource], *, num: int = 1, num_beams: int = 10,
                      prefix: str = "", suffix: str = "", min_words: int = 0, max_words: int = 0,
                      min_new_tokens: int = 0, no_repeat_ngram: int | None = None,
                      repetition_penalty: float = 1.0, min_confidence: float | None = None,
                      cancel: _core.Cancel | None = None) -> list[list[Description]]:
        """Describes many pictures together: faster than one by one, the same sentences."""
        handles = [self.encode(image)._handle for image in images]
        if not handles:
            return []
        options = {"num": num, "num_beams": num_beams, "min_confidence": _threshold(min_confidence),
                   **_caption_rules(prefix, suffix, min_words, max_words, min_new_tokens, no_repeat_ngram,
                                    repetition_penalty)}
        raw = self._engine.describe(handles, options, None, cancel)
        return [[make_description(one) for one in found] for found in raw]

    def objects(self, image: ImageSource, *, min_confidence: float | None = None, max_objects: int = 100,
                cancel: _core.Cancel | None = None) -> Objects:
        """What is in the picture, and where. Raises UnsupportedError from a model that cannot tell."""
        picture = self.encode(image)
        raw = self._engine.objects([picture._handle], _threshold(min_confidence), max_objects, cancel)
        found = Objects(make_object(one) for one in raw[0])
        found.picture = picture
        return found

    def relations(self, image: ImageSource, *, min_confidence: float | None = None, max_objects: int = 100,
                  cancel: _core.Cancel | None = None) -> Relations:
        """How the objects relate. Raises UnsupportedError from a model that cannot tell."""
        picture = self.encode(image)
        raw = self._engine.relations([picture._handle], _threshold(min_confidence), max_objects, cancel)
        found = Relations(make_relation(one) for one in raw[0])
        found.picture = picture
        return found

    def read(self, image: ImageSource, *, min_confidence: float | None = None,
             cancel: _core.Cancel | None = None) -> Reading:
        """What is written in the picture, line by line. Raises UnsupportedError from a model that cannot read."""
        picture = self.encode(image)
        raw = self._engine.read([picture._handle], _threshold(min_confidence), cancel)
        found = Reading(make_line(one) for one in raw[0])
        found.picture = picture
        return found

    def explain(self, image: ImageSource, question: str, *, min_confidence: float | None = None,
                cancel: _core.Cancel | None = None) -> Explanation:
        """An answer with the steps that led to it. Raises UnsupportedError from a model that cannot tell."""
        picture = self.encode(image)
        answer, program, steps, failure = self._engine.explain(
            picture._handle, question, _threshold(min_confidence), cancel)
        return Explanation(make_answer(question, answer), tuple(make_step(one) for one in steps), failure, picture,
                           program)

    def heatmap(self, image: ImageSource, text: str, *, question: str | None = None) -> Heatmap:
        """Where the model looks while it writes a description or, with `question`, an answer to it.

        It tells where the decoder's attention lay, which is not proof of why it said so.
        """
        picture = self.encode(image)
        rows, columns, overall, words = self._engine.attention(picture._handle, question or "", text)
        return Heatmap(text, rows, columns, tuple(overall),
                       tuple((word, tuple(weights)) for word, weights in words), picture)

    def score(self, image: ImageSource | None, text: str, *, question: str | None = None) -> Score:
        """How well a description fits a picture or, with `question`, how well an answer fits it."""
        handle = _core.Picture() if image is None else self.encode(image)._handle
        raw = (self._engine.score_description(handle, text) if question is None
               else self._engine.score_answer(handle, question, text))
        return Score(*raw)

    def match(self, image: ImageSource, text: str) -> Match:
        """Whether a text belongs to the picture, by a published image-text matching model.

        Raises `UnsupportedError` for a model without the skill "match", such as the bundled one.
        """
        return Match(*self._engine.match(self.encode(image)._handle, text))

    def embed(self, image: ImageSource) -> list[float]:
        """The picture as a vector of length 1, for comparing pictures with one another."""
        return self._engine.embed_picture(self.encode(image)._handle)

    def embed_text(self, text: str) -> list[float]:
        """A sentence as a vector of length 1, for comparing sentences with one another."""
        return self._engine.embed_text(text)


def _threshold(min_confidence: float | None) -> float:
    """The engine's form: negative for the model's own. What is out of range is refused here, for a
    negative number would be taken for that."""
    if min_confidence is None:
        return -1.0
    if not 0 <= min_confidence <= 1:
        raise UsageError("usage", f"min_confidence is {min_confidence}; expected 0 to 1, or None")
    return min_confidence


def _caption_rules(prefix: str, suffix: str, min_words: int, max_words: int, min_new_tokens: int,
                   no_repeat_ngram: int | None, repetition_penalty: float) -> dict[str, object]:
    """The engine's form: a negative n-gram stands for the model's own, so none may be given."""
    if no_repeat_ngram is not None and no_repeat_ngram < 0:
        raise UsageError("usage", f"no_repeat_ngram is {no_repeat_ngram}; expected 0 or more, or None")
    return {"prefix": prefix, "suffix": suffix, "min_words": min_words, "max_words": max_words,
            "min_new_tokens": min_new_tokens,
            "no_repeat_ngram": -1 if no_repeat_ngram is None else no_repeat_ngram,
            "repetition_penalty": repetition_penalty}
