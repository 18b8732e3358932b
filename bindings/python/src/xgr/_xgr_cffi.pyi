"""The extension module that cffi generates: the C API, without types."""
from typing import Any

ffi: Any
lib: Any
