"""Targets: the built-in table, fingerprints, settings that took effect and settings that did not."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from reportgen.catalogue import targets
from reportgen.catalogue.targets import builtin_targets, fingerprint, importable, library_version
from reportgen.core.model import Place, TargetSpec
from reportgen.measure import environments
from reportgen.measure.environments import doctor_report, machine_provenance, quick_unavailable, tensorflow_build
from reportgen.measure.launcher import Worker

ROOT = Path(__file__).resolve().parent.parent
NAMES = [
    "numpy",
    "tensorflow",
    "tensorflow-graph",
    "tensorflow-xla",
    "tensorflow-gpu",
    "tensorflow-xla-gpu",
    "tensorflow-gpu-no-tf32",
    "tensorflow-xla-gpu-no-tf32",
    "numpy-avx2",
    "tensorflow-no-onednn",
    "scipy",
    "libm",
    "numba",
    "theano",
    "theano-python",
    "jax",
    "jax-xla",
    "jax-gpu",
    "torch",
    "torch-gpu",
    "cupy",
]


def start(target: TargetSpec, folder: Path) -> tuple[str, str, dict]:
    with Worker(target, folder) as worker:
        outcome = worker.start()
        return outcome.status, outcome.reason, worker.provenance


def test_the_built_in_targets() -> None:
    found = builtin_targets()
    assert list(found) == NAMES
    assert all(t.sentence.endswith(".") and t.name == name for name, t in found.items())


# -- fingerprints -----------------------------------------------------------------------------------
def test_fingerprints_tell_targets_apart_and_stay_the_same() -> None:
    prints = {name: fingerprint(t) for name, t in builtin_targets().items()}
    assert len(set(prints.values())) == len(NAMES)
    code = "from reportgen.catalogue.targets import *; print(*[fingerprint(t) for t in builtin_targets().values()])"
    again = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert again.stdout.split() == list(prints.values())


@pytest.mark.parametrize(
    ("name", "replacement"),
    [
        ("library_version", lambda library: ("numpy", "0.0.1")),
        ("distribution_version", lambda name: "0.0.1"),
        ("cpu_identity", lambda: {"model name": "another"}),
        ("worker_digest", lambda: "another"),
        ("importable", lambda module: False),
    ],
)
def test_fingerprints_change_with_what_computes(
    monkeypatch: pytest.MonkeyPatch, name: str, replacement: object
) -> None:
    target = builtin_targets()["numpy"]
    before = fingerprint(target)
    monkeypatch.setattr(targets, name, replacement)
    assert fingerprint(target) != before


def test_fingerprints_change_with_the_target() -> None:
    target = builtin_targets()["numpy"]
    assert fingerprint(target) != fingerprint(replace(target, env=(("NPY_X", "1"),)))


def test_what_is_importable_is_asked_without_importing() -> None:
    assert importable("")
    assert importable("numpy.linalg")
    assert not importable("nowhere_at_all")
    assert not importable("nowhere_at_all.inside")


def test_the_library_is_not_imported() -> None:
    code = (
        "import sys; from reportgen.catalogue.targets import *; from reportgen.measure.environments import *\n"
        "for t in builtin_targets().values(): fingerprint(t); quick_unavailable(t)\n"
        "machine_provenance(); doctor_report(False); assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


# -- availability -----------------------------------------------------------------------------------
def test_what_cannot_be_had_is_said_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtin_targets()
    assert quick_unavailable(known["numpy"]) is None
    own = replace(known["numpy"], version="0.1")
    assert "needs an environment of its own" in (quick_unavailable(own) or "")
    assert quick_unavailable(own, Place(reason="no NumPy 0.1 anywhere")) == "no NumPy 0.1 anywhere"
    assert quick_unavailable(own, Place(python="python", identity="0")) is None
    assert "GPU" in (quick_unavailable(replace(known["numpy"], device="GPU")) or "")
    monkeypatch.setattr(environments, "tensorflow_build", lambda: {"is_cuda_build": False, "is_rocm_build": False})
    assert "without GPU support" in (quick_unavailable(known["tensorflow-gpu"]) or "")
    monkeypatch.setattr(environments, "tensorflow_build", lambda: {"is_cuda_build": True, "is_rocm_build": False})
    monkeypatch.setattr(environments, "gpu_devices", list)
    assert "no NVIDIA device" in (quick_unavailable(known["tensorflow-gpu"]) or "")
    monkeypatch.setattr(environments, "gpu_devices", lambda: ["/dev/nvidia0"])
    assert quick_unavailable(known["tensorflow-gpu"]) is None
    monkeypatch.setattr(environments, "library_version", lambda library: None)
    assert quick_unavailable(known["tensorflow"]).startswith("TensorFlow is not installed: pip install tensorflow")


def test_the_build_of_tensorflow_is_read_from_its_source() -> None:
    assert isinstance(tensorflow_build().get("is_cuda_build"), bool)


def test_the_machine_is_described() -> None:
    machine = machine_provenance()
    assert machine["cpu_model"]
    assert machine["cores"] >= machine["usable_cores"] >= 1
    assert machine["memory"] > 1 << 28


def test_doctor_names_everything_and_how_to_get_it() -> None:
    findings = doctor_report(start_workers=False)
    words = " ".join(f.what for f in findings)
    for name in ("NumPy", "TensorFlow", "ml_dtypes", "mpmath", "python-flint", "GPU", "long double", *NAMES):
        assert name in words
    assert all(f.how for f in findings if not f.ok)


# -- settings that must have taken effect -----------------------------------------------------------
@pytest.fixture
def features(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "reportgen" / "worker")
    import cpufeatures

    monkeypatch.setattr(cpufeatures, "loops", list)
    monkeypatch.setattr(cpufeatures.platform, "machine", lambda: "x86_64")
    return cpufeatures


NEW = (["X86_V2"], ["X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR"], "2.4.6")
OLD = (["SSE", "SSE2", "SSE3"], ["SSSE3", "AVX2", "FMA3", "AVX512F", "AVX512_SKX", "AVX512_ICL"], "1.26.4")
SERVER = ("SSE2", "AVX2", "FMA3", "X86_V3", "AVX512F", "AVX512BW", "AVX512_SKX", "X86_V4", "AVX512_ICL", "SSSE3")


def read(features: ModuleType, build: tuple, off: str = "") -> object:
    """The features after ``NPY_DISABLE_CPU_FEATURES`` took away those names that the build dispatches on."""
    baseline, dispatch, version = build
    gone = set(off.split()) & set(dispatch)
    table = {name: name in SERVER and name not in gone for name in (*SERVER, "AVX512_SPR", "AVX512CD", "X86_V2")}
    return features.Features(baseline, dispatch, table, version)


@pytest.mark.parametrize(
    ("build", "off", "met"),
    [
        (NEW, "", False),
        (NEW, "AVX512F AVX512CD AVX512_SKX", False),  # names of earlier releases: silently ignored
        (NEW, "X86_V4", False),  # AVX512_ICL is dispatched on by itself
        (NEW, "X86_V4 AVX512_ICL AVX512_SPR", True),
        (NEW, targets.ABOVE_AVX2, True),
        (OLD, "X86_V4 AVX512_ICL AVX512_SPR", False),
        (OLD, "AVX512F AVX512_SKX AVX512_ICL", True),
        (OLD, targets.ABOVE_AVX2, True),
    ],
)
def test_names_that_a_release_ignores_are_found_out(features: ModuleType, build: tuple, off: str, met: bool) -> None:
    found = read(features, build, off)
    assert (features.above(found, "AVX2", "Haswell") is None) == met
    assert (features.still_on(found, "AVX512F") is None) == met
    assert features.above(found, "AVX2", "SkylakeX") is not None
    assert features.above(found, "SSE42", "Haswell") is not None


def test_a_numpy_that_says_nothing_proves_nothing(features: ModuleType) -> None:
    found = features.Features((), (), {"AVX512F": False}, "1.19.5", told=False)
    for answer in (
        features.above(found, "AVX2", ""),
        features.still_on(found, "AVX512F"),
        features.not_exactly(found, []),
    ):
        assert answer.startswith("NumPy 1.19.5 does not read NPY_DISABLE_CPU_FEATURES")


def test_what_is_said_of_features(features: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(features, NEW, "X86_V4")
    assert "(through AVX512_ICL)" in features.still_on(found, "AVX512F")
    assert "X86_V3 X86_V4 AVX512_ICL AVX512_SPR" in features.still_on(found, "AVX512F")
    assert "knows no CPU feature AVX99" in features.still_on(found, "AVX99")
    clean = read(features, NEW, targets.ABOVE_AVX2)
    monkeypatch.setattr(features, "loops", lambda: ["baseline(X86_V2)", "X86_V4"])
    assert "loops compiled for X86_V4" in features.above(clean, "AVX2", "")
    monkeypatch.setattr(features.platform, "machine", lambda: "aarch64")
    assert "aarch64" in features.above(clean, "AVX2", "")


def test_numpy_without_avx512(tmp_path: Path) -> None:
    status, reason, found = start(builtin_targets()["numpy-avx2"], tmp_path)
    if found.get("machine") == "x86_64":
        assert (status, reason) == ("ok", "")
        assert not [f for f in found["simd"]["in_use"] if f.startswith("AVX512") or f == "X86_V4"]
        assert found["blas"].get("core", "Haswell") == "Haswell"
    else:
        assert status == "unavailable"


@pytest.mark.parametrize(
    ("env", "expect"),
    [
        ({"NPY_DISABLE_CPU_FEATURES": "AVX512_F X86-V4"}, {"cpu_features_above": "SSE42"}),
        ({"NPY_DISABLE_CPU_FEATURES": "NO_SUCH_FEATURE"}, {}),
        ({"NPY_ENABLE_CPU_FEATURES": "NO_SUCH_FEATURE"}, {}),
        ({"TF_ENABLE_ONEDNN_OPTS": "0"}, {}),
        ({}, {"cpu_features_off": ["NO_SUCH_FEATURE"]}),
        ({}, {"onednn": True}),
        ({}, {"gpu": True}),
        ({}, {"no_such_expectation": 1}),
        ({"OPENBLAS_CORETYPE": "Nonesuch"}, {}),
    ],
)
def test_settings_without_effect_make_numpy_unavailable(tmp_path: Path, env: dict, expect: dict) -> None:
    target = TargetSpec("t", "numpy", env=tuple(env.items()), expect=tuple(expect.items()))
    status, reason, _ = start(target, tmp_path)
    assert status == "unavailable"
    assert reason


def test_settings_are_recorded_with_whether_they_can_be_verified(tmp_path: Path) -> None:
    env = (("OPENBLAS_NUM_THREADS", "1"), ("NPY_PROMOTION_STATE", "weak"))
    status, _, found = start(TargetSpec("t", "numpy", env=env), tmp_path)
    assert status == "ok"
    assert found["settings"] == {"NPY_PROMOTION_STATE": "not verifiable", "OPENBLAS_NUM_THREADS": "verified"}
    assert found["env"]["NPY_PROMOTION_STATE"] == "weak"


def test_a_setting_that_the_library_refuses(tmp_path: Path) -> None:
    from numpy._core._multiarray_umath import __cpu_baseline__

    if __cpu_baseline__:
        target = TargetSpec("t", "numpy", env=(("NPY_DISABLE_CPU_FEATURES", __cpu_baseline__[0]),))
        status, reason, _ = start(target, tmp_path)
        assert (status, "baseline" in reason) == ("unavailable", True)


def test_unknown_options_and_versions_make_a_target_unavailable(tmp_path: Path) -> None:
    assert start(TargetSpec("t", "numpy", options=(("speed", 9),)), tmp_path)[0] == "unavailable"
    status, reason, _ = start(TargetSpec("t", "numpy", version="0.1"), tmp_path)
    assert (status, "0.1 was asked for" in reason) == ("unavailable", True)


def test_onednn_is_off_where_it_must_be_and_its_absence_is_proven(tmp_path: Path) -> None:
    plain = builtin_targets()["tensorflow-no-onednn"]
    contradiction = replace(plain, expect=(("onednn", True), ("gpu", False)))
    typo = TargetSpec("t", "tensorflow", env=(("TF_ENABLE_ONEDNN_OPTS", "off"),))
    flag = TargetSpec("t", "tensorflow", "xla", env=(("XLA_FLAGS", "--no_such_flag"),))
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda target: start(target, tmp_path), (plain, contradiction, typo, flag))
    off, on, ignored, refused = found
    assert off[:2] == ("ok", "")
    assert off[2]["onednn"] == {"enabled": False, "rewrites_graphs": False}
    assert on[:2] == ("unavailable", f"oneDNN is off in TensorFlow {off[2]['version']}")
    assert (refused[0], "XLA_FLAGS=--no_such_flag" in refused[1]) == ("unavailable", True)
    assert (ignored[0], "ignores TF_ENABLE_ONEDNN_OPTS=off" in ignored[1]) == ("unavailable", True)


def test_the_installed_library_is_what_the_metadata_say() -> None:
    import numpy as np

    assert library_version("numpy") == ("numpy", np.__version__)
    assert library_version("nothing") is None
