"""`doctor` about the native kernels: which builds there are, which one runs what, and why."""

import errno
import json

import pytest

from app import cli
from app.airlock.report import LockReport, LockState
from app.diagnostics.reading import check
from kernels.cpu.library import LEVEL_VARIABLE, Level, NativeStatus, levels, load
from kernels.schemes import SCHEMES
from kernels.schemes.panels import PANEL_SCHEMES
from tests.kernels.gpu.fake_driver import (
    RTX_3060,
    RTX_5090,
    SMALL,
    TESLA_P4,
    artefacts,
    fake_driver,
)

LOCK = LockReport(LockState.NOT_TESTED, "a test")


@pytest.fixture
def doctor(capsys, monkeypatch):
    monkeypatch.delenv(LEVEL_VARIABLE, raising=False)

    def call(*argv):
        assert cli.main(["doctor", *argv], LOCK) == 0
        return capsys.readouterr().out

    return call


@pytest.fixture
def kernels(monkeypatch):
    """kernels(status): what there is of the native kernels."""
    return lambda status: monkeypatch.setattr("inference.compute.status", lambda: status)


def ops(out, op):
    """Scheme → what is told of it, for one op."""
    return {o["scheme"]: o for o in json.loads(out)["ops"] if o["op"] == op}


def test_each_build_is_listed_with_what_it_lacks(doctor):
    found = json.loads(doctor("--json"))["native"]
    there = levels(load())
    assert found["levels"] == [{"name": x.name, "missing": x.missing} for x in there]
    assert found["chosen"] == next(x.name for x in there if not x.missing)
    assert found["reason"] == ""
    text = doctor()
    assert f"kernels    {found['chosen']} runs prepared models" in text
    for level in there:
        assert level.name in text
        assert level.missing in text


def test_prepared_models_run_natively_and_files_as_they_are_do_not(doctor):
    out = doctor("--json")
    own = f"native-{json.loads(out)['native']['chosen']}"
    for op in ("linear_few", "linear_many", "embedding", "experts"):
        told = ops(out, op)
        assert set(told) == {*SCHEMES, *PANEL_SCHEMES}
        for name in PANEL_SCHEMES:
            assert told[name]["backend"] == own
            assert told[name]["rejected"] == []
        for name in SCHEMES:
            assert told[name]["backend"] != own
            assert told[name]["rejected"][0]["backend"] == own
            assert "prepared" in told[name]["rejected"][0]["reason"]
    exact = ops(out, "linear_exact")
    assert exact["F32_P16"]["backend"] == own
    assert exact["Q4_K_P16"]["backend"] == "reference"
    assert "inside a plan" in ops(out, "mla_decode")[None]["rejected"][0]["reason"]


def test_a_line_holds_all_schemes_of_an_op_and_a_backend(doctor):
    lines = doctor().splitlines()
    native = [line for line in lines if line.startswith("linear_few") and "native-" in line]
    assert len(native) == 1
    assert all(name in native[0] for name in PANEL_SCHEMES)
    assert len([line for line in lines if line.startswith("linear_few")]) == 2
    assert len(lines) < 60


def test_without_a_library_the_reason_is_told(doctor, kernels):
    kernels(NativeStatus((), "", "The native kernels could not be loaded (it is gone)."))
    assert "kernels    none: The native kernels could not be loaded" in doctor()
    out = doctor("--json")
    assert json.loads(out)["native"]["chosen"] == ""
    for told in ops(out, "linear_few").values():
        assert told["backend"] == "reference"
        assert told["rejected"][0]["backend"] == "native"
        assert "it is gone" in told["rejected"][0]["reason"]


def test_builds_that_cannot_run_say_what_they_lack(doctor, kernels):
    found = (Level("avx512", "this processor has no AVX-512"), Level("avx2", ""), Level("tiny", ""))
    kernels(NativeStatus(found, "avx2", ""))
    text = doctor()
    assert "avx512         this processor has no AVX-512" in text
    assert "avx2           runs" in text
    assert "tiny           could run" in text


@pytest.fixture
def exported(capsys, monkeypatch):
    """exported(*arguments): the exit code, and what was printed and said."""
    monkeypatch.setattr("app.airlock.lock.audit", lambda: LOCK)

    def call(*argv):
        code = cli.main(["doctor", "--export", *map(str, argv)], LOCK)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_diagnostics_are_printed(exported):
    code, out, err = exported("-")
    assert (code, err) == (0, "")
    check(out.encode())
    assert json.loads(out)["display"] is None


def test_diagnostics_are_written_once_unless_told_to_replace(exported, tmp_path):
    file = tmp_path / "diagnostics.json"
    code, out, err = exported(file)
    assert (code, out) == (0, "")
    assert f"Written: {file}." in err
    check(file.read_bytes())
    file.write_text("older")
    code, _, err = exported(file)
    assert code == 1
    assert "already there" in err
    assert file.read_text() == "older"
    assert exported(file, "--replace")[0] == 0
    check(file.read_bytes())


def test_where_nothing_can_be_written_it_is_a_sentence(exported, tmp_path, monkeypatch):
    def refuses(**_options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("app.chats.transfer.writing.tempfile.mkstemp", refuses)
    code, out, err = exported(tmp_path / "diagnostics.json")
    assert (code, out) == (1, "")
    assert "can't be written to" in err
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_closed_is_not_written(exported, tmp_path, monkeypatch):
    monkeypatch.setattr("app.diagnostics.exporting.laid_out", lambda _report: '{"anna": 1}\n')
    code, out, err = exported("-")
    assert (code, out) == (1, "")
    assert "The diagnostics were not kept" in err
    assert "anna" not in err
    assert exported(tmp_path / "diagnostics.json")[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_replace_alone_is_wrong_usage(exported):
    with pytest.raises(SystemExit) as left:
        cli.main(["doctor", "--replace"], LOCK)
    assert left.value.code == 2


def test_without_a_gpu_one_line_says_why(doctor, monkeypatch):
    monkeypatch.setattr("kernels.gpu.devices.LIBRARY", "libno-such-driver.so.1")
    lines = [line for line in doctor().splitlines() if "GPU" in line]
    assert lines == [
        "graphics   No NVIDIA GPU that Pitcher can use: no NVIDIA driver is installed."
    ]
    facts = json.loads(doctor("--json"))
    assert facts["gpu"]["chosen"] is None
    assert facts["gpu"]["reason"] == "no NVIDIA driver is installed"
    assert facts["hardware"]["gpus"] == []


def test_a_driver_that_does_not_answer_is_one_line_with_one_full_stop(doctor, monkeypatch):
    driver = fake_driver(RTX_3060)
    driver.fail("cuInit", 999)
    monkeypatch.setattr("kernels.gpu.devices.LIBRARY", driver.path)
    assert [line for line in doctor().splitlines() if "GPU" in line] == [
        "graphics   No NVIDIA GPU that Pitcher can use: The graphics card stopped answering "
        "(CUDA_ERROR_999)."
    ]


def test_cards_are_told_with_the_one_that_is_used_and_why_not_the_others(
    doctor, monkeypatch, tmp_path
):
    driver = fake_driver(TESLA_P4, RTX_3060, RTX_5090)
    monkeypatch.setattr("kernels.gpu.devices.LIBRARY", driver.path)
    monkeypatch.setattr("kernels.gpu.devices.torch_cuda", lambda: "13.0")
    made = artefacts(tmp_path, 86, 120)
    monkeypatch.setattr("kernels.gpu.devices.read_manifest", lambda: made)
    said = doctor().splitlines()
    assert "graphics   Card A, 12.0 GiB, compute capability 8.6: could be used" in said
    assert (
        "graphics   Card B, 32.0 GiB, compute capability 12.0: used where it is asked for" in said
    )
    assert [line.strip() for line in said if "Old card" in line] == [
        "not Old card: Old card has compute capability 6.1, and 7.5 is needed"
    ]
    facts = json.loads(doctor("--json"))
    assert facts["gpu"]["chosen"] == 2
    assert [gpu["name"] for gpu in facts["hardware"]["gpus"]] == ["Old card", "Card A", "Card B"]


def test_of_cards_that_all_will_not_do_each_is_told(doctor, monkeypatch):
    driver = fake_driver(TESLA_P4, SMALL)
    monkeypatch.setattr("kernels.gpu.devices.LIBRARY", driver.path)
    said = doctor()
    assert "Pitcher can use: Old card has compute capability 6.1" in said
    assert "not Small card: Small card has 2.0 GiB of memory" in said


def test_a_processor_without_avx2_is_told_to_be_slow(doctor, kernels):
    plain = Level("baseline", "")
    kernels(NativeStatus((Level("avx2", "this processor has no AVX2"), plain), "baseline", ""))
    assert (
        "kernels    baseline runs prepared models whole, slowly: this processor has no AVX2;"
        in (doctor())
    )
    kernels(NativeStatus((Level("avx2", ""), plain), "baseline", ""))  # somebody chose it
    assert "slowly" not in doctor()
