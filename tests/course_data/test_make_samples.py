"""Tests of assignments/data/make_samples.py, which makes the shipped sprites."""

import importlib.util
from pathlib import Path

import numpy as np

SCRIPT = Path(__file__).parents[2] / "assignments" / "data" / "make_samples.py"
spec = importlib.util.spec_from_file_location("make_samples_of_the_course", SCRIPT)
make_samples = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_samples)


def test_samples_deal_the_classes_out_in_turn():
    classes = [np.full((201, 28, 28), label, np.uint8) for label in range(10)]
    sprite, labels = make_samples.make_sample(classes)
    assert sprite.shape == (40 * 28, 50 * 28)
    assert sprite[::28, ::28].ravel().tolist() == [int(digit) for digit in labels.replace("\n", "")]
    assert labels.startswith("0123456789")


def test_shoes_begin_anew_in_the_second_split():
    train, test = ([np.full((400, 28, 28), base + label, np.uint8) for label in range(10)] for base in (0, 100))
    sprite, labels = make_samples.make_shoes(train, test)
    assert sprite.shape == (22 * 28, 50 * 28)
    dealt = sprite[::28, ::28].ravel()
    assert dealt[[0, 1, 2, 3, 999, 1000, 1001, 1002, 1099]].tolist() == [5, 7, 9, 5, 5, 105, 107, 109, 105]
    assert [int(digit) for digit in labels.replace("\n", "")] == (dealt % 100).tolist()
