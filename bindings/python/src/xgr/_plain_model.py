"""The part of pydantic's interface that the models of this package use, where pydantic is not installed.

  class Point(BaseModel):
      x: int
      y: int = Field(default=0, ge=0)

  Point.model_validate({"x": 1}).model_dump_json()    # '{"x":1,"y":0}'

As with pydantic, unknown members are ignored, assignment to a field is not checked, and a value that does not
fit is a ValidationError that says where. Nothing is converted: "1" is no int.
"""
from __future__ import annotations

import copy
import json
import typing
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Set, Tuple, TypeVar

_REQUIRED: Any = object()  # no default
_Model = TypeVar("_Model", bound="BaseModel")
_Place = Tuple[Any, ...]  # names and indices from the whole to a value


class FieldInfo(NamedTuple):
    """What Field says of a member."""

    default: Any = _REQUIRED
    alias: Optional[str] = None  # its name in data
    ge: Optional[int] = None
    le: Optional[int] = None
    discriminator: Optional[str] = None  # the member that tells which model of a union is meant


def Field(default: Any = _REQUIRED, *, alias: Optional[str] = None, ge: Optional[int] = None,
          le: Optional[int] = None, discriminator: Optional[str] = None) -> Any:
    """The default of a member, and what it has to fulfil; also in Annotated."""
    return FieldInfo(default, alias, ge, le, discriminator)


class BeforeValidator(NamedTuple):
    """In Annotated: what a value passes through before it is checked."""

    func: Callable[[Any], Any]


class ValidationError(ValueError):
    """Data that does not fit a model: each problem with its place."""

    def __init__(self, title: str, problems: List[Dict[str, Any]]) -> None:
        self.title = title
        self._problems = problems
        lines = [f"{len(problems)} validation error{'s' * (len(problems) > 1)} for {title}"]
        for problem in problems:
            lines += [".".join(map(str, problem["loc"])), "  " + problem["msg"]]
        super().__init__("\n".join(line for line in lines if line))

    def errors(self) -> List[Dict[str, Any]]:
        """Dicts of `loc`, the names and indices that lead to the value, `msg`, `input` and `type`."""
        return list(self._problems)

    def error_count(self) -> int:
        return len(self._problems)


class _Check:
    """One validation: what has been found wrong so far."""

    def __init__(self) -> None:
        self.problems: List[Dict[str, Any]] = []

    def wrong(self, place: _Place, message: str, value: Any) -> Any:
        self.problems.append({"type": "value_error", "loc": place, "msg": message, "input": value})
        return value

    def value(self, hint: Any, value: Any, place: _Place) -> Any:
        """The value as the annotation wants it: dicts become models."""
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if hint is Any:
            return value
        if origin is typing.Annotated:
            return self.annotated(arguments[0], arguments[1:], value, place)
        if origin is typing.Union:
            return self.union(arguments, value, place)
        if origin is typing.Literal:
            fits = any(type(value) is type(a) and value == a for a in arguments)
            return value if fits else self.expected(hint, value, place)
        if origin in (list, tuple) and isinstance(value, (list, tuple)):
            return self.items(origin, arguments, value, place)
        if origin is dict and isinstance(value, dict):
            return {self.value(arguments[0], k, (*place, k)): self.value(arguments[1], v, (*place, k))
                    for k, v in value.items()}
        if _is_model(hint):
            return self.model(hint, value, place)
        return value if _is_of(hint, value) else self.expected(hint, value, place)

    def expected(self, hint: Any, value: Any, place: _Place) -> Any:
        found = repr(value) if isinstance(value, (str, int, float, type(None))) else type(value).__name__
        return self.wrong(place, f"expected {_describe(hint)}, found {found[:60]}", value)

    def items(self, origin: Any, arguments: Tuple[Any, ...], value: Any, place: _Place) -> Any:
        if origin is list:
            return [self.value(arguments[0], item, (*place, i)) for i, item in enumerate(value)]
        if len(arguments) != len(value):
            return self.wrong(place, f"expected {len(arguments)} elements, found {len(value)}", value)
        return tuple(self.value(a, item, (*place, i)) for i, (a, item) in enumerate(zip(arguments, value)))

    def annotated(self, hint: Any, notes: Tuple[Any, ...], value: Any, place: _Place) -> Any:
        for note in notes:
            if isinstance(note, BeforeValidator):
                value = note.func(value)
        for note in notes:
            if isinstance(note, FieldInfo) and note.discriminator:
                return self.told(note.discriminator, typing.get_args(hint), value, place)
        value = self.value(hint, value, place)
        for note in notes:
            if isinstance(note, FieldInfo):
                self.bounds(note, value, place)
        return value

    def bounds(self, info: FieldInfo, value: Any, place: _Place) -> None:
        if type(value) is not int:
            return
        if info.ge is not None and value < info.ge:
            self.wrong(place, f"expected at least {info.ge}, found {value}", value)
        if info.le is not None and value > info.le:
            self.wrong(place, f"expected at most {info.le}, found {value}", value)

    def told(self, name: str, models: Tuple[Any, ...], value: Any, place: _Place) -> Any:
        """One of a union of models, which one of its members tells."""
        if isinstance(value, BaseModel) and type(value) in models:
            return value
        if not isinstance(value, dict):
            return self.expected(typing.Union[models], value, place)
        known = {model.model_fields[name].default: model for model in models}
        if name not in value:
            return self.wrong(place, f"{name!r} is missing", value)
        if not isinstance(value[name], str) or value[name] not in known:
            return self.wrong((*place, name), f"expected one of {', '.join(map(repr, known))}, "
                                              f"found {value[name]!r}", value)
        return self.model(known[value[name]], value, place)

    def union(self, options: Tuple[Any, ...], value: Any, place: _Place) -> Any:
        attempts = []
        for option in options:
            attempt = _Check()
            made = attempt.value(option, value, place)
            if not attempt.problems:
                return made
            attempts.append(attempt)
        # Where one option only takes such a value, or a dict or a list at all, what is wrong inside says more.
        alike = [a for a, option in zip(attempts, options)
                 if _is_container(option, value) or len(options) == 2 and type(None) in options
                 and option is not type(None) and value is not None]
        if len(alike) == 1:
            self.problems += alike[0].problems
            return value
        return self.expected(typing.Union[options], value, place)

    def model(self, cls: Any, value: Any, place: _Place) -> Any:
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict):
            return self.expected(cls, value, place)
        made = cls.__new__(cls)
        self.fill(made, value, place)
        return made

    def fill(self, model: BaseModel, data: Dict[str, Any], place: _Place) -> None:
        given = set()
        for name, (hint, info) in _members(type(model)).items():
            key = info.alias or name
            if key in data:
                given.add(name)
                member = self.value(hint, data[key], (*place, key))
                self.bounds(info, member, (*place, key))
            elif info.default is _REQUIRED:
                member = self.wrong((*place, key), "a required member is missing", data)
            else:
                member = copy.deepcopy(info.default)
            model.__dict__[name] = member
        model._given = given


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _is_of(hint: Any, value: Any) -> bool:
    if typing.get_origin(hint) is type:
        return isinstance(value, type)
    return isinstance(hint, type) and isinstance(value, hint) and not (hint is int and value is True or
                                                                       hint is int and value is False)


def _is_container(hint: Any, value: Any) -> bool:
    if isinstance(value, dict):
        return _is_model(hint) or typing.get_origin(hint) is dict
    return isinstance(value, (list, tuple)) and typing.get_origin(hint) in (list, tuple)


def _describe(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _describe(arguments[0])
    if origin is typing.Literal:
        return "one of " * (len(arguments) > 1) + ", ".join(map(repr, arguments))
    if origin is typing.Union:
        words = [_describe(a) for a in arguments]
        return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
    if hint is type(None):
        return "None"
    return str(getattr(origin or hint, "__name__", hint))


def _members(cls: Any) -> Dict[str, Tuple[Any, FieldInfo]]:
    """Annotation and FieldInfo of each field, in order; found when the class is first used, as its
    annotations may name classes that follow."""
    known = cls.__dict__.get("_known_members")
    if known is None:
        known = {}
        for name, hint in typing.get_type_hints(cls, include_extras=True).items():
            if name.startswith("_") or typing.get_origin(hint) is typing.ClassVar:
                continue
            default = getattr(cls, name, _REQUIRED)
            known[name] = (hint, default if isinstance(default, FieldInfo) else FieldInfo(default))
        cls._known_members = known
    return known  # type: ignore[no-any-return]


class _Fields:
    """model_fields, of a class and of its instances."""

    def __get__(self, instance: Any, owner: Any) -> Dict[str, FieldInfo]:
        return {name: info for name, (_, info) in _members(owner).items()}


class BaseModel:
    """A record whose annotated attributes are its fields."""

    __slots__ = ("__dict__", "__weakref__", "_given")

    model_fields: typing.ClassVar[Any] = _Fields()
    _given: Set[str]  # the fields that were given or assigned to

    def __init__(self, **data: Any) -> None:
        check = _Check()
        check.fill(self, data, ())
        if check.problems:
            raise ValidationError(type(self).__name__, check.problems)

    @classmethod
    def model_validate(cls: typing.Type[_Model], obj: Any) -> _Model:
        """The model of a dict; of an instance itself."""
        check = _Check()
        made = check.value(cls, obj, ())
        if check.problems:
            raise ValidationError(cls.__name__, check.problems)
        return typing.cast(_Model, made)

    @classmethod
    def model_validate_json(cls: typing.Type[_Model], json_data: typing.Union[str, bytes]) -> _Model:
        """The model of the text of a JSON object."""
        try:
            data = json.loads(json_data)
        except ValueError as error:
            problem = {"type": "json_invalid", "loc": (), "msg": f"Invalid JSON: {error}", "input": json_data}
            raise ValidationError(cls.__name__, [problem]) from None
        return cls.model_validate(data)

    @property
    def model_fields_set(self) -> Set[str]:
        """The fields that were given or assigned to."""
        return self._given

    def model_dump(self, *, mode: str = "python", by_alias: bool = False, exclude_unset: bool = False,
                   exclude_defaults: bool = False, exclude_none: bool = False) -> Dict[str, Any]:
        """A dict of it, and of the models inside; mode "json": with lists in place of tuples."""
        def wanted(model: BaseModel, name: str, info: FieldInfo) -> bool:
            value = getattr(model, name)
            return not (exclude_unset and name not in model._given or
                        exclude_defaults and value == info.default or exclude_none and value is None)

        def plain(value: Any) -> Any:
            if isinstance(value, BaseModel):
                return {info.alias if by_alias and info.alias else name: plain(getattr(value, name))
                        for name, info in type(value).model_fields.items() if wanted(value, name, info)}
            if isinstance(value, dict):
                return {key: plain(item) for key, item in value.items()}
            if isinstance(value, tuple) and mode == "python":
                return tuple(plain(item) for item in value)
            return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value

        return typing.cast(Dict[str, Any], plain(self))

    def model_dump_json(self, *, indent: Optional[int] = None, **options: Any) -> str:
        """The text of model_dump, which takes the same options."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.model_dump(mode="json", **options), ensure_ascii=False, indent=indent,
                          separators=separators)

    def model_copy(self: _Model, *, update: Optional[Dict[str, Any]] = None, deep: bool = False) -> _Model:
        """A copy, with other values of some fields, which are not checked."""
        made = copy.deepcopy(self) if deep else copy.copy(self)
        made._given = {*self._given, *(update or ())}
        made.__dict__.update(update or {})
        return made

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        if name not in _members(type(self)):
            raise ValueError(f"{type(self).__name__} has no field {name!r}; expected one of "
                             f"{', '.join(_members(type(self)))}")
        self.__dict__[name] = value
        self._given.add(name)

    def __iter__(self) -> Iterator[Tuple[str, Any]]:
        return iter(self.__dict__.items())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__ if isinstance(
            other, BaseModel) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self)})"
