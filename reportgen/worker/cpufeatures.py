"""Which SIMD code NumPy really uses, whatever names its release has for it.

``NPY_DISABLE_CPU_FEATURES`` takes only the names of the groups that the installed release dispatches on; every other
name is ignored with a warning that nobody sees. NumPy 2.4 dispatches on ``X86_V3 X86_V4 AVX512_ICL AVX512_SPR``,
earlier releases on ``AVX2 FMA3 AVX512F AVX512_SKX …``. A feature that the table still shows as present is harmless
once every group that implies it is off. (NumPy manual, "CPU build options" and "How does the CPU dispatcher work?")
"""

import importlib
import platform

_V2 = {"SSE", "SSE2", "SSE3", "SSSE3", "SSE41", "POPCNT", "SSE42", "CX16", "LAHF"}
_AVX2 = _V2 | {"X86_V2", "AVX", "F16C", "AVX2"}
_V3 = _AVX2 | {"FMA3", "BMI", "BMI2", "LZCNT", "MOVBE"}
_SKX = _V3 | {"X86_V3", "AVX512F", "AVX512CD", "AVX512VL", "AVX512BW", "AVX512DQ"}
_CLX = _SKX | {"AVX512_SKX", "X86_V4", "AVX512VNNI"}
_CNL = _SKX | {"AVX512_SKX", "X86_V4", "AVX512IFMA", "AVX512VBMI"}
_ICL = _CLX | _CNL | {"AVX512_CLX", "AVX512_CNL", "AVX512VBMI2", "AVX512BITALG", "AVX512VPOPCNTDQ"}
IMPLIES = {
    "X86_V2": _V2,
    "AVX": _V2,
    "F16C": _V2 | {"AVX"},
    "FMA4": _V2 | {"AVX"},
    "XOP": _V2 | {"AVX"},
    "FMA3": _V2 | {"AVX", "F16C"},
    "AVX2": _AVX2,
    "X86_V3": _V3,
    "AVX512F": _V3,
    "AVX512CD": _V3 | {"AVX512F"},
    "AVX512_KNL": _V3 | {"AVX512F", "AVX512CD", "AVX512ER", "AVX512PF"},
    "AVX512_KNM": _V3 | {"AVX512F", "AVX512CD", "AVX512ER", "AVX512PF", "AVX512VPOPCNTDQ"},
    "AVX512_SKX": _SKX,
    "X86_V4": _SKX | {"AVX512_SKX"},
    "AVX512_CLX": _CLX,
    "AVX512_CNL": _CNL,
    "AVX512_ICL": _ICL,
    "AVX512_SPR": _ICL | {"AVX512_ICL", "AVX512FP16", "AVX512BF16"},
}
"""Features that code compiled for a group may use, by group."""

RANK = {
    name: rank
    for rank, names in enumerate(
        (
            ("MMX", "SSE", "SSE2"),
            ("SSE3",),
            ("SSSE3",),
            ("SSE41",),
            ("POPCNT", "SSE42", "CX16", "LAHF", "X86_V2"),
            ("AVX",),
            ("XOP", "FMA4", "F16C"),
            ("FMA3", "AVX2", "BMI", "BMI2", "LZCNT", "MOVBE", "X86_V3", "VAES", "VPCLMULQDQ", "GFNI"),
        )
    )
    for name in names
}
ABOVE_ALL = 100
AVX512_CORES = ("skylakex", "cooperlake", "sapphirerapids")
"""OpenBLAS kernels that use AVX-512."""


class Features(object):
    """``baseline`` and ``dispatch`` groups of the build, features ``enabled`` now, all ``known`` names.

    ``told`` is false for NumPy before 1.20, which chooses code by CPU too and does not say which.
    """

    def __init__(self, baseline, dispatch, table, version, told=True):
        self.told = told
        self.baseline, self.dispatch = list(baseline), list(dispatch)
        self.enabled = {name for name, on in table.items() if on}
        self.known = set(table)
        self.version = version

    def groups(self):
        """The groups whose code NumPy may run: the baseline, and what is dispatched on and enabled."""
        return self.baseline + [g for g in self.dispatch if g in self.enabled]

    def in_use(self):
        """Every feature that code of those groups may use."""
        found = set()
        for group in self.groups():
            found |= {group} | IMPLIES.get(group, set())
        return found


def read():
    """The features of the NumPy in this process."""
    import numpy

    core = None
    for package in ("numpy._core", "numpy.core"):
        try:
            core = importlib.import_module(package + "._multiarray_umath")
            break
        except ImportError:
            continue
    lists = [getattr(core, name, None) for name in ("__cpu_baseline__", "__cpu_dispatch__")]
    told = lists[0] is not None and lists[1] is not None
    table = getattr(core, "__cpu_features__", {})
    return Features(lists[0] or (), lists[1] or (), table, numpy.__version__, told)


def loops():
    """SIMD groups that NumPy's loops run with now, e.g. ``["X86_V3", "baseline(X86_V2)"]``; empty before NumPy 2.1."""
    try:
        from numpy.lib import introspect
    except ImportError:
        return []
    found = introspect.opt_func_info()
    return sorted({signature["current"] for function in found.values() for signature in function.values()})


def silent(features):
    """Why nothing can be switched off in this NumPy and nothing said about its features, or ``None``."""
    if features.told:
        return None
    return (
        "NumPy {} does not read NPY_DISABLE_CPU_FEATURES and does not say which CPU features it uses; "
        "NumPy 1.20 is the first release that does both"
    ).format(features.version)


def still_on(features, name):
    """Why feature ``name`` cannot count as switched off, or ``None``."""
    if not features.told:
        return silent(features)
    if name not in features.known:
        return "NumPy {} knows no CPU feature {}".format(features.version, name)
    users = [g for g in features.groups() if g == name or name in IMPLIES.get(g, ())]
    if not users:
        return None
    through = "" if users == [name] else " (through {})".format(" ".join(users))
    can = " ".join(features.dispatch) or "nothing"
    return "NumPy {} still uses {}{}; what this build can switch off: {}".format(features.version, name, through, can)


def not_exactly(features, names):
    """Why the dispatched groups in use are not exactly ``names``, or ``None``."""
    if not features.told:
        return silent(features)
    found = {g for g in features.dispatch if g in features.enabled}
    if found == set(names):
        return None
    return "NumPy {} uses {} where {} were asked for; what this build can switch: {}".format(
        features.version,
        " ".join(sorted(found)) or "nothing",
        " ".join(names),
        " ".join(features.dispatch) or "nothing",
    )


def above(features, limit, core):
    """Why something above ``limit`` (such as ``AVX2``) may still run, or ``None``; ``core``: OpenBLAS's kernels."""
    if platform.machine().lower() not in ("x86_64", "amd64", "i686", "i386"):
        return "{} belongs to x86 and this machine is {}".format(limit, platform.machine())
    if not features.told:
        return silent(features)
    if limit not in RANK:
        return "no order is known for CPU feature {}".format(limit)
    higher = [g for g in features.groups() if RANK.get(g, ABOVE_ALL) > RANK[limit]]
    if higher:
        can = " ".join(features.dispatch) or "nothing"
        return "NumPy {} still uses {}, above {}; what this build can switch off: {}".format(
            features.version, " ".join(higher), limit, can
        )
    running = [g for g in loops() if not g.startswith("baseline") and _rank_of_loop(g) > RANK[limit]]
    if running:
        return "NumPy {} runs loops compiled for {}, above {}".format(features.version, " ".join(running), limit)
    if core.lower() in AVX512_CORES:
        return "OpenBLAS runs its {} kernels, above {}".format(core, limit)
    return None


def _rank_of_loop(label):
    """The highest rank in a loop's label, which may join several features by ``__`` or spaces."""
    return max(RANK.get(part, ABOVE_ALL) for part in label.replace("__", " ").split())
