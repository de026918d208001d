"""Beholder answers questions about pictures, describes them, and says how sure it is.

>>> import beholder
>>> model = beholder.Beholder.load()
>>> print(model.describe("samples/cat.jpg")[0].guess.split()[0])
a
"""

from ._core import Cancel
from ._engine import Beholder
from ._errors import (CancelledError, Error, MissingFileError, ModelError, PictureError, UnsupportedError, UsageError)
from ._images import Picture
from ._results import (ABSTENTION, UNSURE, Answer, Box, DescribedWord, Description, Explanation, Guess, Heatmap, Match, ModelInfo, Object, Objects,
                       Reading, Relation, Relations, Score, Step, TextLine, Timing)

__all__ = [
    "ABSTENTION", "Answer", "Beholder", "Box", "Cancel", "CancelledError", "DescribedWord", "Description", "Error", "Explanation",
    "Guess", "Heatmap", "Match", "MissingFileError", "ModelError", "ModelInfo", "Object", "Objects", "Picture", "PictureError", "Reading", "Relation",
    "Relations", "Score", "Step", "TextLine", "Timing", "UNSURE", "UnsupportedError", "UsageError",
]

# What users see in tracebacks and in help() is the name that they import.
for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = __name__
