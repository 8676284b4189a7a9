"""What goes wrong before the first product: each a sentence that says what to do."""

import ctypes
from types import SimpleNamespace

import pytest

from kernels.cpu import library
from kernels.cpu.library import (
    LEVEL_VARIABLE,
    Level,
    NativeLibraryError,
    choose_level,
    levels,
    library_path,
    load,
    status,
)
from kernels.cpu.plan import NativePlan, OpKind
from kernels.cpu.pool import NativePool
from kernels.cpu.structs import NormArgs


@pytest.fixture(autouse=True)
def no_wish(monkeypatch):
    monkeypatch.delenv(LEVEL_VARIABLE, raising=False)


@pytest.fixture
def fresh():
    """`load` as if it were called for the first time, before and after."""
    load.cache_clear()
    yield
    load.cache_clear()


def a_library(found, version=library.INTERFACE_VERSION, without=()):
    """A stand-in for a loaded library with these builds: (name, what is missing)."""

    class Function:
        def __init__(self, call):
            self.call = call

        def __call__(self, *arguments):
            return self.call(*arguments)

    calls = {name: Function(lambda *arguments: 0) for name in library._SIGNATURES}
    calls |= {
        "pk_interface_version": Function(lambda: version),
        "pk_level_count": Function(lambda: len(found)),
        "pk_level_name": Function(lambda index: found[index][0].encode()),
        "pk_level_missing": Function(lambda index: found[index][1].encode() or None),
    }
    return SimpleNamespace(**{name: call for name, call in calls.items() if name not in without})


def loads(monkeypatch, made):
    monkeypatch.setattr(ctypes, "CDLL", lambda path: made)


BUILDS = [("avx512", "this processor has no AVX-512"), ("avx2", ""), ("baseline", "")]


def test_the_library_that_was_built_is_loaded():
    assert library_path().exists()
    assert load() is load()
    found = levels(load())
    assert found
    assert choose_level(load()) in {level.name for level in found if not level.missing}
    assert status().chosen == choose_level(load())
    assert status().reason == ""


def test_a_library_that_is_not_there(fresh, monkeypatch, tmp_path):
    monkeypatch.setattr(library, "_FOLDER", tmp_path)
    with pytest.raises(NativeLibraryError, match=r"could not be loaded.*make setup"):
        load()
    found = status()
    assert (found.chosen, found.levels) == ("", ())
    assert "could not be loaded" in found.reason


def test_a_file_that_is_no_library(fresh, monkeypatch, tmp_path):
    monkeypatch.setattr(library, "_FOLDER", tmp_path)
    library_path().write_bytes(b"This is a letter, not a library.")
    with pytest.raises(NativeLibraryError, match="could not be loaded"):
        load()


def test_a_library_of_another_version(fresh, monkeypatch):
    loads(monkeypatch, a_library(BUILDS, version=library.INTERFACE_VERSION + 1))
    with pytest.raises(NativeLibraryError, match=r"another version.*make setup"):
        load()


def test_a_library_that_lacks_a_function(fresh, monkeypatch):
    loads(monkeypatch, a_library(BUILDS, without=("pk_pool_quiesce",)))
    with pytest.raises(NativeLibraryError, match=r"no pk_pool_quiesce.*another version"):
        load()


def test_every_declared_function_is_in_the_library():
    for name, (result, arguments) in library._SIGNATURES.items():
        function = getattr(load(), name)
        assert function.restype is result
        assert tuple(function.argtypes) == arguments


def test_the_first_build_that_can_run_is_chosen():
    made = a_library(BUILDS)
    assert levels(made) == (
        Level("avx512", "this processor has no AVX-512"),
        Level("avx2", ""),
        Level("baseline", ""),
    )
    assert choose_level(made) == "avx2"


def test_a_twin_is_for_those_who_ask_for_it():
    made = a_library([("avxvnni_twin", ""), ("baseline", "")])
    assert choose_level(made) == "baseline"
    assert choose_level(made, "avxvnni_twin") == "avxvnni_twin"


def test_a_build_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(NativeLibraryError, match="no kernels for mmx; there are avx512, avx2, bas"):
        choose_level(a_library(BUILDS), "mmx")


def test_a_build_that_the_processor_lacks_is_refused_by_reason():
    with pytest.raises(NativeLibraryError, match=r"run the kernels for avx512: .* no AVX-512"):
        choose_level(a_library(BUILDS), "avx512")


def test_a_processor_that_runs_none(fresh, monkeypatch):
    made = a_library([("avx2", "this processor has no AVX2")])
    with pytest.raises(NativeLibraryError, match=r"can't run the native kernels: .* no AVX2"):
        choose_level(made)
    loads(monkeypatch, made)
    found = status()
    assert found.levels == (Level("avx2", "this processor has no AVX2"),)
    assert found.chosen == ""
    assert "no AVX2" in found.reason
    with pytest.raises(NativeLibraryError, match="there are none"):
        choose_level(a_library([]))


def test_the_environment_names_a_build(monkeypatch):
    made = a_library(BUILDS)
    monkeypatch.setenv(LEVEL_VARIABLE, "baseline")
    assert choose_level(made) == "baseline"
    assert choose_level(made, "avx2") == "avx2"
    monkeypatch.setenv(LEVEL_VARIABLE, "avx512")
    with pytest.raises(NativeLibraryError, match="no AVX-512"):
        choose_level(made)
    monkeypatch.setenv(LEVEL_VARIABLE, "")
    assert choose_level(made) == "avx2"
    monkeypatch.setenv(LEVEL_VARIABLE, "nonsense")
    assert "no kernels for nonsense" in status().reason


def test_plans_are_refused_in_words():
    pool = NativePool(1)
    with pytest.raises(NativeLibraryError, match="kernels of that name"):
        NativePlan(pool, 4, "mmx")
    with pytest.raises(NativeLibraryError, match="at least one row"):
        NativePlan(pool, 0, choose_level(load()))
    plan = NativePlan(pool, 4, choose_level(load()))
    assert plan.level == choose_level(load())
    with pytest.raises(NativeLibraryError, match="multiple of 16"):
        plan.quantized(40)
    with pytest.raises(NativeLibraryError, match="another size"):
        plan.add(OpKind.LINEAR, NormArgs())
