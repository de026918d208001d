"""What can go wrong, as exceptions. All of them are `beholder.Error` and carry a stable `code`."""

from __future__ import annotations


class Error(Exception):
    """The root of all errors of Beholder; `str(error)` says what was wrong, where, and what to do.

    `code` is the same lower-case name as in logs and JSON, for example ``picture_corrupt``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[type[Error], tuple[str, str]]:
        return type(self), (self.code, str(self))


class UsageError(Error, ValueError):
    """An argument makes no sense: an empty question, an option out of range."""


class MissingFileError(Error, FileNotFoundError):
    """A picture or a model directory does not exist."""

    __str__ = Exception.__str__


class PictureError(Error, ValueError):
    """Not a picture, a damaged one, or one with more pixels than `max_pixels`."""


class ModelError(Error):
    """The model directory is damaged or of another version, or the model gave no finite numbers."""


class UnsupportedError(Error, NotImplementedError):
    """The loaded model has not the task that was asked for."""


class CancelledError(Error):
    """Stopped by a `Cancel` or by a callback that returned False."""


_CLASSES: dict[str, type[Error]] = {
    "usage": UsageError,
    "question_too_long": UsageError,
    "file_not_found": MissingFileError,
    "picture_format": PictureError,
    "picture_corrupt": PictureError,
    "picture_too_large": PictureError,
    "model_format": ModelError,
    "unsupported": UnsupportedError,
    "cancelled": CancelledError,
}


def make_error(code: str, message: str) -> Error:
    """The exception for a code of the engine."""
    return _CLASSES.get(code, Error)(code, message)
