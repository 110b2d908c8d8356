"""Environments of releases: built from a package index that the tests make, never from the network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportgen.catalogue.releases import HISTORY, RELEASES, release_of, requirements
from reportgen.cli import main
from reportgen.core.model import Place, TargetSpec
from reportgen.measure import locks, provision, pythons, shipped, uv, venvs
from reportgen.measure.inventory import inventory
from reportgen.measure.provision import HashError, PinError, build_all, prepare, survey, wish_of

NO_WHEELS = """error: No solution found when resolving dependencies
  cause: Because a==1 has no usable wheels and you require a==1,
         we can conclude that your requirements are unsatisfiable.

hint: Wheels are required
"""
MINOR = f"3.{sys.version_info[1]}"


def wheel(folder: Path, name: str, version: str, needs: str = "", tag: str = "py3-none-any", text: str = "") -> Path:
    """A package of one module, as small as a wheel can be."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}.py": f'__version__ = "{version}"\n{text}',
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = ""
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(content)}\n"
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    place = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(place, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path), content)
    links = [f'<a href="../{path.name}">{path.name}</a>' for path in sorted(folder.glob(f"{name}-*.whl"))]
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "index.html").write_text(f"<!DOCTYPE html><html><body>{' '.join(links)}</body></html>")
    return place


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index, the only place that uv may take any from; the Python of the tests is the only one."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel(folder, "planted", "1.0", "helper<3")
    wheel(folder, "planted", "2.0")
    wheel(folder, "helper", "2.5")
    wheel(folder, "helper", "3.0")
    wheel(folder, "ancient", "1.0", tag="cp27-cp27m-linux_x86_64")
    monkeypatch.setenv("UV_DEFAULT_INDEX", folder.as_uri())
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "none"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "none"))
    monkeypatch.setenv(pythons.PLACES, sys.executable)
    pythons.find.cache_clear()
    yield folder
    pythons.find.cache_clear()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def release(version: str = "1.0", name: str = "", library: str = "planted", **more: object) -> TargetSpec:
    more = {"python": MINOR} | more
    return TargetSpec(name or f"{library}@{version}", library, version=version, base=library, **more)  # type: ignore[arg-type]


def ask(place: Place, code: str) -> str:
    done = subprocess.run([place.python, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def folders(cache: Path) -> list[Path]:
    return sorted(path for path in (cache / "environments").glob("*") if path.is_dir() and path.name != "locks")


# -- building and reusing --------------------------------------------------------------------------


def test_releases_get_environments_of_their_own(index: Path, cache: Path) -> None:
    said: list[str] = []
    targets = [release(), release("2.0"), release(name="planted-too@1.0"), TargetSpec("numpy", "numpy")]
    found = prepare(targets, cache, said.append)
    assert found["numpy"] == Place()
    first, second = found["planted@1.0"], found["planted@2.0"]
    assert found["planted-too@1.0"] == first
    assert first.packages == (("helper", "2.5"), ("planted", "1.0"))
    assert ask(first, "import planted, helper; print(planted.__version__, helper.__version__)") == "1.0 2.5"
    assert ask(second, "import planted; print(planted.__version__)") == "2.0"
    assert ask(second, "import importlib.util as u; print(u.find_spec('helper'))") == "None"
    assert first.identity != second.identity
    assert Path(first.python).parent.parent.name == first.identity
    assert len(folders(cache)) == 2
    assert sum("built in" in text for text in said) == 2


def test_what_is_there_is_used_without_uv_and_without_an_index(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tree_digest: Callable[[Path], str]
) -> None:
    first = prepare([release()], cache)
    before = tree_digest(cache)
    shutil.rmtree(index)
    monkeypatch.setattr(uv, "find_uv", lambda: None)
    assert prepare([release()], cache) == first
    assert tree_digest(cache) == before
    assert build_all([release()], cache, print)["planted@1.0"].state == "ready"


def test_the_lock_is_hashed_and_kept(index: Path, cache: Path) -> None:
    prepare([release()], cache)
    (kept,) = (cache / "environments" / "locks").glob("*.txt")
    text = kept.read_text()
    assert f"# requirements: planted==1.0\n# for: {sys.platform.capitalize()} " in text
    digest = hashlib.sha256((index / "planted-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    assert f"--hash=sha256:{digest}" in text
    assert text.count("==") - 1 == text.count("--hash=")  # the comment names one more
    wheel(index, "helper", "2.6")
    shutil.rmtree(folders(cache)[0])
    assert ("helper", "2.5") in prepare([release()], cache)["planted@1.0"].packages


def test_further_packages_of_a_target_count(index: Path, cache: Path) -> None:
    plain = prepare([release("2.0")], cache)["planted@2.0"]
    more = prepare([release("2.0", packages=("helper<2.7",))], cache)["planted@2.0"]
    assert more.packages == (("helper", "2.5"), ("planted", "2.0"))
    assert more.identity != plain.identity


def test_two_runs_at_once_share_one_build(index: Path, cache: Path) -> None:
    said: list[str] = []
    found: list[dict[str, Place]] = []
    runs = [threading.Thread(target=lambda: found.append(prepare([release()], cache, said.append))) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert found[0] == found[1] == found[2]
    assert not found[0]["planted@1.0"].reason
    (folder,) = folders(cache)
    marker = json.loads((folder / venvs.MARKER).read_text())
    built = {text for text in said if "built in" in text}
    assert built == {f"environment of planted@1.0 built in {marker['seconds']:.1f} s"}


# -- damage ----------------------------------------------------------------------------------------


def damages() -> dict[str, Callable[[Path], object]]:
    site = f"lib/python{MINOR}/site-packages"
    return {
        "no marker": lambda folder: (folder / venvs.MARKER).unlink(),
        "half a marker": lambda folder: (folder / venvs.MARKER).write_text('{"identity": "'),
        "a file gone": lambda folder: (folder / site / "helper.py").unlink(),
        "a file more": lambda folder: (folder / site / "sitecustomize.py").write_text(""),
        "no interpreter": lambda folder: (folder / "bin" / "python").unlink(),
        "a dangling interpreter": lambda folder: relink(folder / "bin" / "python", "/missing/python"),
        "another interpreter": lambda folder: relink(folder / "bin" / "python", "/bin/sh"),
    }


def relink(link: Path, target: str) -> None:
    link.unlink()
    link.symlink_to(target)


@pytest.mark.parametrize("what", damages())
def test_a_damaged_environment_is_built_again(index: Path, cache: Path, what: str) -> None:
    place = prepare([release()], cache)["planted@1.0"]
    (folder,) = folders(cache)
    damages()[what](folder)
    assert survey([release()], cache)["planted@1.0"].state == "not built"
    assert prepare([release()], cache)["planted@1.0"] == place
    assert venvs.state_of(folder) is not None
    assert ask(place, "import planted, helper; print(helper.__version__)") == "2.5"
    assert not (folder / f"lib/python{MINOR}/site-packages/sitecustomize.py").exists()


def test_what_was_cut_off_in_uvs_cache_is_fetched_anew(index: Path, cache: Path) -> None:
    """Installed files are links into uv's cache: one that is cut off would come back with every build."""
    place = prepare([release()], cache)["planted@1.0"]
    (folder,) = folders(cache)
    installed = folder / f"lib/python{MINOR}/site-packages/helper.py"
    assert venvs.damaged(folder) == []
    installed.write_text("")  # in place, and so in uv's cache where that is a link
    assert venvs.damaged(folder) == ["helper.py"]
    (folder / venvs.MARKER).unlink()
    assert prepare([release()], cache)["planted@1.0"] == place
    assert ask(place, "import helper; print(helper.__version__)") == "2.5"


def test_a_library_that_was_cut_off_is_noticed_and_bytecode_is_not_damage(tmp_path: Path) -> None:
    (tmp_path / "pkg" / "__pycache__").mkdir(parents=True)
    (tmp_path / "pkg" / "core.so.2").write_bytes(b"1234")
    before = venvs.content_of(tmp_path)
    (tmp_path / "pkg" / "__pycache__" / "x.pyc").write_bytes(b"")
    assert venvs.content_of(tmp_path) == before
    (tmp_path / "pkg" / "core.so.2").write_bytes(b"123")
    assert venvs.content_of(tmp_path) != before


def test_a_run_killed_while_it_builds_leaves_nothing_that_misleads(index: Path, cache: Path, tmp_path: Path) -> None:
    """Its uv outlives it: the next run waits for that one's lock, then builds anew."""
    slow = tmp_path / "slow-uv"
    real = uv.find_uv()
    slow.write_text(f'#!/bin/sh\n[ "$2" = sync ] && {{ touch {tmp_path}/syncing; sleep 2; }}\nexec {real} "$@"\n')
    slow.chmod(0o755)
    code = f"""
        from pathlib import Path
        from reportgen.core.model import TargetSpec
        from reportgen.measure import provision, uv
        uv.find_uv = lambda: {str(slow)!r}
        target = TargetSpec("planted@1.0", "planted", version="1.0", base="planted", python={MINOR!r})
        provision.prepare([target], Path({str(cache)!r}))
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)])
    deadline = time.monotonic() + 60
    while not (tmp_path / "syncing").exists() and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (folder,) = folders(cache)
    assert venvs.state_of(folder) is None
    begun = time.monotonic()
    place = prepare([release()], cache)["planted@1.0"]
    assert time.monotonic() - begun > 0.5  # the orphan's sleep
    assert ask(place, "import planted; print(planted.__version__)") == "1.0"
    assert venvs.state_of(folder) is not None


def test_an_interrupted_build_leaves_no_half_environment(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(recipe: venvs.Recipe, folder: Path, held: int) -> uv.Ending:
        folder.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(venvs, "_install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare([release()], cache)
    assert folders(cache) == []


# -- pins, hashes, networks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "pieces"),
    [
        (release("9.9.9"), ("planted@9.9.9", "planted==9.9.9")),
        (release("1.0", packages=("helper>=3",)), ("planted@1.0", "planted==1.0, helper>=3", "helper<3")),
        (release("1.0", packages=("nowhere",)), ("planted@1.0", "nowhere")),
        (release("1.0", library="ancient"), ("ancient@1.0", f"for Python {MINOR}")),
    ],
)
def test_pins_that_cannot_be_had_are_one_clear_line(
    index: Path, cache: Path, target: TargetSpec, pieces: tuple[str, ...]
) -> None:
    with pytest.raises(PinError) as error:
        prepare([release("2.0"), target], cache)
    assert all(piece in str(error.value) for piece in pieces), str(error.value)
    assert "\n" not in str(error.value)
    assert (error.value.slug, error.value.exit_code) == ("pins", 2)
    assert folders(cache) == []  # not even that of the target that can be had


def test_a_release_that_is_not_for_this_machine_is_unavailable(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reportgen.catalogue.releases.NEWEST", (MINOR,))
    place = prepare([release("1.0", library="ancient", python="")], cache)["ancient@1.0"]
    assert place.reason.startswith("ancient 1.0 was not made for this machine")
    assert not place.python


def test_a_file_that_is_not_the_locked_one_is_refused(index: Path, cache: Path, tmp_path: Path) -> None:
    prepare([release()], cache)
    (folder,) = folders(cache)
    shutil.rmtree(folder)
    shutil.rmtree(tmp_path / "uv")
    wheel(index, "helper", "2.5", text="evil = True\n")
    with pytest.raises(HashError, match=r"target planted@1\.0: a package is not the file .*helper") as error:
        prepare([release()], cache)
    assert "\n" not in str(error.value)
    assert folders(cache) == []


def test_a_lock_that_was_edited_is_another_environment(index: Path, cache: Path) -> None:
    first = prepare([release()], cache)["planted@1.0"]
    (kept,) = (cache / "environments" / "locks").glob("*.txt")
    kept.write_text(re.sub(r"(--hash=sha256:)[0-9a-f]{8}", r"\g<1>00000000", kept.read_text()))
    assert survey([release()], cache)["planted@1.0"].place.identity != first.identity
    with pytest.raises(HashError):
        prepare([release()], cache)


def test_without_a_network_the_target_is_unavailable(index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    place = prepare([release()], cache)["planted@1.0"]
    assert "planted 1.0 is not in the cache, and the package index cannot be reached: " in place.reason
    assert "127.0.0.1:9" in place.reason
    assert not re.search(r"\d s\b|\ds\b", place.reason)  # a time would make two runs different
    assert folders(cache) == []


def test_without_uv_it_says_what_to_install(index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv, "find_uv", lambda: None)
    place = prepare([release()], cache)["planted@1.0"]
    assert place.reason.endswith("could not be made: uv is not installed: pip install uv")


def test_a_cache_that_cannot_be_written_is_a_reason(index: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = prepare([release()], tmp_path / "file")["planted@1.0"]
    assert "cannot be written" in place.reason


def test_the_shell_cannot_weaken_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_NO_VERIFY_HASHES", "UV_CONSTRAINT", "UV_SYSTEM_PYTHON", "VIRTUAL_ENV", "PYTHONPATH", "UV_PYTHON"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("UV_INDEX_URL", "http://mirror")
    monkeypatch.setenv("https_proxy", "http://proxy")
    env = uv.uv_environment()
    assert not {"UV_NO_VERIFY_HASHES", "UV_CONSTRAINT", "UV_SYSTEM_PYTHON", "VIRTUAL_ENV", "PYTHONPATH"} & set(env)
    assert (env["UV_INDEX_URL"], env["https_proxy"], env["UV_PYTHON_DOWNLOADS"]) == (
        "http://mirror",
        "http://proxy",
        "never",
    )


@pytest.mark.parametrize(
    ("errors", "kind", "said"),
    [
        (" Downloaded numpy\n   Built x==1\nerror: Failed to write\n  cause: No space left on device\n", "failed",
         "Failed to write No space left on device"),
        (NO_WHEELS, "unsuitable", "a==1 has no usable wheels"),
        ("error: Failed to fetch: http://x/\n  cause: dns error\n", "network", "Failed to fetch: http://x/ dns error"),
        ("error: Request failed after 3 retries in 10.7s\n  cause: Failed to fetch: http://x/\n", "network",
         "Failed to fetch: http://x/"),
        ("", "failed", ""),
    ],
)  # fmt: skip
def test_complaints_are_condensed(errors: str, kind: str, said: str) -> None:
    assert (uv.kind_of(errors), uv.condensed(errors)) == (kind, said)
    assert len(uv.condensed("word " * 1000)) <= 300


def test_a_uv_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(uv, "find_uv", lambda: str(program))
    ending = uv.run_uv(["pip"], tmp_path, seconds=0.5)
    assert (ending.kind, ending.said) == ("failed", "uv was not ready within 0.5 s")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


# -- interpreters ----------------------------------------------------------------------------------


def test_a_missing_interpreter_says_what_to_install(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    pythons.find.cache_clear()
    old, newer = prepare([release(python="3.6"), release("2.0", python="3.9")], cache).values()
    assert old.reason.startswith("planted 1.0 needs Python 3.6, and this machine has none: pyenv (")
    assert newer.reason == "planted 2.0 needs Python 3.9, and this machine has none: uv python install 3.9"


def test_an_interpreter_of_another_machine_is_named(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "none" / "python3.6"
    path.parent.mkdir()
    path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00" + (22).to_bytes(2, "little") + bytes(40))
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(path.parent))
    pythons.find.cache_clear()
    (place,) = prepare([release(python="3.6")], cache).values()
    assert f"({path} is a program for s390x, this machine is {os.uname().machine})" in place.reason


def test_an_interpreter_that_lies_ends_as_a_reason(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    facts = {"version": "3.6.15", "implementation": "CPython", "system": "Linux", "machine": os.uname().machine,
             "bits": 64, "abi": "", "libc": ""}  # fmt: skip
    liar = tmp_path / "liar"
    liar.write_text(f"#!/bin/sh\n[ \"$1\" = -E ] && echo '{json.dumps(facts)}'\n")
    liar.chmod(0o755)
    monkeypatch.setenv(pythons.PLACES, str(liar))
    pythons.find.cache_clear()
    (place,) = prepare([release(python="3.6")], cache).values()
    assert place.reason.startswith("the environment of planted 1.0 could not be made: ")
    assert str(liar) in place.reason
    assert folders(cache) == []


def test_a_gpu_target_without_a_gpu_builds_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision, "gpu_devices", list)
    target = TargetSpec("tensorflow-gpu@2.19.1", "tensorflow", device="GPU", version="2.19.1", base="tensorflow-gpu")
    (place,) = prepare([target], cache).values()
    assert place.reason == "TensorFlow sees no GPU: this machine has no NVIDIA device"
    assert wish_of(target).wanted[0] == "tensorflow[and-cuda]==2.19.1"


# -- the releases of ten years ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("library", "version", "python", "first"),
    [
        ("numpy", "1.13.1", "3.6", "numpy==1.13.1"),
        ("numpy", "2.3.5", "3.13", "numpy==2.3.5"),
        ("numpy", "99.0", "3.13", "numpy==99.0"),
        ("tensorflow", "1.2.0", "3.6", "tensorflow==1.2.0"),
        ("tensorflow", "2.4.4", "3.8", "tensorflow-cpu==2.4.4"),
        ("jax", "0.4.30", "3.12", "jax[cpu]==0.4.30"),
        ("unheard", "1.0", "3.13", "unheard==1.0"),
        ("numpy", "no.version!", "3.13", "numpy==no.version!"),
    ],
)
def test_each_release_has_its_python_and_its_name(library: str, version: str, python: str, first: str) -> None:
    line = release_of(library, version)
    assert line.pythons[0] == python
    assert requirements(line, version, library)[0] == first


def test_the_lines_of_a_library_stand_in_order() -> None:
    from packaging.version import Version

    for library in {line.library for line in RELEASES}:
        since = [Version(line.since) for line in RELEASES if line.library == library]
        assert since == sorted(set(since))
        assert since[0] == Version("0")


def test_every_release_of_the_history_has_a_lock(root: Path) -> None:
    named = {locks.BUILD.name}
    for library, versions in HISTORY.items():
        for version in versions:
            wish = wish_of(TargetSpec("t", library, version=version, base=library))
            python = pythons.Interpreter("", f"{wish.pythons[0]}.1", "CPython", "Linux", "x86_64", 64, "", "")
            lock = locks.shipped_lock(f"{library}-{version}", wish.wanted, python)
            assert lock is not None, f"{library} {version}: run make locks"
            assert version in dict(lock.packages).values()
            assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=[a-z])", lock.text, flags=re.M)[1:])
            named.add(locks.lock_name(f"{library}-{version}", python))
            other = pythons.Interpreter("", f"{wish.pythons[0]}.1", "CPython", "Linux", "aarch64", 64, "", "")
            assert locks.shipped_lock(f"{library}-{version}", wish.wanted, other) is None
            assert locks.shipped_lock(f"{library}-{version}", (*wish.wanted, "six"), python) is None
    assert {path.name for path in locks.SHIPPED.iterdir()} == named


def test_locks_are_made_again(index: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped, "HISTORY", {"planted": ("1.0", "9.0")})
    monkeypatch.setattr("reportgen.catalogue.releases.NEWEST", (MINOR,))
    folder = tmp_path / "locks"
    folder.mkdir()
    (folder / "gone-1.0-py3.6.txt").write_text("")
    (folder / f"planted-9.0-py{MINOR}.txt").write_text("as it was")
    said = dict(shipped.make_locks(folder, cache))
    assert said[f"planted-1.0-py{MINOR}.txt"] == "2 packages"
    assert "planted==9.0" in said[f"planted-9.0-py{MINOR}.txt"]
    assert said["gone-1.0-py3.6.txt"] == "removed"
    assert (folder / f"planted-9.0-py{MINOR}.txt").read_text() == "as it was"
    monkeypatch.setattr(locks, "SHIPPED", folder)
    shutil.rmtree(cache)
    recipe = survey([release(python="")], cache)["planted@1.0"].recipe
    assert recipe is not None
    assert recipe.lock.shipped


# -- the command -----------------------------------------------------------------------------------


def test_the_command_lists_without_building(
    index: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(cache))
    spec = tmp_path / "spec.toml"
    spec.write_text('title = "t"\ntargets = ["numpy", "numpy@1.13.1"]\nfunctions = ["sqrt"]\ndtypes = ["float32"]\n')
    assert main(["environments", "--list", str(spec)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("numpy@1.13.1  ")
    assert not cache.exists()
    spec.write_text('title = "t"\ntargets = ["numpy"]\nfunctions = ["sqrt"]\ndtypes = ["float32"]\n')
    assert main(["environments", str(spec)]) == 0
    assert "nothing to build" in capsys.readouterr().err
    assert main(["environments", "--targets", "numpy@1.13.1", str(spec)]) == 2
    assert main(["environments", "--list", "--targets", "nump@1.13.1"]) == 2


def test_the_command_refuses_pins_in_one_line(
    index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(cache))
    wheel(index, "numpy", "1.0")
    monkeypatch.setattr("reportgen.catalogue.releases.RELEASES", ())
    monkeypatch.setattr("reportgen.catalogue.releases.NEWEST", (MINOR,))
    assert main(["environments", "--targets", "numpy@9.9.9"]) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line == (
        "reportgen: error: target numpy@9.9.9: numpy==9.9.9 cannot be installed: "
        "there is no version of numpy==9.9.9 [pins]"
    )
    assert main(["environments", "--targets", "numpy@1.0"]) == 0
    row = capsys.readouterr().out
    assert row.startswith("numpy@1.0  Python 3.")
    assert " built in " in row


def test_doctor_counts_what_is_there(index: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inventory(cache)[2].found == f"none in {cache / 'environments'}"
    prepare([release()], cache)
    assert inventory(cache)[2].found.startswith("1 environment in ")
    monkeypatch.setenv("PATH", str(cache))
    pythons.find.cache_clear()
    found = inventory(cache)[1]
    assert not found.ok
    assert "no 3.6" in found.found
    assert "pyenv install 3.6" in found.how


@pytest.mark.full
def test_a_release_of_the_index_is_measured_in_its_environment(tmp_path: Path) -> None:
    """The one test that needs the network, and a Python of some years ago."""
    from reportgen.measure.explain import explain

    pythons.find.cache_clear()
    wanted = TargetSpec("numpy@1.25.2", "numpy", version="1.25.2", base="numpy")
    (place,) = prepare([wanted], tmp_path).values()
    if place.reason:
        assert "needs Python 3.11" in place.reason or "index cannot be reached" in place.reason
        return
    answer = explain("sqrt", "float32", ["4"], [wanted.name, "numpy"], tmp_path)
    assert {(row["target"], row["status"], row["ulp"]) for row in answer["answers"]} == {
        ("numpy@1.25.2", "ok", 0.0),
        ("numpy", "ok", 0.0),
    }
