"""A stored file is what was written, or one line says that it is not; files of earlier schemas are read."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from reportgen.core.errors import StoredResultError
from reportgen.results import integrity, store, tables, upgrades
from reportgen.results.store import stored_version
from tests.test_store import PAGES, document, write

SAMPLES = Path(__file__).parent / "golden" / "stored"


@pytest.fixture
def lone(tmp_path: Path) -> Path:
    """A results file away from its version's folder."""
    folder = write(tmp_path / "output")
    shutil.copy(folder / "results.json", tmp_path / "results.json")
    return tmp_path / "results.json"


@pytest.fixture
def version(tmp_path: Path) -> Path:
    """A version's folder."""
    return write(tmp_path / "output")


def refusal(path: Path) -> str:
    with pytest.raises(StoredResultError) as caught:
        store.read_document(path)
    told = str(caught.value)
    assert "\n" not in told
    assert told.startswith(str(path.parent))
    return told


# -- the checksum of its own --------------------------------------------------------------------------------
def test_what_is_written_is_read_and_its_checksum_is_no_part_of_it(lone: Path) -> None:
    raw = json.loads(lone.read_text())
    assert list(raw)[-1] == "sha256"
    assert raw["schema"] == store.SCHEMA
    read = store.read_document(lone)
    assert "sha256" not in read
    assert read["measurements"] == document()["measurements"]


def test_every_bit_counts(lone: Path) -> None:
    """One bit flipped anywhere, the checksum itself included: the file is refused wherever it was."""
    whole = lone.read_bytes()
    for place in [*range(40), *range(40, len(whole) - 90, 37), *range(len(whole) - 90, len(whole))]:
        for bit in (0, 4):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << bit
            lone.write_bytes(damaged)
            refusal(lone)
    lone.write_bytes(whole)
    store.read_document(lone)


def test_a_file_cut_off_anywhere_is_refused(lone: Path) -> None:
    whole = lone.read_bytes()
    for length in [*range(30), *range(30, len(whole), 41), *range(len(whole) - 90, len(whole))]:
        lone.write_bytes(whole[:length])
        told = refusal(lone)
        assert "cut off" in told or "no schema" in told or "does not close" in told
    lone.write_bytes(whole[: len(whole) // 2])
    assert f"{len(whole) // 2} bytes" in refusal(lone)


def test_an_edited_number_is_told_apart_from_a_cut_file(lone: Path) -> None:
    text = lone.read_text()
    assert "ns_per_element" in text
    assert text.count("0.1") >= 1
    lone.write_text(text.replace("0.1", "0.2", 1))
    told = refusal(lone)
    assert "changed after it was written" in told
    assert re.search(r"begins [0-9a-f]{12}, the checksum that closes it [0-9a-f]{12}", told)
    assert "again" in told  # how to get on


def test_something_added_behind_or_a_file_laid_out_anew_is_refused(lone: Path) -> None:
    text = lone.read_text()
    for other in (text + "\n", text.replace("\n", "\r\n"), json.dumps(json.loads(text), indent=1)):
        lone.write_bytes(other.encode())
        assert "does not close with its checksum" in refusal(lone)


def test_schema_3_without_a_checksum_is_refused_and_so_is_one_declared_older(lone: Path) -> None:
    raw = json.loads(lone.read_text())
    digest = raw.pop("sha256")
    lone.write_text(store.dumps(raw))
    assert "does not close with its checksum" in refusal(lone)
    text = (
        store.dumps(raw).removesuffix("\n}\n").replace('"schema": 3', '"schema": 2') + f',\n"sha256": "{digest}"\n}}\n'
    )
    lone.write_text(text)
    assert "changed after it was written" in refusal(lone)


def test_a_newer_schema_is_said_to_be_newer_whatever_it_closes_with(lone: Path) -> None:
    raw = json.loads(lone.read_text()) | {"schema": store.SCHEMA + 1}
    del raw["sha256"]
    for text in (store.dumps(raw), integrity.sealed(store.dumps(raw)), store.dumps(raw) + "# more", json.dumps(raw)):
        lone.write_text(text)
        assert f"schema {store.SCHEMA + 1} is newer than {store.SCHEMA}" in refusal(lone)


@pytest.mark.parametrize(
    "text", ['{"schema": 0}', '{"schema": -1}', '{"schema": true}', '{"schema": 2.5}', "[1]", '"x"']
)
def test_what_has_no_schema_number_is_no_result(lone: Path, text: str) -> None:
    lone.write_text(text)
    assert "no schema number" in refusal(lone)


def test_only_objects_are_sealed() -> None:
    with pytest.raises(ValueError, match="object"):
        integrity.sealed("[1]\n")


# -- the list beside it --------------------------------------------------------------------------------------
def test_another_whole_file_in_its_place_is_found_by_the_list(version: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "elsewhere", depth="standard")
    shutil.copy(other / "results.json", version / "results.json")
    told = refusal(version / "results.json")
    assert "SHA256SUMS beside it says" in told
    assert "take results.json out of reportgen-1.0.zip again" in told


def test_profiles_are_held_against_the_list(version: Path) -> None:
    path = version / "profiles" / "exp.json"
    assert store.read_profile(version, "exp")["cases"] == []
    path.write_text('{"function":"exp","cases":[1]}\n')
    with pytest.raises(
        StoredResultError, match=r"exp\.json: is not the file that was stored.*profiles/exp\.json out of"
    ):
        store.read_profile(version, "exp")
    integrity.check_whole(version, "profiles/")
    path.unlink()
    with pytest.raises(StoredResultError, match=r"exp\.json: is missing"):
        integrity.check_whole(version, "profiles/")


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "does not list results.json"), ("abc  results.json\n", "SHA256SUMS:1: got 'abc"), ("\xff", "SHA256SUMS")],
)
def test_a_damaged_list_is_named(version: Path, text: str, told: str) -> None:
    (version / "SHA256SUMS").write_bytes(text.encode("latin-1"))
    assert told in refusal(version / "results.json")


def test_a_folder_without_a_list_is_read(version: Path) -> None:
    (version / "SHA256SUMS").unlink()
    (version / "profiles" / "exp.json").write_text('{"function":"exp","cases":[]}')
    assert store.read_document(version / "results.json")["label"] == "1.0"
    assert store.read_profile(version, "exp")["cases"] == []
    integrity.check_whole(version, "profiles/")


# -- folders and labels ---------------------------------------------------------------------------------------
def test_a_copied_folder_is_told_and_the_true_one_stays_usable(version: Path) -> None:
    output = version.parent
    shutil.copytree(version, output / "1.0-copy")
    with pytest.raises(StoredResultError) as caught:
        store.read_version(output, "1.0-copy")
    told = str(caught.value)
    assert "1.0-copy: carries the label '1.0', and so does" in told
    assert "move it out of the output folder" in told
    listed = {v["label"]: v for v in store.list_versions(output)}
    assert set(listed) == {"1.0", "1.0-copy"}
    assert "carries the label '1.0'" in listed["1.0-copy"]["error"]
    assert "error" not in listed["1.0"]
    assert store.read_version(output, "1.0")["label"] == "1.0"


def test_a_renamed_folder_is_told_too(version: Path) -> None:
    version.rename(version.with_name("2.0"))
    with pytest.raises(StoredResultError, match=r"carries the label '1\.0', expected the label of its folder, '2\.0'"):
        store.read_version(version.parent, "2.0")


def test_a_run_replaces_what_it_cannot_read_only_if_asked_to(version: Path) -> None:
    """A version of a newer schema is somebody's; only the label dev is anybody's."""
    output = version.parent
    raw = json.loads((version / "results.json").read_text()) | {"schema": 99}
    (version / "results.json").write_text(json.dumps(raw))
    with pytest.raises(StoredResultError, match=r"newer.*--fresh"):
        stored_version(output, "1.0", replace_it=False)
    assert stored_version(output, "1.0", replace_it=True) is None
    version.rename(output / "dev")
    assert stored_version(output, "dev", replace_it=False) is None
    assert stored_version(output, "none", replace_it=False) is None


# -- earlier schemas ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("schema", [1, 2])
def test_files_of_earlier_releases_are_read(schema: int, tmp_path: Path) -> None:
    path = SAMPLES / f"schema-{schema}.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    assert (before["schema"], "sha256" in before) == (schema, False)
    read = store.read_document(path)
    assert read["schema"] == store.SCHEMA
    assert set(upgrades.LATER_TABLES) <= set(read)
    row = tables.records(read["measurements"])[0]
    assert (row["function"], row["target"], row["status"]) == ("sqrt", "numpy", "ok")
    assert read["measurements"]["columns"] == list(tables.MEASUREMENT_COLUMNS)
    assert read["determinism"]["columns"] == list(tables.DETERMINISM_COLUMNS)
    assert all("coded" not in read[key] for key in store.TABLES)
    target = read["targets"][0]
    assert (target["pinned"], target["fingerprint"], target["environment"]) == ("", "", None)
    folder = store.write_version(tmp_path, read, {}, PAGES)
    assert store.read_version(tmp_path, folder.name) == read


def test_every_schema_has_a_step_to_the_next() -> None:
    assert sorted(upgrades.STEPS) == list(range(1, store.SCHEMA))


@pytest.mark.parametrize("change", [{"targets": 3}, {"targets": ["numpy"]}, {"functions": "exp"}])
def test_an_earlier_file_of_another_form_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    raw = json.loads((SAMPLES / "schema-1.json").read_text(encoding="utf-8")) | change
    (tmp_path / "results.json").write_text(json.dumps(raw))
    assert "is not a stored result" in refusal(tmp_path / "results.json")
