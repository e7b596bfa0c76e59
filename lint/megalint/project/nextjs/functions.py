"""Functions of Next and React that matter to when a page is rendered, and what they give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from megalint.languages.javascript.evaluate import (
    ArrayValue,
    External,
    FunctionValue,
    Interpreter,
    JsValue,
    NativeFunction,
    ObjectValue,
    Realm,
    deep_flows,
)
from megalint.languages.javascript.evaluate.objects import UNDEFINED
from megalint.languages.javascript.evaluate.provenance import alternatives, either
from megalint.project.nextjs.session import Session
from megalint.source import Location
from megalint.values import Known

Arguments = tuple[JsValue, ...]
Handler = Callable[[Interpreter, Session, Arguments, Location], JsValue | None]

REQUEST: Final = "request of a handler"
SEARCH_PARAMS: Final = "searchParams of a page"

_ASKS_REQUEST: Final = frozenset(
    {
        ("next/headers", "cookies"),
        ("next/headers", "headers"),
        ("next/server", "connection"),
        ("next/cache", "unstable_noStore"),
        ("next/cache", "noStore"),
        ("next/cache", "unstable_io"),
    }
)
_ASK_REQUEST_INSIDE: Final = {
    "next-auth": {"getServerSession", "unstable_getServerSession", "auth"},
    "next-auth/next": {"getServerSession", "unstable_getServerSession"},
    "@clerk/nextjs": {"auth", "currentUser"},
    "@clerk/nextjs/server": {"auth", "currentUser"},
    "@auth0/nextjs-auth0": {"getSession"},
    "@workos-inc/authkit-nextjs": {"withAuth", "getUser"},
    "@kinde-oss/kinde-auth-nextjs/server": {"getKindeServerSession"},
    "next-intl/server": {"getTranslations", "getLocale", "getMessages", "getFormatter", "getNow"},
    "@vercel/functions": {"geolocation", "ipAddress"},
}
"""Functions of well-known packages that call cookies() or headers() themselves."""

_ENDS: Final = frozenset({"redirect", "permanentRedirect", "notFound", "forbidden", "unauthorized"})
_OWN_PACKAGES: Final = ("next", "react", "react-dom", "server-only", "client-only", "zod", "clsx")


def call(
    interpreter: Interpreter,
    session: Session,
    callee: External,
    arguments: Arguments,
    site: Location,
) -> JsValue | None:
    """Return what a call of *callee* gives, or None where it is nothing special."""
    path = callee.path
    if path[0] in {REQUEST, SEARCH_PARAMS}:
        touch(session, path, site)
    for argument in arguments:
        if isinstance(argument, External) and argument.path[0] in {REQUEST, SEARCH_PARAMS}:
            touch(session, (*argument.path, "passed on"), site)
    if path[:2] in _ASKS_REQUEST and len(path) == 2:  # noqa: PLR2004 - package and name
        session.wait_for_request(site, f"{path[1]}()")
        interpreter.hurry()
        return External((*path, "()"))
    if len(path) > 1 and path[-1] in _ASK_REQUEST_INSIDE.get(path[0], ()):
        session.wait_for_request(site, f"{path[-1]}() of {path[0]}")
        interpreter.hurry()
        return None
    if path[-2:] == ("DefinePlugin", "new"):
        session.put_out(deep_flows(*arguments))
    handler = _handler(path)
    if handler is not None:
        return handler(interpreter, session, arguments, site)
    if path[0].split("/")[0] not in _OWN_PACKAGES and path[0] not in {
        "globalThis",
        "process",
        "regexp",
    }:
        session.is_certain = False
    return None


def touch(session: Session, path: tuple[str, ...], site: Location) -> None:
    """Note that a member of the request or of searchParams was looked at."""
    if path[0] == SEARCH_PARAMS:
        session.wait_for_request(site, "searchParams")
    elif path[0] == REQUEST:
        session.wait_for_request(site, f"request.{path[1]}" if len(path) > 1 else "request")


def _handler(path: tuple[str, ...]) -> Handler | None:
    if path[0] == "globalThis" and path[1:] == ("fetch",):
        return _fetch
    package, name = path[0], path[-1]
    if package in {"react", "react-dom", "preact/compat"} and len(path) <= 3:  # noqa: PLR2004 - React.useState
        return _REACT.get(name)
    if package == "next/navigation" and name in _ENDS:
        return _end
    if package == "next/cache" and name == "unstable_cache":
        return _first
    if package in {"next/dynamic", "@loadable/component"}:
        return _dynamic_component
    return None


def _first(_: Interpreter, __: Session, arguments: Arguments, ___: Location) -> JsValue:
    return arguments[0] if arguments else UNDEFINED


def _end(interpreter: Interpreter, session: Session, arguments: Arguments, _: Location) -> JsValue:
    """Note that the answer is a redirect or an error page: it depends on what led here."""
    session.put_out(deep_flows(*arguments))
    session.put_out(interpreter.journal.control())
    return UNDEFINED


def _fetch(
    interpreter: Interpreter, session: Session, arguments: Arguments, site: Location
) -> JsValue | None:
    if len(arguments) > 1 and interpreter.realm is Realm.SERVER:
        for options in alternatives(arguments[1]):
            _note_caching(interpreter, session, options, site)
    return None


def _note_caching(
    interpreter: Interpreter, session: Session, options: JsValue, site: Location
) -> None:
    if not isinstance(options, ObjectValue):
        return
    cache = options.properties.get("cache")
    if isinstance(cache, Known) and cache.value in {"no-store", "no-cache"}:
        session.wait_for_request(site, f"fetch with cache: '{cache.value}'")
    following = options.properties.get("next")
    seconds = following.properties.get("revalidate") if isinstance(following, ObjectValue) else None
    if isinstance(seconds, Known) and isinstance(seconds.value, int | float):
        if seconds.value is not False and seconds.value == 0:
            session.wait_for_request(site, "fetch with revalidate: 0")
        elif not isinstance(seconds.value, bool):
            session.limit(int(seconds.value))


# --- React ---------------------------------------------------------------------------------


def _setter(_: Interpreter, __: JsValue, ___: Arguments, ____: Location) -> JsValue:
    return UNDEFINED


_SETTER: Final = NativeFunction("setState", _setter)


def _called(
    interpreter: Interpreter, value: JsValue, arguments: Arguments, site: Location
) -> JsValue:
    is_function = isinstance(value, FunctionValue | NativeFunction)
    return interpreter.call(value, arguments, site) if is_function else value


def _use_state(
    interpreter: Interpreter, _: Session, arguments: Arguments, site: Location
) -> JsValue:
    initial = arguments[0] if arguments else UNDEFINED
    value = either((_called(interpreter, initial, (), site), External(("state",))))
    return ArrayValue((value, _SETTER))


def _use_reducer(
    interpreter: Interpreter, _: Session, arguments: Arguments, site: Location
) -> JsValue:
    initial = arguments[1] if len(arguments) > 1 else UNDEFINED
    if len(arguments) > 2:  # noqa: PLR2004 - reducer, argument, initialiser
        initial = interpreter.call(arguments[2], (initial,), site)
    return ArrayValue((either((initial, External(("state",)))), _SETTER))


def _use_memo(
    interpreter: Interpreter, _: Session, arguments: Arguments, site: Location
) -> JsValue:
    return interpreter.call(arguments[0], (), site) if arguments else UNDEFINED


def _use_ref(_: Interpreter, __: Session, arguments: Arguments, site: Location) -> JsValue:
    return ObjectValue({"current": arguments[0] if arguments else UNDEFINED}, location=site)


def _use_effect(
    interpreter: Interpreter, _: Session, arguments: Arguments, site: Location
) -> JsValue:
    if interpreter.realm is Realm.BROWSER and arguments:
        interpreter.call(arguments[0], (), site)
    return UNDEFINED


def _transition(_: Interpreter, __: Session, ___: Arguments, ____: Location) -> JsValue:
    def start(
        interpreter: Interpreter, _: JsValue, arguments: Arguments, site: Location
    ) -> JsValue:
        if interpreter.realm is Realm.BROWSER and arguments:
            interpreter.call(arguments[0], (), site)
        return UNDEFINED

    return ArrayValue((Known(False), NativeFunction("startTransition", start)))


def _forward_ref(_: Interpreter, __: Session, arguments: Arguments, ___: Location) -> JsValue:
    return arguments[0] if arguments else UNDEFINED


def _lazy(interpreter: Interpreter, _: Session, arguments: Arguments, site: Location) -> JsValue:
    return interpreter.get(_called(interpreter, arguments[0], (), site), "default", site)


def _dynamic_component(
    interpreter: Interpreter, _: Session, arguments: Arguments, site: Location
) -> JsValue:
    """Return the component that ``next/dynamic`` loads; without ssr the server renders nothing."""
    options = arguments[1] if len(arguments) > 1 else UNDEFINED
    ssr = interpreter.get(options, "ssr", site) if isinstance(options, ObjectValue) else UNDEFINED
    if ssr == Known(False) and interpreter.realm is Realm.SERVER:
        return External(("a component of the browser",))
    loaded = _called(interpreter, arguments[0], (), site) if arguments else UNDEFINED
    if isinstance(loaded, FunctionValue | External):
        return loaded
    return interpreter.get(loaded, "default", site)


def _use(_: Interpreter, session: Session, arguments: Arguments, site: Location) -> JsValue:
    value = arguments[0] if arguments else UNDEFINED
    if isinstance(value, External):
        touch(session, (*value.path, "use()"), site)
    return value


_REACT: Final[dict[str, Handler]] = {
    "useState": _use_state,
    "useReducer": _use_reducer,
    "useMemo": _use_memo,
    "useRef": _use_ref,
    "useEffect": _use_effect,
    "useLayoutEffect": _use_effect,
    "useInsertionEffect": _use_effect,
    "useTransition": _transition,
    "useCallback": _first,
    "useDeferredValue": _first,
    "memo": _first,
    "forwardRef": _forward_ref,
    "cache": _first,
    "startTransition": _use_effect,
    "lazy": _lazy,
    "use": _use,
}
