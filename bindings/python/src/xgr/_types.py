"""Types of arguments, for annotations: what several modules take."""
from __future__ import annotations

from typing import Any, Dict, Iterable, Optional, Sequence, Tuple, Union

# A text: str, or bytes in UTF-8.
Text = Union[str, bytes, bytearray, memoryview]
# A JSON Schema: its text, a dict, True (any JSON) or False (none), or a class of pydantic's models.
Schema = Union[str, bytes, bool, Dict[str, Any], Any]
# A JSON value: its text, a dict, or an object that writes it, such as a model of pydantic.
Json = Union[str, bytes, Dict[str, Any], Any]
# Memory of the caller: anything with a buffer, such as NumPy arrays, or a torch tensor on the CPU.
Memory = Any
# Several token ids: a list, an array, a tensor.
TokenIds = Union[Sequence[int], Iterable[int], Memory]
# One token id, several, or none.
SomeTokenIds = Union[int, TokenIds, None]
# What stands between items, and between a key and its value.
Separators = Optional[Tuple[str, str]]
