"""`dataclass` of the standard library, made when it is first used.

The program is made of some five hundred small value classes, most of which a single run never uses. Until Python 3.13
the standard decorator compiles up to seven functions for each of them as soon as its module is imported, which was a
third of what a command cost from its start to its end. Here comparison, hash and representation are shared functions,
and `__init__` is compiled when the first instance is made. What can be seen of a class is the
same: fields, `replace`, `asdict`, matching, pickling, copies, and that a frozen one cannot be changed. Only the options
that are used here are known; `order` and `unsafe_hash` are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    import sys
    from operator import attrgetter
    from reprlib import recursive_repr

    def dataclass(cls=None, /, *, frozen=False, slots=False, eq=True, repr=True, kw_only=False):
        """As `dataclasses.dataclass`, with the options named here."""

        def wrap(cls):
            made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)(cls)
            own = made.__dict__
            if "__init__" not in own:
                made.__init__ = _first_init(made, frozen, slots)
                made.__signature__ = _SIGNATURE
            if repr and "__repr__" not in own:
                made.__repr__ = _repr
            if eq and "__eq__" not in own:
                _compare(made, frozen, hashed="__hash__" in cls.__dict__ and cls.__dict__["__hash__"] is not None)
            if frozen:
                made.__setattr__ = _refuse_to_set
                made.__delattr__ = _refuse_to_delete
                if slots and "__getstate__" not in own:
                    made.__getstate__ = _state
                    made.__setstate__ = _set_state
            return made

        return wrap if cls is None else wrap(cls)

    def _first_init(made, frozen, slots):
        def first(self, *args, **kwargs):
            if made.__init__ is first:
                made.__init__ = _compiled_init(made, frozen, slots)
            made.__init__(self, *args, **kwargs)

        return first

    def _compiled_init(made, frozen, slots):
        """The `__init__` of a standard data class of these fields: one function, where the library makes a class for
        it whose other functions are compiled as well."""
        given = {"_set_": object.__setattr__, "_none_": object()}
        usual, named, body = ["self"], [], []
        for each in made.__dataclass_fields__.values():
            if each._field_type is not dataclasses._FIELD:
                continue
            name, value = each.name, each.name
            if each.default_factory is not dataclasses.MISSING:
                given[f"_make_{name}"] = each.default_factory
                value = f"_make_{name}() if {name} is _none_ else {name}" if each.init else f"_make_{name}()"
            elif each.default is not dataclasses.MISSING:
                given[f"_usual_{name}"] = each.default
                value = name if each.init else f"_usual_{name}"
            if each.init:
                default = next((n for n in (f"_make_{name}", f"_usual_{name}") if n in given), "")
                default = "_none_" if default.startswith("_make_") else default
                (named if each.kw_only else usual).append(f"{name}={default}" if default else name)
            elif value == name or (not slots and f"_usual_{name}" in given):
                continue  # it stands in the class, or nowhere yet
            body.append(f"_set_(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
        if hasattr(made, "__post_init__"):
            body.append("self.__post_init__()")
        parameters = ", ".join((*usual, *(("*", *named) if named else ())))
        lines = [f"def _outside_({', '.join(given)}):", f" def __init__({parameters}):"]
        lines += [f"  {line}" for line in body or ("pass",)]
        found = {}
        exec("\n".join((*lines, " return __init__")), sys.modules[made.__module__].__dict__, found)
        init = found["_outside_"](**given)
        init.__qualname__, init.__module__ = f"{made.__qualname__}.__init__", made.__module__
        init.__annotations__ = {each.name: each.type for each in made.__dataclass_fields__.values() if each.init} | {
            "return": None
        }
        return init

    class _Signature:
        """What `inspect` is told of a class whose `__init__` is not compiled yet."""

        def __get__(self, instance, owner):
            import inspect

            made = next(each for each in owner.__mro__ if "__init__" in each.__dict__)
            init = made.__init__
            if made.__dict__.get("__signature__") is self and init.__name__ == "first":
                init = _compiled_init(made, False, False)
            signature = inspect.signature(init)
            return signature.replace(parameters=list(signature.parameters.values())[1:])

    _SIGNATURE = _Signature()

    def _compare(made, frozen, *, hashed):
        names = tuple(each.name for each in dataclasses.fields(made) if each.compare)
        keyed = tuple(
            each.name for each in dataclasses.fields(made) if (each.compare if each.hash is None else each.hash)
        )
        values = _getter(names)

        made.__eq__ = lambda self, other: (
            values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented
        )
        if hashed:
            return
        if not frozen:
            made.__hash__ = None
            return
        parts = values if keyed == names else _getter(keyed)
        made.__hash__ = lambda self: hash(parts(self))

    def _getter(names):
        """Gives a tuple of these attributes, whatever their number."""
        if len(names) > 1:
            return attrgetter(*names)
        if names:
            one = attrgetter(names[0])
            return lambda value: (one(value),)
        return lambda value: ()

    @recursive_repr()
    def _repr(self):
        shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in dataclasses.fields(self) if each.repr)
        return f"{type(self).__qualname__}({shown})"

    def _refuse_to_set(self, name, value):
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(self, name):
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def _state(self):
        return [getattr(self, each.name) for each in dataclasses.fields(self)]

    def _set_state(self, state):
        for each, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, each.name, value)
