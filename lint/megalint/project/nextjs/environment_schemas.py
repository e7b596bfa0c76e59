"""Libraries that check the environment against a schema: t3-env, zod and its kin, envalid.

Their result holds one read for each key of the schema, found on the key's own line.
"""

from __future__ import annotations

from typing import Final

from megalint.languages.javascript.evaluate import (
    EnvironmentValue,
    External,
    Interpreter,
    JsValue,
    ObjectValue,
)
from megalint.languages.javascript.evaluate.objects import ANY_KEY, UNDEFINED
from megalint.languages.javascript.evaluate.provenance import alternatives
from megalint.source import Location
from megalint.values import EnvRead, Form, Known

Arguments = tuple[JsValue, ...]

_PARSERS: Final = {
    "parse": False,
    "safeParse": True,
    "parseAsync": False,
    "safeParseAsync": True,
    "validateSync": False,
    "validate": False,
    "assert": False,
    "create": False,
}
"""Methods of schemas; True where the result lies under ``data``."""

_CHECKERS: Final = frozenset({"cleanEnv", "customCleanEnv", "makeValidators"})


def call(
    interpreter: Interpreter, callee: External, arguments: Arguments, site: Location
) -> JsValue | None:
    """Return what a check of the environment gives, or None for any other call."""
    if callee.path[0].startswith("@t3-oss/env") and callee.path[-1] == "createEnv":
        return _create_env(interpreter, arguments, site)
    if callee.path[-1] in _CHECKERS and len(arguments) > 1:
        return _checked(interpreter, arguments[0], arguments[1], site)
    if callee.path[-1] in _PARSERS and arguments and len(callee.path) > 1:
        return _parsed(interpreter, callee, arguments[0], site)
    return None


def _parsed(
    interpreter: Interpreter, callee: External, given: JsValue, site: Location
) -> JsValue | None:
    schema = _shape(callee)
    if schema is None or not isinstance(given, EnvironmentValue | ObjectValue):
        return None
    result = _checked(interpreter, given, schema, site)
    if not _PARSERS[callee.path[-1]]:
        return result
    return ObjectValue({"success": Known(True), "data": result}, location=site)


def _shape(schema: JsValue, depth: int = 0) -> ObjectValue | None:
    """Return the keys of an object schema: what ``z.object({...})`` was given."""
    if isinstance(schema, ObjectValue):
        return schema
    if not isinstance(schema, External) or depth > 8:  # noqa: PLR2004 - chains are short
        return None
    shapes = [shape for one in schema.inputs if (shape := _shape(one, depth + 1)) is not None]
    if len(shapes) < 2:  # noqa: PLR2004 - one shape, or several merged
        return shapes[0] if shapes else None
    merged = ObjectValue(location=shapes[0].location)
    for shape in shapes:
        merged.properties.update(shape.properties)
        merged.places.update(shape.places)
    return merged


def _checked(interpreter: Interpreter, given: JsValue, schema: JsValue, site: Location) -> JsValue:
    result = ObjectValue(location=site)
    for shape in alternatives(schema):
        if not isinstance(shape, ObjectValue):
            continue
        for key, rule in shape.properties.items():
            if key != ANY_KEY:
                place = shape.places.get(key, site)
                result.properties[key] = _defaulted(
                    interpreter, _one(interpreter, given, key, place), rule, place
                )
                result.places[key] = place
    return result


def _one(interpreter: Interpreter, given: JsValue, key: str, place: Location) -> JsValue:
    if isinstance(given, EnvironmentValue):
        return interpreter.read(key, Form.OTHER, _key_place(place, key))
    return interpreter.get(given, key, _key_place(place, key))


def _key_place(place: Location, key: str) -> Location:
    """Return the place of the key alone."""
    found = place.text.find(key)
    if found < 0:
        return place
    start = place.span.start + found
    return Location(place.source, type(place.span)(start, start + len(key)))


def _defaulted(interpreter: Interpreter, value: JsValue, rule: JsValue, place: Location) -> JsValue:
    """Note the default that the schema gives."""
    if isinstance(value, EnvRead) and isinstance(rule, External) and "default" in rule.path:
        default = next((one for one in rule.inputs if isinstance(one, Known)), None)
        if default is not None:
            interpreter.defaults.setdefault(value.read, (default, place))
            return EnvRead(value.read, default, value.flows)
    return value


def _create_env(interpreter: Interpreter, arguments: Arguments, site: Location) -> JsValue:
    options = arguments[0] if arguments else UNDEFINED
    given: JsValue = UNDEFINED
    for name in ("runtimeEnv", "runtimeEnvStrict", "experimental__runtimeEnv"):
        given = interpreter.get(options, name, site)
        if given != UNDEFINED:
            break
    result = ObjectValue(location=site)
    for group in ("server", "client", "shared"):
        schema = interpreter.get(options, group, site)
        checked = _checked(interpreter, given, schema, site)
        if isinstance(checked, ObjectValue):
            result.properties.update(checked.properties)
            result.places.update(checked.places)
    _read_rest(interpreter, options, given, result, site)
    _extend(interpreter, options, result, site)
    return result


def _read_rest(
    interpreter: Interpreter, options: JsValue, given: JsValue, result: ObjectValue, site: Location
) -> None:
    """Read from the environment what ``runtimeEnv`` leaves out, as env-nextjs does for servers."""
    server = interpreter.get(options, "server", site)
    if not isinstance(given, ObjectValue) or not isinstance(server, ObjectValue):
        return
    for key, rule in server.properties.items():
        if key not in given.properties and key != ANY_KEY:
            place = _key_place(server.places.get(key, site), key)
            value = interpreter.read(key, Form.OTHER, place)
            result.properties[key] = _defaulted(interpreter, value, rule, place)


def _extend(
    interpreter: Interpreter, options: JsValue, result: ObjectValue, site: Location
) -> None:
    extended = interpreter.get(options, "extends", site)
    for preset in getattr(extended, "elements", ()):
        for one in alternatives(preset):
            if isinstance(one, ObjectValue):
                for key, value in one.properties.items():
                    result.properties.setdefault(key, value)
