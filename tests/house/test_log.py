"""The log speaks verbs and never repeats the mail."""

from __future__ import annotations

import ast
import re

from tests.house.sources import Source, ours

TELLING = re.compile(r"subject|body|text|address|sender|recipient|mailbox|login|password|raw|octets_of|content|name$")
SPEAKERS = {"gateway/maillog.py"}


def maillog() -> Source:
    """The one module that writes log lines."""
    return next(source for source in ours() if str(source.path) in SPEAKERS)


def speaks(text: str) -> bool:
    """Whether a statement takes a logger for more than silencing it."""
    return re.search(r"\b(getLogger|get_logger)\(", text) is not None and ".setLevel(" not in text


def test_only_the_maillog_speaks() -> None:
    """Every line of the log is a verb of gateway/maillog; nobody else holds a logger, except to silence a library."""
    others = [
        source.at(node)
        for source in ours()
        if str(source.path) not in SPEAKERS
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) and node.value and speaks(ast.unparse(node.value))
    ]
    assert others == []


def test_no_verb_takes_what_a_mail_says() -> None:
    """No verb takes a subject, a text or an address: what is not handed over cannot be logged. A count may be."""
    told = [
        f"{function.name}({parameter.arg})"
        for function in maillog().functions()
        if not function.name.startswith("_")
        for parameter in (*function.args.args, *function.args.kwonlyargs)
        if TELLING.search(parameter.arg) and ast.unparse(parameter.annotation or parameter) != "int"
    ]
    assert told == []


def test_every_verb_is_used() -> None:
    """A verb nobody says is taken out."""
    said = {
        node.attr
        for source in ours()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("maillog")
    }
    verbs = {function.name for function in maillog().functions() if not function.name.startswith("_")}
    assert verbs - said == set()
