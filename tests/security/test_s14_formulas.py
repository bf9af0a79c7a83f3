"""S14: no cell of an exported list runs as a formula, in CSV and in XLSX, and each can be read back as it
was signed.
"""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from campaign.core.csv_cells import safe, unsafe
from tests.support import Campaign
from tests.world.lists import fetch, read_csv

# No database has a say in this.
pytestmark = pytest.mark.databases("sqlite")

_FRONT = st.text(st.sampled_from(" \u00a0\u3000'\"“«\ufeff"), max_size=3)
_STARTS = st.sampled_from([*"=+-@\t\r\n＝＋－＠", ""])
CELLS = st.builds(
    lambda front, start, rest: front + start + rest, _FRONT, _STARTS, st.text(max_size=20)
).filter(bool)


@given(cell=CELLS)
def test_any_cell_is_no_formula_and_reads_back(cell: str) -> None:
    written = safe(cell)
    assert written.lstrip(' \u00a0\u3000"“«\ufeff')[:1] not in set("=+-@\t\r\n＝＋－＠")
    assert unsafe(written) == cell


@given(cells=st.lists(CELLS.filter(lambda cell: "\0" not in cell), min_size=1, max_size=5))
def test_any_quotes_and_line_breaks_stay_in_their_cell(cells: list[str]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    assert next(csv.reader(io.StringIO(buffer.getvalue(), newline=""))) == [safe(cell) for cell in cells]


@pytest.mark.parametrize("name", ["=A1+B2", "+cmd|' /C calc'!A0", "-2+A3", "@SUM(A1)", "＝A1", "'=A1"])
def test_a_name_that_is_a_formula_is_text_in_the_file(
    team: FlaskClient, campaign: Campaign, name: str
) -> None:
    campaign.statement()
    campaign.signed(name=name)
    assert unsafe(read_csv(fetch(team))[0]["name"]) == name
    assert not read_csv(fetch(team))[0]["name"].startswith(("=", "+", "-", "@", "＝"))
