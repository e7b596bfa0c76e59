"""An abstract interpreter for JavaScript: runs a program without knowing its environment.

Where a condition is not known both branches run, and what they write is joined; every value
carries the environment reads it depends on, those that only decide whether it is used included.
"""

from __future__ import annotations

from megalint.languages.javascript.evaluate.host import Host, Realm
from megalint.languages.javascript.evaluate.interpreter import Interpreter
from megalint.languages.javascript.evaluate.objects import (
    ArrayValue,
    ClassValue,
    Either,
    ElementValue,
    EnvironmentName,
    EnvironmentValue,
    External,
    FunctionValue,
    JsValue,
    NativeFunction,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.provenance import deep_flows, to_value

__all__ = [
    "ArrayValue",
    "ClassValue",
    "Either",
    "ElementValue",
    "EnvironmentName",
    "EnvironmentValue",
    "External",
    "FunctionValue",
    "Host",
    "Interpreter",
    "JsValue",
    "NativeFunction",
    "ObjectValue",
    "Realm",
    "deep_flows",
    "to_value",
]
