"""What the tests of every backend share: parameters, a subject under test, weights, comparing."""

from dataclasses import dataclass
from functools import cache

import pytest
import torch

from kernels.contracts import MAX_INVARIANT_ROWS, Accepted, Backend
from kernels.cpu.formats import is_float
from kernels.hardware import probe
from kernels.reference import ReferenceBackend
from kernels.schemes import SCHEMES
from kernels.schemes.base import Tolerance
from kernels.schemes.panels import PANEL_SCHEMES
from kernels.testing.backends import Candidate, NotHereError, candidates
from kernels.testing.cases import random_values
from kernels.testing.compare import MismatchError, compare
from kernels.testing.hostile import HostileWorkspace, between_nans, moved, unwritten
from kernels.workspace import Workspace
from tests.kernels.cpu.native import SOURCES, random_panels, rounded
from tests.kernels.schemes.test_panels import packed_source

ALL = tuple(candidates())
PANELS = tuple(PANEL_SCHEMES)
# Of what files hold: tiles, floats, and two that only a few backends take.
WEIGHTS = (*PANELS, "FP8_E4M3_128", "F32", "Q4_1", "IQ2_S")
HARDWARE = probe()
REFERENCE = ReferenceBackend()
ROWS = MAX_INVARIANT_ROWS
# Float32 sums in another order; terms of a row may cancel out.
EXACT = Tolerance(relative=1e-4)
# More products than this in one call are many for a launcher that is slow.
FEW_PRODUCTS = 80_000


@dataclass(frozen=True)
class Subject:
    """A backend under test, and the device that its tensors lie on."""

    candidate: Candidate
    backend: Backend

    @property
    def device(self):
        return self.candidate.device

    def accepts(self, op, scheme=None, shape=()):
        """Whether it runs this; a refusal says why."""
        answer = self.backend.accepts(op, scheme, shape, HARDWARE)
        assert answer == Accepted() or answer.reason.strip()
        return answer == Accepted()

    def hostile(self, values):
        return between_nans(values, self.device)

    def unwritten(self, *shape):
        return unwritten(*shape, device=self.device)

    def work(self):
        return HostileWorkspace(torch.device(self.device))

    def weight(self, packed):
        return moved(packed, self.device)


@pytest.fixture(autouse=True)
def one_thread():
    """Matrices this small are slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def _made(candidate):
    return candidate.make()


@pytest.fixture
def subject(request):
    candidate = request.param
    try:
        return Subject(candidate, _made(candidate))
    except NotHereError as error:
        pytest.skip(f"{candidate.name}: {error}")


def every_subject():
    """The parameter `subject`."""
    return _parametrized("subject", [((c,), c.name, False) for c in ALL])


def each_with(name, values):
    """Parameters `subject` and `name`."""
    told = [((c, value), f"{c.name}-{value}", False) for c in ALL for value in values]
    return _parametrized(f"subject, {name}", told)


def each_over(name, values, cases, products):
    """Parameters `subject`, `name` and `cases`: all of them at once, or, where a launcher is
    slow, the small ones by themselves and the others marked slow. `products`: of a case with
    a value, how many multiplications there are in it."""
    told = []
    for candidate in ALL:
        for value in values:
            large = [case for case in cases if products(value, case) > FEW_PRODUCTS]
            large = large if candidate.slow_launcher else []
            small = [case for case in cases if case not in large] or [large.pop(0)]
            for some, kind in ((small, ""), (large, "-large")):
                if some:
                    named = f"{candidate.name}-{value}{kind}"
                    told.append(((candidate, value, some), named, kind != ""))
    return _parametrized(f"subject, {name}, cases", told)


def _parametrized(names, told):
    parameters = []
    for values, named, is_slow in told:
        marks = [pytest.mark.gpu] if values[0].on_gpu else []
        marks += [pytest.mark.slow] if is_slow else []
        parameters.append(pytest.param(*values, marks=marks, id=named))
    return pytest.mark.parametrize(names, parameters, indirect=["subject"])


def scheme_of(name):
    return PANEL_SCHEMES.get(name) or SCHEMES[name]


def columns_of(name, blocks):
    """The narrowest matrix of so many blocks that the scheme can hold, ragged where it may be."""
    if name == "FP8_E4M3_128":
        return 128 * blocks - 32 * (blocks % 2)
    scheme = SCHEMES[SOURCES.get(name, name)]
    return 37 * blocks if scheme.block_elements == 1 else blocks * scheme.block_elements


@cache
def weight_of(name, rows, columns, seed=0):
    """A matrix [rows, columns] of random codes."""
    if name in PANEL_SCHEMES:
        return random_panels(name, rows, columns, seed)
    scheme = SCHEMES[name]
    if name == "FP8_E4M3_128":  # rows that begin inside a tile
        return scheme.pack(random_values(seed, rows + 5, columns)).rows(5, rows + 5)
    return packed_source(name, rows, columns // scheme.block_elements, seed)


def roundings(x, name):
    """The activations as a backend may see them: as they are, in 14 bits, in 8."""
    exact = name not in PANEL_SCHEMES or is_float(name) or x.shape[-1] % 16
    return [x] if exact else [x, rounded(x, True), rounded(x, False)]


def close(got, wants, tolerance):
    """Passes if `got` is within `tolerance` of one of `wants`."""
    errors = []
    for want in wants:
        try:
            return compare(got.cpu(), want, tolerance)
        except MismatchError as error:
            errors.append(error)
    raise errors[0]


def same_bits(got, want):
    assert torch.equal(got.view(torch.int32), want.view(torch.int32))


def assert_own_bits(subject, run):
    """`run(slice)` → results of these rows: a row's bits are its own in any company."""
    together = run(slice(0, ROWS))
    counts = (1, 3) if subject.candidate.slow_launcher else (1, 2, 3, 5)
    for start, rows in [(0, count) for count in counts] + [(ROWS - 1, 1), (2, 4)]:
        same_bits(run(slice(start, start + rows)), together[start : start + rows])


def wanted_linear(x, weight, bias=None):
    out = torch.empty(x.shape[0], weight.shape[0])
    REFERENCE.linear(x, weight, bias, out, Workspace())
    return out


def wanted_products(subject, x, weight, bias=None):
    """The product over the activations as they may have been rounded; the exact one first."""
    wants = [wanted_linear(seen, weight, bias) for seen in roundings(x, weight.scheme.name)]
    if subject.candidate.rounds_to_bf16:
        values = weight.dequantize(torch.bfloat16).float()
        wants.append(wanted_linear(x.bfloat16().float(), SCHEMES["F32"].pack(values), bias))
    return wants
