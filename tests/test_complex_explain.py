"""``explain`` with complex inputs."""

from __future__ import annotations

import json

import pytest

from reportgen.core.dtypes import COMPLEX_FORMATS
from reportgen.core.errors import RequestError, ValueSyntaxError
from reportgen.measure.complexexplain import explain_complex, parse_complex
from reportgen.measure.explain import explain

FORMAT = COMPLEX_FORMATS["complex64"]


def test_inputs_are_two_parts():
    assert str(parse_complex("-4,-0.0", FORMAT)) == "(-4-0j)"
    assert parse_complex("0x1p3,bits:3f800000", FORMAT) == 8 + 1j
    assert parse_complex("2", FORMAT) == 2
    for text in ("1,2,3", "1+2j", "0.1,0", ""):
        with pytest.raises(ValueSyntaxError):
            parse_complex(text, FORMAT)


def test_one_input_on_numpy_beside_the_exact_value():
    answer = explain("sqrt", "complex128", ["-4,-0.0"], ["numpy"])
    json.dumps(answer, allow_nan=False)
    assert answer["input"] == ["-0x1.0000000000000p+2,-0x0.0p+0"]
    assert answer["exact"]["decimal"] == "0, -2"
    assert answer["exact"]["rounded"] == "0x0.0p+0,-0x1.0000000000000p+1"
    assert [a["path"] for a in answer["answers"]] == ["body", "tail", "scalar"]
    for entry in answer["answers"]:
        assert entry["output"] == "0x0.0p+0,-0x1.0000000000000p+1"
        assert (entry["ulp"], entry["ulp_re"], entry["ulp_im"]) == (0, 0, 0)
        assert entry["correctly_rounded"] is True


def test_real_results_and_missing_functions():
    answer = explain_complex("abs", "complex64", ["3,4"], ["numpy"])
    assert answer["answers"][0]["output"] == "0x1.4000000000000p+2"
    assert "ulp_re" not in answer["answers"][0]
    assert explain_complex("rsqrt", "complex64", ["3,4"], ["numpy"])["answers"][0]["status"] == "unsupported"
    with pytest.raises(RequestError, match="cbrt is not measured in complex64"):
        explain_complex("cbrt", "complex64", ["1,1"], ["numpy"])
    with pytest.raises(RequestError, match="takes 2 arguments, got 1"):
        explain_complex("divide", "complex64", ["1,1"], ["numpy"])
