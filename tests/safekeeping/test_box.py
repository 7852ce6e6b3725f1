"""The box: what goes in comes out, it stands there whole or not at all, and every byte of it counts."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openroads.safekeeping import box, sealing
from openroads.safekeeping.faults import CannotKeep, Damaged

NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=60).filter(lambda name: name not in ("..", ".", box.SUMS))  # fmt: skip


def packed(place: Path, members: dict[str, bytes]) -> Path:
    place.unlink(missing_ok=True)
    with box.Packing(place) as packing:
        for name, data in members.items():
            packing.add_bytes(name, data)
    return place


def unpacked(place: Path) -> dict[str, bytes]:
    box.check_whole(place)
    return {name: content.read(size) for name, size, content in box.members(place)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("box")


@settings(suppress_health_check=[HealthCheck.too_slow])  # a crowded machine draws slowly
@given(members=st.dictionaries(NAMES, st.binary(max_size=3000), max_size=6))
def test_what_goes_in_comes_out(folder: Path, members: dict[str, bytes]) -> None:
    place = packed(folder / "openroads-in.tar.zst", members)
    assert unpacked(place) == members
    assert place.stat().st_mode & 0o777 == 0o600


@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_any_byte_that_differs_is_found(folder: Path, place: float, flip: int) -> None:
    whole = packed(folder / "openroads-flip.tar.zst", {"a": b"x" * 500, "b/c": os.urandom(300)})
    data = bytearray(whole.read_bytes())
    data[int(place * len(data))] ^= flip
    whole.write_bytes(data)
    with pytest.raises(Damaged):
        box.check_whole(whole)


@given(share=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_off_is_found(folder: Path, share: float) -> None:
    whole = packed(folder / "openroads-cut.tar.zst", {"a": os.urandom(400)})
    data = whole.read_bytes()
    whole.write_bytes(data[: int(share * len(data))])
    with pytest.raises(Damaged):
        box.check_whole(whole)


def test_other_programs_open_it(tmp_path: Path) -> None:
    place = packed(tmp_path / "openroads-x.tar.zst", {"house.json": b"{}", "a/b": b"told"})
    program = ["tar", "--zstd", "-xOf", str(place), "a/b"]
    done = subprocess.run(program, capture_output=True, check=False)
    if b"zstd" in done.stderr and b"Cannot exec" in done.stderr:
        pytest.skip("no zstd program here")
    assert (done.returncode, done.stdout) == (0, b"told"), done.stderr


def test_a_member_that_is_not_what_was_put_in_is_named(tmp_path: Path, monkeypatch: Any) -> None:
    """Whoever writes a box anew with its own sum behind it is found by the list inside."""
    place = tmp_path / "openroads-x.tar.zst"
    with box.Packing(place) as packing:
        packing.add_bytes("a", b"one")
        packing._sums[0] = ("a", 3, "0" * 64)
    box.check_whole(place)
    with pytest.raises(Damaged, match="a is not what was put in"):
        unpacked(place)


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../up"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    place = packed(tmp_path / "openroads-x.tar.zst", {name: b"evil"})
    with pytest.raises(Damaged, match="which no backup has"):
        unpacked(place)


@pytest.mark.parametrize("data", [b"", b"short", b"no box" * 100])
def test_another_file_is_no_backup(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "holiday.jpg").write_bytes(data)
    with pytest.raises(Damaged, match="no backup of Openroads"):
        box.check_whole(tmp_path / "holiday.jpg")


def failing(packing: box.Packing) -> None:
    raise RuntimeError("in the midst")


def full(packing: box.Packing) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("deed", "kind"), [(failing, RuntimeError), (full, CannotKeep)])
def test_after_a_failure_nothing_stands_there(
    tmp_path: Path, deed: Callable[[box.Packing], None], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        with box.Packing(tmp_path / "openroads-x.tar.zst") as packing:
            packing.add_bytes("a", b"one")
            deed(packing)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    place = packed(tmp_path / "openroads-x.tar.zst", {"a": b"one"})
    with pytest.raises(CannotKeep, match="is there already"):
        box.Packing(place)
    assert unpacked(place) == {"a": b"one"}


def test_two_do_not_write_the_same_and_what_a_killed_one_left_is_taken_away(tmp_path: Path) -> None:
    with box.Packing(tmp_path / "openroads-x.tar.zst") as packing:
        packing.add_bytes("a", b"one")
        with pytest.raises(CannotKeep, match="Another backup is being written"):
            box.Packing(tmp_path / "openroads-x.tar.zst")
        assert box.clear_left_over(tmp_path) == 0, "it is being written"
    (tmp_path / "openroads-y.tar.zst.part").write_bytes(b"half")
    assert box.clear_left_over(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["openroads-x.tar.zst"]


WRITER = """
import sys
from pathlib import Path
from openroads.safekeeping import box
with box.Packing(Path(sys.argv[1])) as packing:
    packing.add_bytes("a", b"x" * 1_000_000)
    print("half", flush=True)
    sys.stdin.read()
"""


def test_killed_in_the_midst_nothing_stands_under_its_name(tmp_path: Path) -> None:
    place = tmp_path / "openroads-x.tar.zst"
    with subprocess.Popen([sys.executable, "-c", WRITER, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:  # fmt: skip
        assert writer.stdout is not None and writer.stdout.readline() == b"half\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert not place.exists()
    assert unpacked(packed(place, {"a": b"again"})) == {"a": b"again"}
    assert list(tmp_path.iterdir()) == [place]


@given(keys=st.binary(max_size=300))
def test_keys_open_with_their_passphrase_only(keys: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "COST", 2**4)  # a third of a second each otherwise
        seal = sealing.sealed(keys, "correct horse battery")
        assert sealing.opened(seal, "correct horse battery") == keys
        assert len(keys) < 8 or keys not in seal
        with pytest.raises(CannotKeep, match="not the passphrase"):
            sealing.opened(seal, "correct horse batterY")


def test_a_passphrase_is_as_dear_to_guess_as_it_should_be() -> None:
    began = time.process_time()
    told = json.loads(sealing.sealed(b"keys", "correct horse battery"))
    assert told["cost"] == 2**17 and time.process_time() - began > 0.02


@pytest.mark.parametrize("written", ["", "short", "\nsecond line is long enough"])
def test_a_short_passphrase_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "pass").write_text(written)
    with pytest.raises(CannotKeep, match="needs 12 characters"):
        sealing.passphrase_in(tmp_path / "pass")
