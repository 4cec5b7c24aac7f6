"""Tells whether a JSON value has the form that a TypedDict gives it."""

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict


def fits(value: Any, form: Any) -> bool:
    """Whether the value has exactly the keys that the form names, and in each what it may hold."""
    if is_typeddict(form):
        hints = get_type_hints(form)
        return (
            isinstance(value, dict)
            and value.keys() == hints.keys()
            and all(fits(value[name], hint) for name, hint in hints.items())
        )
    if get_origin(form) in (Union, types.UnionType):
        return any(fits(value, each) for each in get_args(form))
    if get_origin(form) is Literal:
        return value in get_args(form)
    if get_origin(form) is list:
        return isinstance(value, list) and all(fits(each, get_args(form)[0]) for each in value)
    return type(value) is form


def kinds_of(forms: Any) -> set[str]:
    """The kinds of message that a union of forms has."""
    return {get_args(get_type_hints(form)["kind"])[0] for form in get_args(forms)}
