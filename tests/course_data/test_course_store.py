"""Tests of assignments/course_store.py: folders made whole or not at all, archives, downloads, data of one's own."""

import io
import shutil
import socket
import tarfile
import threading
import zipfile
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import course_data
import course_shoes
import course_store
import pytest


def pack_zip(folder: Path, archive: Path) -> Path:
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder.parent))
    return archive


def pack_tar(folder: Path, archive: Path) -> Path:
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(folder, folder.name)
    return archive


BOTH = pytest.mark.parametrize(("pack", "name"), [(pack_zip, "mini.zip"), (pack_tar, "mini.tar.gz")])


@pytest.fixture
def serve():
    """serve(handler) gives the URL of a server of its own; it ends with the test."""
    servers = []

    def start(handler) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *message):
        pass


# The store


def test_the_store_is_in_the_cache_of_the_home_folder_if_none_is_given(tmp_path, monkeypatch):
    monkeypatch.delenv("GAN_COURSE_DATA")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert course_store.list_stores() == [tmp_path / ".cache" / "gan-course"]


def test_a_store_that_cannot_be_made_is_replaced_by_a_temporary_one(few_shoes, tmp_path, monkeypatch, capsys, quick):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "file"))
    root = course_data.find_pairs(quick)
    assert "cannot be written (GAN_COURSE_DATA names it); using" in capsys.readouterr().out
    assert len(course_data.load_pairs(root, "train")[0]) == 5
    assert course_data.find_pairs(quick) == root


def test_a_store_that_can_only_be_read_is_read(few_shoes, store, monkeypatch, quick):
    root = course_data.find_pairs(quick)
    monkeypatch.setattr(course_store.os, "access", lambda path, mode: False)  # root may write everywhere
    assert course_data.find_pairs(quick) == root
    photos = course_data.find_photos(quick)
    assert not photos.is_relative_to(store)
    assert [path.name for path in store.iterdir()] == [root.name]


def test_making_pairs_that_fails_leaves_nothing_behind(few_shoes, store, monkeypatch, quick):
    def fail(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(course_shoes, "tint", fail)
    with pytest.raises(OSError, match="disk full"):
        course_data.find_pairs(quick)
    assert list(store.iterdir()) == []


def test_two_notebooks_may_make_the_same_folder_at_once(store):
    def fill_after_another(new):
        (new / "a.txt").write_text("mine")
        course_store.keep_folder("made", lambda other: (other / "a.txt").write_text("theirs") and None)

    assert (course_store.keep_folder("made", fill_after_another) / "a.txt").read_text() == "theirs"
    assert [path.name for path in store.iterdir()] == ["made"]


# Pairs and photos of one's own


def test_given_pairs_take_the_place_of_the_shipped(pairs, monkeypatch, capsys, quick):
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(pairs))
    assert course_data.find_pairs(quick) == pairs
    assert capsys.readouterr().out == f"pairs: 2 train, 1 val from {pairs}\n"


@BOTH
def test_an_archive_is_unpacked_once_and_again_when_it_changes(
    pairs, tmp_path, monkeypatch, pack, name, quick, write_pair
):
    (pairs / "train/.DS_Store").write_bytes(b"left by macOS")
    (pairs / "train/._1.png").write_bytes(b"left by macOS")
    archive = pack(pairs, tmp_path / name)
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(archive))
    root = course_data.find_pairs(quick)
    assert sorted(path.name for path in (root / "train").iterdir()) == ["1.png", "2.PNG"]
    assert len(course_data.load_pairs(root, "train")[0]) == 2
    assert course_data.find_pairs(quick) == root
    write_pair(pairs / "train/3.png")
    pack(pairs, archive)
    assert len(list((course_data.find_pairs(quick) / "train").iterdir())) == 3


@BOTH
def test_an_archive_is_fetched_once_with_a_progress_bar(pairs, tmp_path, monkeypatch, capsys, serve, pack, name, quick):
    archive = pack(pairs, tmp_path / name)
    monkeypatch.setenv("GAN_COURSE_PAIRS", f"{serve(partial(Quiet, directory=tmp_path))}/{name}")
    root = course_data.find_pairs(quick)
    assert f"{name}: 100%" in capsys.readouterr().out
    assert len(course_data.load_pairs(root, "val")[0]) == 1
    archive.unlink()
    assert course_data.find_pairs(quick) == root


def test_a_file_that_the_server_does_not_have_is_named(tmp_path, monkeypatch, serve, quick):
    url = f"{serve(partial(Quiet, directory=tmp_path))}/mini.zip"
    monkeypatch.setenv("GAN_COURSE_PAIRS", url)
    with pytest.raises(FileNotFoundError, match=rf"{url}: the server answers 404 .*; check the URL"):
        course_data.find_pairs(quick)


class Breaks(Quiet):
    """Says 1,000 bytes and sends 10."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(bytes(10))


class Fails(Quiet):
    def do_GET(self):
        self.send_error(503)


class Hangs(Quiet):
    ended = threading.Event()

    def do_GET(self):
        self.ended.wait(20)


class HangsUp(BaseHTTPRequestHandler):
    def handle(self):
        pass


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (Breaks, "the connection broke off, expected 1,000 bytes, got 10"),
        (Fails, "the server answers 503 Service Unavailable"),
        (Hangs, "timed out"),
        (HangsUp, "Remote end closed connection without response"),
        (None, "refused"),
    ],
)
def test_without_network_the_shipped_pairs_are_used_and_one_line_says_so(
    few_shoes, store, monkeypatch, capsys, serve, handler, reason, quick
):
    monkeypatch.setattr(course_store, "TIMEOUT", 0.3)
    Hangs.ended.clear()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but does not listen
        url = serve(handler) if handler else f"http://127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setenv("GAN_COURSE_PAIRS", f"{url}/mini.zip")
        root = course_data.find_pairs(quick)
    Hangs.ended.set()
    assert [path.name for path in store.iterdir()] == [root.name] == ["shoe-pairs-1"]
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "cannot be reached" in line]
    assert line.startswith(f"pairs: {url}/mini.zip cannot be reached (")
    assert reason in line
    assert line.endswith("); using what is shipped instead")


@BOTH
@pytest.mark.parametrize("keep", [0, 0.5, 0.95])
def test_half_an_archive_is_refused_by_name(pairs, tmp_path, store, monkeypatch, pack, name, keep, quick):
    archive = pack(pairs, tmp_path / name)
    archive.write_bytes(archive.read_bytes()[: int(keep * archive.stat().st_size)])
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(archive))
    with pytest.raises(ValueError, match=rf"{archive}: .*damaged, or only half of it arrived; fetch it again"):
        course_data.find_pairs(quick)
    assert list(store.iterdir()) == []


@pytest.mark.parametrize("files", [0, 1, 2])
def test_a_tar_archive_that_stops_between_two_files_is_refused(pairs, tmp_path, files):
    with tarfile.open(tmp_path / "mini.tar", "w") as packed:
        for path in sorted(pairs.rglob("*.png"))[:files]:
            packed.add(path, path.name)
        stop = packed.offset
    (tmp_path / "mini.tar").write_bytes((tmp_path / "mini.tar").read_bytes()[:stop])
    with pytest.raises(ValueError, match=r"mini\.tar: .*damaged"):
        course_store.unpack(tmp_path / "mini.tar", tmp_path / "new")


@BOTH
def test_an_archive_with_changed_bytes_is_refused(pairs, tmp_path, monkeypatch, pack, name, quick):
    archive = pack(pairs, tmp_path / name)
    content = bytearray(archive.read_bytes())
    content[len(content) // 4 : len(content) // 4 + 40] = bytes(40)
    archive.write_bytes(content)
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(archive))
    with pytest.raises(ValueError, match=rf"{archive}: .*damaged"):
        course_data.find_pairs(quick)


def test_a_fetched_file_that_is_no_archive_is_named_by_its_url(tmp_path, monkeypatch, serve, quick):
    (tmp_path / "mini.zip").write_text("<html>Sign in, please</html>")
    url = f"{serve(partial(Quiet, directory=tmp_path))}/mini.zip"
    monkeypatch.setenv("GAN_COURSE_PAIRS", url)
    with pytest.raises(ValueError, match=rf"^{url}: expected a zip or tar archive"):
        course_data.find_pairs(quick)


@pytest.mark.parametrize("member", ["../outside.png", "/outside.png", "mini/../../outside.png"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_no_path_of_an_archive_leaves_the_folder(tmp_path, store, monkeypatch, kind, member, quick):
    archive = tmp_path / f"mini.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(archive, "w") as packed:
            packed.writestr(member, b"outside")
    else:
        with tarfile.open(archive, "w") as packed:
            packed.addfile(tarfile.TarInfo(member), io.BytesIO())
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(archive))
    with pytest.raises(ValueError, match=rf"mini\.{kind}: '{member}' would leave the folder; do not use this file"):
        course_data.find_pairs(quick)
    assert list(store.iterdir()) == []


def test_a_link_in_an_archive_that_leads_out_is_refused(tmp_path, monkeypatch, quick):
    link = tarfile.TarInfo("mini/train")
    link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
    with tarfile.open(tmp_path / "mini.tar", "w") as packed:
        packed.addfile(link)
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(tmp_path / "mini.tar"))
    with pytest.raises(ValueError, match=r"mini\.tar: .*do not use this file"):
        course_data.find_pairs(quick)


def test_a_missing_folder_is_named_with_its_variable(tmp_path, monkeypatch, quick):
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError, match=r"none: not there; GAN_COURSE_PAIRS must name a folder, an archive or"):
        course_data.find_pairs(quick)


def test_a_missing_or_empty_split_is_named(pairs, monkeypatch, quick):
    monkeypatch.setenv("GAN_COURSE_PAIRS", str(pairs))
    (pairs / "val/1.png").rename(pairs / "val/1.txt")
    with pytest.raises(FileNotFoundError, match=r"val: expected pictures \(\.jpg, .*see what GAN_COURSE_PAIRS names"):
        course_data.find_pairs(quick)
    shutil.rmtree(pairs / "val")
    with pytest.raises(FileNotFoundError, match=r"val: expected a folder of pictures.*see what GAN_COURSE_PAIRS names"):
        course_data.find_pairs(quick)


@pytest.fixture
def animals(tmp_path, write_pair) -> Path:
    folder = tmp_path / "animals"
    for name in ("cat/1.jpg", "cat/2.jpeg", "dog/1.jpg"):
        write_pair(folder / name)
    return folder


def test_given_photos_take_the_place_of_the_shipped(animals, monkeypatch, capsys, full):
    monkeypatch.setenv("GAN_COURSE_PHOTOS", str(animals))
    assert course_data.find_photos(full) == animals
    assert capsys.readouterr().out == f"photos: 2 cat, 1 dog from {animals}\n"


def test_an_archive_of_photos_may_wrap_them(animals, tmp_path, monkeypatch, quick):
    monkeypatch.setenv("GAN_COURSE_PHOTOS", str(pack_zip(animals, tmp_path / "animals.zip")))
    assert sorted(path.name for path in course_data.find_photos(quick).iterdir()) == ["cat", "dog"]


def test_photos_without_classes_or_pictures_are_named(animals, monkeypatch, quick):
    monkeypatch.setenv("GAN_COURSE_PHOTOS", str(animals / "cat"))
    with pytest.raises(FileNotFoundError, match="cat: expected a sub-folder of pictures for each class, found none"):
        course_data.find_photos(quick)
    monkeypatch.setenv("GAN_COURSE_PHOTOS", str(animals))
    (animals / "dog/1.jpg").unlink()
    with pytest.raises(FileNotFoundError, match="dog: expected pictures"):
        course_data.find_photos(quick)
