"""What the engine says, as dataclasses. Probabilities and confidences lie between 0 and 1."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._images import Picture

ABSTENTION = "I don't know"
UNSURE = "I am not sure what this shows"


@dataclass(frozen=True)
class Timing:
    """Milliseconds of the wall clock; `decode` and `vision` are 0 for a picture that was kept."""

    decode: float = 0.0
    vision: float = 0.0
    text: float = 0.0
    fusion: float = 0.0


@dataclass(frozen=True)
class Guess:
    """A possible answer with the network's own probability, before calibration."""

    answer: str
    probability: float


@dataclass(frozen=True)
class Answer:
    """An answer to one question; prints as its text.

    `confidence` is the calibrated probability that the best guess, `top_k[0]`, is right. Below the
    threshold `abstained` is true and `text` is "I don't know". `familiar` tells whether picture and
    question are like what the model was trained on, `method` how the answer was found: "direct", "program"
    or "read".

    >>> print(Answer("what is this?", "a cat", 0.75))
    a cat
    """

    question: str
    text: str
    confidence: float
    abstained: bool = False
    familiar: bool = True
    top_k: tuple[Guess, ...] = ()
    timing: Timing = field(default=Timing(), repr=False, compare=False)
    method: str = "direct"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        guesses = ", ".join(f"{escape(g.answer)} ({g.probability:.2f})" for g in self.top_k)
        return (f"<p>{escape(self.question)}<br><b>{escape(self.text)}</b> "
                f"<small>confidence {self.confidence:.2f}; guesses: {guesses}</small></p>")


@dataclass(frozen=True)
class DescribedWord:
    """A content word of a description, and the calibrated probability that people who describe the
    picture bear it out."""

    word: str
    probability: float


@dataclass(frozen=True)
class Description:
    """A sentence about a picture; prints as its text.

    `probability` is the geometric mean of its tokens' probabilities. `confidence` is the share of its
    content words that can be expected to be supported by what people say of the picture: the mean of
    `words`. Below the threshold `abstained` is true and `text` is "I am not sure what this shows".
    `guess` is what was written, given or not.

    >>> print(Description("a dog runs", 0.5))
    a dog runs
    """

    text: str
    probability: float
    confidence: float = 0.0
    abstained: bool = False
    guess: str = ""
    words: tuple[DescribedWord, ...] = ()

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        withheld = f"; guess: {escape(self.guess)}" if self.abstained else ""
        return f"<p>{escape(self.text)} <small>confidence {self.confidence:.2f}{withheld}</small></p>"


@dataclass(frozen=True)
class Score:
    """How well a text fits: `probability` is the geometric mean over its tokens."""

    log_probability: float
    probability: float


@dataclass(frozen=True)
class Match:
    """Whether a text belongs to a picture: the `probability` that it does, and the `cosine` of their embeddings."""

    probability: float
    cosine: float


@dataclass(frozen=True)
class Box:
    """In pixels of the upright original picture; right and bottom lie outside the box.

    >>> Box(10, 20, 40, 60).width, Box(10, 20, 40, 60).height
    (30, 40)
    """

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Object:
    """A thing in a picture."""

    name: str
    box: Box
    confidence: float
    attributes: tuple[str, ...] = ()
    center: tuple[float, float] | None = None
    """Of the whole object, in pixels; not the box's middle where something hides a part."""

    def __str__(self) -> str:
        return " ".join((*self.attributes, self.name))


@dataclass(frozen=True)
class Relation:
    """ "subject relation object", as in "cup on table"."""

    subject: Object
    relation: str
    object: Object
    confidence: float

    def __str__(self) -> str:
        return f"{self.subject} {self.relation} {self.object}"


class _Listed(tuple):  # type: ignore[type-arg]
    """A tuple of findings that remembers its picture, and is drawn on it in a notebook."""

    picture: Picture | None = None

    def _boxed(self) -> list[tuple[str, Box]]:
        raise NotImplementedError

    def _repr_png_(self) -> bytes | None:
        return None if self.picture is None else self.picture.draw(self._boxed())


class Objects(_Listed):
    """`Object`s, most certain first; drawn on the picture in a notebook."""

    def _boxed(self) -> list[tuple[str, Box]]:
        return [(f"{one} {one.confidence:.2f}", one.box) for one in self]


class Relations(_Listed):
    """`Relation`s, most certain first; drawn on the picture in a notebook."""

    def _boxed(self) -> list[tuple[str, Box]]:
        return list({one.box: (str(one), one.box) for r in self for one in (r.subject, r.object)}.values())


@dataclass(frozen=True)
class TextLine:
    """A line of text; prints as it. `corners` are x, y in pixels of the upright original picture, from the upper
    left one clockwise as the line is read."""

    text: str
    corners: tuple[tuple[float, float], ...]
    confidence: float

    def __str__(self) -> str:
        return self.text

    @property
    def box(self) -> Box:
        """The upright box around the corners."""
        xs, ys = zip(*self.corners)
        return Box(min(xs), min(ys), max(xs), max(ys))


class Reading(_Listed):
    """`TextLine`s in reading order; prints as their text, and is drawn on the picture in a notebook."""

    def __str__(self) -> str:
        return "\n".join(line.text for line in self)

    def _boxed(self) -> list[tuple[str, Box]]:
        return [(line.text, line.box) for line in self]


@dataclass(frozen=True)
class Step:
    """One step of the way to an answer: what was done, the objects left after it, and the number, word or
    truth that it gives (else "")."""

    operation: str
    text: str
    objects: tuple[Object, ...] = ()
    value: str = ""


@dataclass(frozen=True)
class Explanation:
    """An answer and the steps that led to it; the objects of the steps are drawn in a notebook."""

    answer: Answer
    steps: tuple[Step, ...]
    failure: str = ""
    """Why the likeliest program did not come to its end ("there is no green cube"); "" when one did."""
    picture: Picture | None = field(default=None, repr=False, compare=False)
    program: str = ""
    """In Polish notation; "" for an answer given directly."""

    def __str__(self) -> str:
        lines = [f"{number} {step.text}" for number, step in enumerate(self.steps, 1)]
        if self.failure:
            lines.append(f"no program came to an end: {self.failure}")
        return "\n".join([*lines, f"answer {self.answer.text}"])

    def _repr_png_(self) -> bytes | None:
        if self.picture is None:
            return None
        return self.picture.draw([(str(n), one.box) for n, s in enumerate(self.steps, 1) for one in s.objects])


@dataclass(frozen=True)
class Heatmap:
    """Where the model looked while it wrote a text; drawn over the picture in a notebook.

    The weights are of cells that cut the upright picture into `rows` x `columns` equal parts, row by
    row; they add up to 1. `words` has those of each word, `word("dog")` the heatmap of one.
    """

    text: str
    rows: int
    columns: int
    weights: tuple[float, ...] = field(repr=False)
    words: tuple[tuple[str, tuple[float, ...]], ...] = field(default=(), repr=False)
    picture: Picture | None = field(default=None, repr=False, compare=False)

    def word(self, word: str) -> Heatmap:
        """Of one word of the text alone; KeyError when it has not that word."""
        for text, weights in self.words:
            if text == word:
                return Heatmap(text, self.rows, self.columns, weights, (), self.picture)
        raise KeyError(word)

    def _repr_png_(self) -> bytes | None:
        return None if self.picture is None else self.picture.draw_heat(self.rows, self.columns, self.weights)


@dataclass(frozen=True)
class ModelInfo:
    """What a loaded model is and can do."""

    directory: str
    parameter_bytes: int
    skills: tuple[str, ...]
    default_min_confidence: float
    max_question_tokens: int
    color_management: bool
    default_min_description_confidence: float = 0.0


def make_answer(question: str, raw: dict[str, Any]) -> Answer:
    """From the engine's plain values."""
    return Answer(question, raw["text"], raw["confidence"], raw["abstained"], raw["familiar"],
                  tuple(Guess(*guess) for guess in raw["top_k"]), Timing(**raw["timing"]), raw["method"])


def make_description(raw: tuple[str, float, float, bool, str, list[tuple[str, float]]]) -> Description:
    """From the engine's plain values."""
    *most, words = raw
    return Description(*most, tuple(DescribedWord(*word) for word in words))


def make_object(raw: dict[str, Any]) -> Object:
    """From the engine's plain values."""
    return Object(raw["name"], Box(*raw["box"]), raw["confidence"], tuple(raw["attributes"]), raw["center"])


def make_relation(raw: dict[str, Any]) -> Relation:
    """From the engine's plain values."""
    return Relation(make_object(raw["subject"]), raw["relation"], make_object(raw["object"]), raw["confidence"])


def make_line(raw: dict[str, Any]) -> TextLine:
    """From the engine's plain values."""
    return TextLine(raw["text"], tuple(raw["corners"]), raw["confidence"])


def make_step(raw: dict[str, Any]) -> Step:
    """From the engine's plain values."""
    return Step(raw["operation"], raw["text"], tuple(make_object(one) for one in raw["objects"]), raw["value"])
