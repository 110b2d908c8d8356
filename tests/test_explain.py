"""One input on every target and path, beside the exact value."""

from __future__ import annotations

import math

import pytest

from reportgen.core.errors import RequestError, ValueSyntaxError
from reportgen.measure import explain as module
from reportgen.measure.explain import explain


def ask(function, dtype, *values, targets=("numpy",)):
    return explain(function, dtype, list(values), list(targets))


def by_path(document):
    return {a["path"]: a for a in document["answers"]}


def test_every_path_of_a_target_is_answered_and_judged():
    document = ask("arcsin", "float32", "0x1p-1")
    assert (document["function"], document["dtype"], document["input"]) == ("asin", "float32", ["0x1.0000000000000p-1"])
    assert document["exact"]["decimal"].startswith("0.523598775598298873077")
    assert float.fromhex(document["exact"]["hi"]) == math.asin(0.5)
    answers = by_path(document)
    assert set(answers) == {"body", "tail", "scalar"}
    for answer in answers.values():
        assert answer["status"] == "ok"
        assert answer["ulp"] < 4
        assert float.fromhex(answer["output"]) == pytest.approx(math.pi / 6, rel=1e-6)


def test_correctly_rounded_is_said_only_where_it_is_so():
    answers = by_path(ask("sqrt", "float32", "2"))
    assert all(a["correctly_rounded"] and a["ulp"] < 0.5 for a in answers.values())


def test_special_values_and_signed_zeros():
    document = ask("atan2", "float64", "-0", "-1")
    assert document["exact"]["decimal"].startswith("-3.14159265358979323846")
    assert all(a["correctly_rounded"] for a in document["answers"])
    document = ask("log", "float64", "0")
    assert document["exact"]["rounded"] == "-inf"
    assert {a["output"] for a in document["answers"]} == {"-inf"}


def test_a_target_that_cannot_answer_says_why_in_one_entry():
    document = ask("exp", "float32", "1", targets=("numpy", "tensorflow-gpu"))
    (gpu,) = [a for a in document["answers"] if a["target"] == "tensorflow-gpu"]
    assert gpu["status"] == "unavailable"
    assert gpu["reason"]
    assert gpu["output"] is None
    (missing,) = ask("rsqrt", "float32", "2")["answers"]
    assert missing["status"] == "unsupported"


@pytest.mark.parametrize(
    ("function", "values", "error"),
    [
        ("exp", ["0xc2781e37"], ValueSyntaxError),
        ("exp", ["0.1"], ValueSyntaxError),
        ("exp", ["1", "2"], RequestError),
        ("max", ["1"], RequestError),
        ("expp", ["1"], RequestError),
    ],
)
def test_what_cannot_be_asked_is_refused_before_a_worker_starts(function, values, error, monkeypatch):
    monkeypatch.setattr(module, "Bench", None)
    with pytest.raises(error):
        ask(function, "float32", *values)
