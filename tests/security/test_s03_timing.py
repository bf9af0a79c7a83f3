"""S3: time does not tell who has signed.

`make bench` measures it (benchmarks/asking.py), since a busy machine proves nothing; here, that it can.
"""

from __future__ import annotations

import random

from benchmarks.asking import mann_whitney
from benchmarks.table import ROWS, TIMING


def test_the_gap_has_a_bound_and_a_row() -> None:
    assert TIMING in ROWS and TIMING.bound == 1 and TIMING.most


def test_the_test_of_ranks_tells_a_gap_from_chance() -> None:
    chance = random.Random(7)
    same = [[chance.gauss(5, 1) for _ in range(400)] for _ in range(2)]
    assert mann_whitney(*same) > 0.01
    assert mann_whitney(same[0], [each + 0.5 for each in same[1]]) < 0.001
    # By the tables: U = 4 of two samples of five has p = 0.095 exactly, 0.076 by the approximation.
    assert round(mann_whitney([1, 2, 3, 4, 9], [5, 6, 7, 8, 10]), 3) == 0.076
