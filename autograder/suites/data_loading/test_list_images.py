"""Hidden tests of list_images."""

import pytest
import torch

from autograder.compare import expect, expect_equal, hinting
from autograder.suites.data_loading.pictures import draw_bytes, write
from autograder.suites.data_loading.reference import encode

NAME = "list_images"
LIST_HINT = "Does it return a list of Paths, root and split included?"
STEMS = ("apple", "boot", "clog", "derby", "espadrille", "felt", "galosh", "heel")


def shuffled(rng, names):
    """The names in an order in which neither they nor their reverse are sorted: as a file system may give them."""
    order = sorted(names, reverse=True)
    while len(names) > 2 and order in (sorted(names), sorted(names, reverse=True)):
        order = [names[index] for index in torch.randperm(len(names), generator=rng).tolist()]
    return order


def ask(submission, root, split):
    """What is found, relative to root; a path from elsewhere stays as it is."""
    with hinting(LIST_HINT):
        paths = [item.path() for item in submission.call(NAME, root, split).sequence()]
    for place in (root.method("as_posix").text(), root.method("resolve").path()):
        paths = [path.removeprefix(f"{place}/") for path in paths]
    return paths


def check(submission, rng, wanted, others=(), *, hint, folder="pictures", split="train"):
    """Write all those files; WrongAnswer unless exactly the wanted ones are found. What was found, in its order."""
    files = dict.fromkeys(shuffled(rng, [*wanted, *others]), encode(draw_bytes(rng, 2, 4, 3), "PNG"))
    got = ask(submission, write(submission, files, folder), split)
    missing, extra = set(wanted) - set(got), set(got) - set(wanted)
    expect(not got or any("/" in path for path in got), "what was found are names, no paths to files", LIST_HINT)
    expect(not missing, f"{len(missing)} of {len(wanted)} pictures were not found", hint)
    expect(not extra, f"{len(extra)} paths are none of the folder's pictures", hint)
    expect(
        len(got) == len(wanted),
        "some pictures were found twice",
        "Does one picture match twice what you look for?",
    )
    return got


@pytest.mark.points(2)
def test_endings(submission, rng):
    """Pictures are files that end in .jpg, .jpeg or .png, in capitals or not"""
    hint = "Which endings does it know, and does the dot belong to them? What of capitals, also in part?"
    check(submission, rng, [f"train/{stem}.png" for stem in STEMS[:3]], ["train/notes.txt", "train/read.md"], hint=hint)
    endings = ("jpg", "jpeg", "png")
    check(submission, rng, [f"train/{s}.{e}" for s, e in zip(STEMS, endings, strict=False)], hint=hint)
    capitals = ("JPG", "JPEG", "PNG", "Jpg", "jPeG", "Png")
    others = ["train/boot.png.txt", "train/clogpng", "train/png", "train/jpeg", "train/heel.JPG_", "train/a.gif"]
    check(submission, rng, [f"train/{s}.{e}" for s, e in zip(STEMS, capitals, strict=False)], others, hint=hint)


@pytest.mark.points(2)
def test_sorted_paths(submission, rng):
    """They come sorted, as Paths"""
    hint = "Are all pictures of the folder found?"
    mixed = [f"train/{stem}.{('png', 'jpg')[index % 2]}" for index, stem in enumerate(STEMS)]
    for wanted in ([f"train/{stem}.png" for stem in STEMS], mixed):
        expect_equal(
            check(submission, rng, wanted, hint=hint),
            wanted,
            "order of the pictures",
            mistakes={"Are they sorted the wrong way round?": wanted[::-1]},
            hint="Are they sorted, all endings together? A file system lists files in an order of its own.",
        )
    root = write(submission, dict.fromkeys(mixed, draw_bytes(rng, 2, 4, 3)))
    with hinting(LIST_HINT):
        for item in submission.call(NAME, root, "train").sequence():
            expect(item.described == "a path", f"expected a Path for each picture, got {item.described}")


@pytest.mark.points(2)
def test_only_files_in_the_folder(submission, rng):
    """Sub-folders, what is in them, and hidden files are no pictures of the folder"""
    wanted = [f"train/{stem}.png" for stem in STEMS[:4]]
    check(
        submission,
        rng,
        wanted,
        ["train/more/inside.png", "train/more/deep/inside.png"],
        hint="Does it look into folders inside of the folder?",
    )
    check(
        submission,
        rng,
        wanted,
        ["train/heel.png/notes.txt", "train/kept.jpg/notes.txt"],
        hint="Is everything with such a name a file? A folder may be called like a picture.",
    )
    check(
        submission,
        rng,
        wanted,
        ["train/.png", "train/.hidden.png", "train/._boot.png"],
        hint="Which files are hidden? Their names tell (some systems leave ._ files beside pictures).",
    )


@pytest.mark.points(1)
def test_root_and_split(submission, rng):
    """It looks into root/split and nowhere else, whatever root is called"""
    hint = "Does it look into root/split, for the root and the split it was given?"
    for split, folder in (("train", "pictures"), ("val", "other pictures")):
        wanted = [f"{split}/{stem}{len(folder)}.png" for stem in STEMS[:3]]
        others = [f"{name}/{STEMS[4]}{index}.png" for index, name in enumerate({"train", "val", "test"} - {split})]
        check(submission, rng, wanted, [*others, "above.png"], hint=hint, folder=folder, split=split)
    for folder in ("pairs [1]", "set[ab]"):
        check(
            submission,
            rng,
            [f"train/{stem}.png" for stem in STEMS[:3]],
            hint="Is root taken for a pattern? To glob, [ and * in it mean something: see glob.escape, or list it.",
            folder=folder,
        )
    files = {f"train/{stem}.png": encode(draw_bytes(rng, 2, 4, 3), "PNG") for stem in STEMS[:2]}
    root = write(submission, files).method("as_posix").text()
    with hinting("Does it work for a root that is a text, as well as for a Path? Path(root) takes both.", errors=True):
        found = submission.call(NAME, root, "train").sequence()
        expect_equal(len(found), len(files), "number of pictures for a root that is a text")


@pytest.mark.points(1)
def test_missing_folder(submission, rng):
    """A split that is no folder raises a FileNotFoundError that names it"""
    hint = "Are the pictures of a folder that exists found? One without pictures is empty, not missing."
    with hinting(hint, errors=True):
        check(submission, rng, ["train/boot.png"], hint=hint)
        check(submission, rng, [], ["train/notes.txt"], hint=hint)
    root = write(
        submission, {"train/boot.png": draw_bytes(rng, 2, 4, 3), "file": encode(draw_bytes(rng, 2, 4, 3), "PNG")}
    )
    hint = "Look first whether root/split is a folder, and say in the message which folder was expected."
    for split in ("vall", "file"):
        with hinting(hint):
            raised = submission.raises(NAME, root, split)
        where = "there is no such folder" if split == "vall" else "a file stands in the folder's place"
        expect(
            "FileNotFoundError" in raised.types,
            f"expected a FileNotFoundError where {where}, got {(raised.types or ('an exception',))[0][:60]}",
            hint,
        )
        expect(split in raised.message, f"the error's message does not name the folder where {where}", hint)
