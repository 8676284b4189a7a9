"""Which terms may be bundled."""

from __future__ import annotations

import pytest

from tools.package.terms import is_expression, may_be_carried


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GPL-3.0-or-later", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1 AND GPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("MIT AND (GPL-2.0-only OR BSD-3-Clause)", True),
        ("(MIT AND AGPL-3.0-only) OR (GPL-2.0-only)", False),
        ("AFL-2.1 OR GPL-2.0-or-later", True),
    ],
)
def test_no_work_may_bind_the_whole_program(licence, may):
    assert is_expression(licence)
    assert may_be_carried(licence) is may


@pytest.mark.parametrize("licence", ["MIT AND", "MIT OR (BSD-3-Clause", "MIT)", ""])
def test_what_is_no_expression_is_refused(licence):
    assert not is_expression(licence)
    with pytest.raises(ValueError):
        may_be_carried(licence)


def test_a_name_that_spdx_does_not_know_is_none():
    assert not is_expression("Mine")
    assert is_expression("LicenseRef-Mine")
