"""What the machine says of itself, and what is made of silence."""

import torch

from kernels import hardware


def test_probe_finds_cores_memory_and_threads():
    found = hardware.probe()
    assert found.logical_cores >= found.physical_cores >= 1
    assert 1 <= found.default_threads() <= found.usable_cores
    assert found.memory_bytes > 1 << 28


def test_flags_are_named_in_the_fields_words(tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("model name : A Chip\nflags : fpu avx2 avx512_bf16 avx_vnni\n")
    found = hardware.probe(cpuinfo)
    assert found.cpu_name == "A Chip"
    assert found.instruction_sets == {"avx2", "avx512bf16", "avxvnni"}


def test_arm_lists_features(tmp_path):
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor : 0\nFeatures : fp asimd asimddp i8mm\n")
    assert hardware.probe(cpuinfo).instruction_sets == {"neon", "dotprod", "i8mm"}


def test_without_cpuinfo_torch_is_asked(tmp_path, monkeypatch):
    for level, wanted in (("AVX512", "avx512f"), ("AVX2", "avx2")):
        monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda level=level: level)
        assert wanted in hardware.probe(tmp_path / "absent").instruction_sets
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "DEFAULT")
    assert hardware.probe(tmp_path / "absent").instruction_sets == frozenset()


def test_caches_are_read_and_damaged_entries_left_out(tmp_path):
    for index, size in enumerate(("32K", "512K", "odd")):
        folder = tmp_path / f"index{index}"
        folder.mkdir()
        (folder / "level").write_text(f"{index + 1}\n")
        (folder / "type").write_text("Unified\n")
        (folder / "size").write_text(f"{size}\n")
    (tmp_path / "index3").mkdir()
    assert hardware._caches(tmp_path) == (("L1 unified", 32 << 10), ("L2 unified", 512 << 10))


def test_starting_asks_no_driver_for_gpus(monkeypatch):
    def asked():
        raise AssertionError("torch was asked for a GPU")

    monkeypatch.setattr(torch.cuda, "is_available", asked)
    monkeypatch.setattr(torch.cuda, "device_count", asked)
    assert hardware.probe().gpus == ()


def test_bandwidth_is_measured_and_threads_are_put_back():
    before = torch.get_num_threads()
    assert hardware.measure_read_bandwidth(1, buffer_bytes=1 << 20, repeats=1) > 1e8
    assert torch.get_num_threads() == before


def test_without_affinity_every_core_is_usable(monkeypatch):
    monkeypatch.delattr(hardware.os, "sched_getaffinity", raising=False)
    assert hardware._usable_cores(6) == 6
