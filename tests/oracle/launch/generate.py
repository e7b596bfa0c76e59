"""Small random launch scripts: every way to set a variable, to lose it, and to start something."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("A", "B", "C", "D", "E")
PLAIN = ("one", "two", "ap-northeast-1", "http://h.example:3001/p", "x.y-z", "0", "7")
ODD = ("a b", " lead", "tail ", "a=b", "p$q", "it's", 'say "hi"', "a;b", "#c", "x&y", "", "*", "~")

names = st.sampled_from(NAMES)
plain = st.sampled_from(PLAIN)


def single(text: str) -> str:
    """Return *text* in single quotes."""
    return "'" + text.replace("'", "'\\''") + "'"


quoted = st.one_of(plain, st.sampled_from(ODD).map(single), plain.map(lambda v: f'"{v}"'))
expansions = st.one_of(
    names.map(lambda n: f"${n}"),
    names.map(lambda n: f"${{{n}}}"),
    st.builds(
        lambda n, o, w: f"${{{n}{o}{w}}}",
        names,
        st.sampled_from((":-", "-", ":+", "+", ":=")),
        plain,
    ),
    st.builds(
        lambda n, o, p: f"${{{n}{o}{p}}}",
        names,
        st.sampled_from(("#", "##", "%", "%%")),
        st.sampled_from(("o", "*-", "-*", "o*", "*o", "?", "[a-m]", "*")),
    ),
    st.builds(
        lambda n, o, p, r: f"${{{n}{o}{p}/{r}}}",
        names,
        st.sampled_from(("/", "//", "/#", "/%")),
        st.sampled_from(("o", "a", "-", "t?", "1")),
        st.sampled_from(("", "X", "yy")),
    ),
    names.map(lambda n: f"${{#{n}}}"),
    names.map(lambda n: f"${{{n}^^}}"),
    st.builds(lambda n, a, b: f"${{{n}:{a}:{b}}}", names, st.integers(0, 3), st.integers(0, 4)),
    plain.map(lambda v: f"$(echo {v})"),
    names.map(lambda n: f'$(printf %s "${n}")'),
    names.map(lambda n: f'$(echo "${n}" | tr a-z A-Z)'),
    names.map(lambda n: f'$(echo "${n}" | cut -d- -f1)'),
    names.map(lambda n: f'$(basename "${n}" 2>/dev/null)'),
    names.map(lambda n: f"`echo ${n}`"),
    st.builds(lambda a, b: f"$(({a} + {b} * 2))", st.integers(0, 9), st.integers(0, 9)),
)
values = st.one_of(
    quoted,
    expansions.map(lambda e: f'"{e}"'),
    expansions,
    st.builds(lambda a, e: f'"{a}{e}"', plain, expansions),
    st.just("$'a\\tb'"),
)
assignments = st.builds(lambda n, v: f"{n}={v}", names, values)

FILE = "/tmp/vars.sh"
ENV = "/home/ec2-user/megaticket/apps/web/.env.production"
tests = st.one_of(
    st.builds(lambda n: f'[ -n "${n}" ]', names),
    st.builds(lambda n: f'[ -z "${n}" ]', names),
    st.builds(lambda n, v: f'[ "${n}" = {v} ]', names, plain),
    st.builds(lambda n, p: f"[[ ${n} == {p} ]]", names, st.sampled_from(("o*", "*1", "ap-*", "?"))),
    st.builds(lambda n: f"[[ -n ${n} && ${n} != 7 ]]", names),
    st.sampled_from(("true", "false", "! true", "[ 1 -lt 2 ]")),
)


def here(delimiter: str, body: list[str], dash: str = "") -> str:
    """Return a here-document."""
    name = delimiter.strip("'\"\\")
    return f"<<{dash}{delimiter}\n" + "\n".join(body) + f"\n{name}"


lines_of_file = st.lists(
    st.one_of(
        st.builds(lambda n, v: f"export {n}={v}", names, values),
        assignments,
        st.just("# a comment"),
    ),
    min_size=1,
    max_size=3,
)
simple = st.one_of(
    assignments,
    assignments.map(lambda a: f"export {a}"),
    names.map(lambda n: f"export {n}"),
    names.map(lambda n: f"unset {n}"),
    st.builds(lambda a, b: f"{a} {b}", assignments, assignments),
    st.builds(lambda a: f"{a} true", assignments),
    st.builds(lambda a, b: f"export {a} {b}", assignments, assignments),
    st.builds(lambda n, v: f"declare -x {n}={v}", names, values),
    st.builds(lambda n, v: f"{n}+={v}", names, quoted),
    st.builds(lambda n, v: f"read -r {n} <<< {v}", names, quoted),
    st.builds(lambda n, v: f"eval 'export {n}={v}'", names, plain),
    st.builds(lambda n, v: f"printf -v {n} '%s-%s' {v} end", names, plain),
    st.builds(lambda n: f"{n}=(one two); {n}=${{{n}[1]}}", names),
)
files = st.one_of(
    st.builds(
        lambda body, d: f"cat > {FILE} {here(d, body)}\n. {FILE}",
        lines_of_file,
        st.sampled_from(("EOF", "'EOF'", '"EOF"', "\\EOF")),
    ),
    st.builds(lambda n, v: f"echo {n}={v} > {FILE}\nset -a; . {FILE}; set +a", names, plain),
    st.builds(
        lambda n, v: (
            f"printf '%s\\n' {n}={v} | tee {FILE} > /dev/null\nexport $(cat {FILE} | xargs)"
        ),
        names,
        plain,
    ),
    st.builds(
        lambda n, v, w: (
            f"echo 'export {n}=OLD' > {FILE}\nsed -i 's|OLD|{v}|' {FILE}\necho 'export {n}x={w}' >> {FILE}\nsource {FILE}"
        ),
        names,
        plain,
        plain,
    ),
    st.builds(
        lambda n, v: (
            f'echo {n}={v} > {FILE}\nwhile IFS== read -r k v; do export "$k=$v"; done < {FILE}'
        ),
        names,
        plain,
    ),
    st.builds(
        lambda n, v: f'echo {n}={v} > {FILE}\ncat {FILE} | while read -r l; do export "$l"; done',
        names,
        plain,
    ),
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return statements that hold others."""
    return st.one_of(
        st.builds(lambda a, o, b: f"{a} {o} {b}", tests, st.sampled_from(("&&", "||")), simple),
        inner.map(lambda s: f"( {s}\n)"),
        inner.map(lambda s: f"{{ {s}\n}}"),
        st.builds(lambda t, a, b: f"if {t}; then\n{a}\nelse\n{b}\nfi", tests, inner, inner),
        st.builds(
            lambda n, a, b: f"case ${n} in\n  o*|*1) {a} ;;\n  *) {b} ;;\nesac",
            names,
            simple,
            simple,
        ),
        st.builds(lambda n, a: f"for {n} in one 'a b' \"$A\"; do\n{a}\ndone", names, inner),
        st.builds(lambda a: f"i=0\nwhile [ $i -lt 2 ]; do\n{a}\ni=$((i + 1))\ndone", inner),
        st.builds(lambda a, n: f"f() {{\nlocal {n}=inside\n{a}\n}}\nf arg", inner, names),
        inner.map(lambda s: f"g() {{\n{s}\n}}\ng | cat > /dev/null"),
        st.builds(lambda v, s: f"h() {{\n{s}\n}}\nP={v} h", values, inner),
    )


statements = st.recursive(st.one_of(simple, simple, files), nested, max_leaves=4)

STARTS = ("npm start", "node server.js", "pm2 start npm --name web -- start")
starts = st.sampled_from(STARTS)
prefixes = st.one_of(
    st.just(""), assignments.map(lambda a: a + " "), st.just("echo go && "), st.just("exec ")
)
insides = st.builds(
    lambda load, go, prefix, start: f"{load}; {go}; {prefix}{start}",
    st.just(". ~/.nvm/nvm.sh"),
    st.sampled_from(("cd ~/megaticket/apps/web", "cd $HOME/megaticket/apps/app", "cd /opt")),
    prefixes,
    starts,
)


def in_single(text: str) -> str:
    """Return ``bash -c`` of *text* in single quotes."""
    return f"bash -c {single(text)}"


def in_double(text: str) -> str:
    """Return ``bash -c`` of *text* in double quotes: the outer shell expands it first."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`")
    return f'bash -c "{escaped}"'


def in_double_escaped(text: str) -> str:
    """Return ``bash -c`` of *text* in double quotes with each dollar escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`").replace("$", "\\$")
    return f'bash -c "{escaped}"'


shells = st.builds(
    lambda form, inside: form(inside),
    st.sampled_from((in_single, in_single, in_double_escaped, in_double)),
    insides,
)
switches = st.one_of(
    st.builds(
        lambda options, given, shell: f"sudo {options} {given}{shell}",
        st.sampled_from(
            (
                "-u ec2-user",
                "-u ec2-user -E",
                "-H -u ec2-user",
                "--preserve-env=A,B -u ec2-user",
                "-nu ec2-user",
                "--user=ec2-user --",
                "-E -u ubuntu",
            )
        ),
        st.one_of(st.just(""), assignments.map(lambda a: a + " ")),
        shells,
    ),
    st.builds(lambda a, shell: f"{a} sudo -u ec2-user {shell}", assignments, shells),
    shells.map(lambda shell: f"sudo -iu ec2-user {shell}"),
    shells.map(lambda shell: f"sudo -u ec2-user env C=3 {shell}"),
    shells.map(lambda shell: f"sudo -u ec2-user nohup timeout 9 {shell}"),
    insides.map(lambda text: f"su ec2-user -c {single(text)}"),
    insides.map(lambda text: f"su - ec2-user -c {single(text)}"),
    shells.map(lambda shell: f"runuser -u ec2-user -- {shell}"),
    insides.map(lambda text: f"runuser -l ec2-user -c {single(text)}"),
    st.builds(
        lambda d, a, s: f"sudo -iu ec2-user bash {here(d, [a, 'cd ~/megaticket/apps/web', s])}",
        st.sampled_from(("EOS", "'EOS'")),
        assignments,
        starts,
    ),
    st.builds(
        lambda d, a, s: (
            f"cat > /home/ec2-user/go.sh {here(d, ['#!/bin/bash', '. ~/.nvm/nvm.sh', 'cd /opt', a, s])}\n"
            "chmod 755 /home/ec2-user/go.sh\nsudo -u ec2-user /home/ec2-user/go.sh"
        ),
        st.sampled_from(("EOS", "'EOS'")),
        assignments.map(lambda a: f"export {a}"),
        starts,
    ),
)
options = st.sampled_from(
    ("", "", "", "set -e", "set -u", "set -a", "set -euo pipefail", "set -o pipefail")
)


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """Return a script that starts one process or two."""
    body = draw(st.lists(statements, min_size=0, max_size=4))
    launches = draw(st.lists(switches, min_size=1, max_size=2))
    between = draw(simple)
    parts = [draw(options), *body, launches[0]]
    if len(launches) > 1:
        parts += [between, launches[1]]
    return "#!/bin/bash\n# node is in ~/.nvm\n" + "\n".join(one for one in parts if one) + "\n"
