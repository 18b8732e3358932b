"""The API as data: what the headers declare and what their comments say.

Emitters see only these classes, never header text. A Type is a base name with a number of pointers;
marks are the words in parentheses at the start of a description: (nullable), (copied), (owned,
destroy with f), (borrowed until ...), (length=parameter).
"""
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Type:
    base: str  # "int32_t", "xgr_tokenizer_t", "void", ...
    pointers: int = 0
    const: bool = False  # what the innermost pointer points at
    kind: str = "scalar"  # scalar, status, enum, handle, struct, void, or why it is refused

    def c(self, name=""):
        """The type as C writes it, with a name."""
        stars = "*" * self.pointers
        text = ("const " if self.const else "") + self.base + stars
        return f"{text} {name}" if name else text


@dataclasses.dataclass
class Doc:
    """A comment, taken apart."""

    purpose: str = ""
    contract: typing.List[str] = dataclasses.field(default_factory=list)  # paragraphs
    params: typing.List[tuple] = dataclasses.field(default_factory=list)  # (direction, name, text)
    returns: str = ""
    errors: typing.List[tuple] = dataclasses.field(default_factory=list)  # (code, cause)
    threads: str = ""
    since: str = ""
    order: typing.List[str] = dataclasses.field(default_factory=list)  # tags as they stand
    unknown: typing.List[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Marks:
    nullable: bool = False
    copied: bool = False
    owned: str = ""  # name of the function that destroys it
    borrowed: str = ""  # "until ...", "for ever"
    length: str = ""  # name of the parameter or member that counts the elements
    text: str = ""


@dataclasses.dataclass
class Param:
    name: str
    type: Type
    direction: str  # in, out, in,out
    marks: Marks
    documented: bool


@dataclasses.dataclass
class Function:
    name: str
    returns: Type
    return_marks: Marks
    params: typing.List[Param]
    doc: Doc
    variadic: bool = False


@dataclasses.dataclass
class Constant:
    name: str
    value: int
    doc: str


@dataclasses.dataclass
class Enum:
    name: str  # the typedef: xgr_status_t
    doc: Doc
    constants: typing.List[Constant]
    underlying: str


@dataclasses.dataclass
class Handle:
    name: str  # the typedef: xgr_matcher_t
    tag: str
    doc: Doc


@dataclasses.dataclass
class Member:
    name: str
    type: Type
    marks: Marks
    offset: int
    size: int
    documented: bool


@dataclasses.dataclass
class Struct:
    name: str  # the typedef
    tag: str
    doc: Doc
    members: typing.List[Member]
    size: int


@dataclasses.dataclass
class Api:
    version: typing.Tuple[int, int, int]
    macros: typing.Dict[str, str]  # name -> body, macros without parameters
    enums: typing.List[Enum] = dataclasses.field(default_factory=list)
    handles: typing.List[Handle] = dataclasses.field(default_factory=list)
    structs: typing.List[Struct] = dataclasses.field(default_factory=list)
    functions: typing.List[Function] = dataclasses.field(default_factory=list)
    others: typing.List[str] = dataclasses.field(default_factory=list)  # declarations out of dialect
    order: typing.List[str] = dataclasses.field(default_factory=list)  # names as they stand

    def named(self, name):
        """The declaration of that name, or None."""
        for group in (self.enums, self.handles, self.structs, self.functions):
            for item in group:
                if item.name == name:
                    return item
        return None
