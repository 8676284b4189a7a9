"""No garbage is collected while somebody makes very much at once, and afterwards it is."""

import gc
import threading

import pytest

from app.collector import uncollected


def test_no_garbage_is_collected_meanwhile_and_it_is_afterwards():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_collected_again_after_a_failure():
    with pytest.raises(ImportError), uncollected():
        raise ImportError
    assert gc.isenabled()


def test_who_collects_nothing_goes_on_so():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_it_rests_until_the_last_who_asked_is_done():
    entered, leave = threading.Event(), threading.Event()

    def first() -> None:
        with uncollected():
            entered.set()
            leave.wait(40)

    other = threading.Thread(target=first)
    other.start()
    assert entered.wait(40)
    with uncollected(), uncollected():
        leave.set()
        other.join()
        assert not gc.isenabled()
    assert gc.isenabled()
