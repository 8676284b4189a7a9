"""A prepared folder that is damaged, cut short, of another layout or lying is refused by name."""

import hashlib
import json
import shutil

import pytest

from inference.errors import CheckpointError, PreparationError
from inference.loading import open_model
from inference.prepared.manifest import (
    MANIFEST_NAME,
    _signed,
    is_prepared,
    read_manifest,
    read_pieces,
)
from inference.prepared.preparing import prepare
from inference.prepared.verifying import verify
from inference.version import ENGINE_VERSION
from tests.inference.gguf_oracle import save_gguf
from tests.inference.oracles import Case, make_oracle, save_safetensors
from tests.inference.prepared.making import quantized_llama


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manifest")
    return quantized_llama(folder / "m.gguf", {"attn_k.weight": "Q6_K", "weight": "Q4_K"})


@pytest.fixture(scope="module")
def whole(source):
    return prepare(source, source.with_name("whole"))


@pytest.fixture(scope="module")
def whole_mixture(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixture")
    oracle = make_oracle(Case("deepseek_v3"))
    return prepare(save_gguf(oracle, folder / "m.gguf", folder, "Q8_0"), folder / "whole")


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "m")


def rewritten(folder, change):
    """The manifest with a change, under a hash that fits: whoever lies can hash too."""
    path = folder / MANIFEST_NAME
    fields = json.loads(path.read_text())
    del fields["manifest_sha256"]
    change(fields)
    path.write_bytes(_signed(json.dumps(fields, indent=0).encode()))


def flip(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 4
    path.write_bytes(data)


def test_it_says_what_the_model_is_and_was(source, whole):
    manifest = read_manifest(whole)
    raw = json.loads((whole / MANIFEST_NAME).read_text())
    assert manifest.name == "Tiny quantized"
    assert manifest.engine_version == ENGINE_VERSION
    assert manifest.source_format == "GGUF 3"
    (origin,) = manifest.sources
    assert (origin.name, origin.size) == (source.name, source.stat().st_size)
    assert origin.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    weights = (whole / "weights.safetensors").read_bytes()
    assert manifest.weights.sha256 == hashlib.sha256(weights).hexdigest()
    assert [file.name for file in manifest.beside] == ["pieces.json", "source-header.gguf"]
    assert manifest.bytes_by_scheme["Q6_K_P16"] == 2 * 8 * (64 + 3328)
    assert raw["layout_version"] == 1
    assert raw["tensors"]["layers.0.k.weight"] == {"scheme": "Q6_K_P16", "shape": [128, 256]}
    assert verify(whole) == manifest


def test_other_readers_read_the_weights(whole):
    from safetensors import safe_open

    with safe_open(whole / "weights.safetensors", "pt") as file:
        assert set(file.keys()) == set(read_pieces(whole)) == set(read_manifest(whole).tensors)
        assert file.get_tensor("norm").shape == (1024,)
    with (whole / "weights.safetensors").open("rb") as file:
        assert (8 + int.from_bytes(file.read(8), "little")) % 4096 == 0


def test_a_flipped_byte_of_the_weights_is_named(whole_mixture, tmp_path):
    folder = shutil.copytree(whole_mixture, tmp_path / "m")
    with open_model(folder) as opened:
        record = opened.checkpoint.record("layers.1.experts.5")
        at = record.data_ptr() - opened.checkpoint.record("embedding").data_ptr()
        at += opened.checkpoint.manifest.header_bytes
    for where in (at, at + record.numel() - 1):
        flip(folder / "weights.safetensors", where)
        with pytest.raises(CheckpointError, match=r"weights.*layers\.1\.experts\.5: its bytes"):
            verify(folder)
        flip(folder / "weights.safetensors", where)
    verify(folder)
    flip(folder / "weights.safetensors", -1)
    with pytest.raises(CheckpointError, match=r"norm|head"):
        verify(folder)


@pytest.mark.parametrize("at", [0, 9, 40, 1500, 4000])
def test_a_flipped_byte_of_the_header_is_found_at_opening(folder, at):
    flip(folder / "weights.safetensors", at)
    with pytest.raises(CheckpointError, match=r"weights\.safetensors: header"):
        open_model(folder)


def test_a_flipped_byte_of_what_lies_beside_is_found_at_opening(folder):
    path = folder / "source-header.gguf"
    for at in (4, 100, path.stat().st_size // 2, -3):
        flip(path, at)
        with pytest.raises(CheckpointError, match=r"source-header\.gguf: it is not as"):
            open_model(folder)
        flip(path, at)
    open_model(folder).close()


def test_a_flipped_byte_of_the_manifest_is_found_at_opening(folder):
    path = folder / MANIFEST_NAME
    size = path.stat().st_size
    for at in range(0, size, max(1, size // 400)):
        flip(path, at)
        with pytest.raises(CheckpointError, match=r"manifest\.json"):
            open_model(folder)
        flip(path, at)
    open_model(folder).close()


@pytest.mark.parametrize("name", ["weights.safetensors", "source-header.gguf", MANIFEST_NAME])
@pytest.mark.parametrize("left", [1, 200, -1])
def test_a_truncated_file_is_named(folder, name, left):
    path = folder / name
    path.write_bytes(path.read_bytes()[:left])
    for refuse in (open_model, verify):
        with pytest.raises(CheckpointError, match=name.replace(".", r"\.")):
            refuse(folder)


@pytest.mark.parametrize("name", ["weights.safetensors", "source-header.gguf"])
def test_a_longer_file_is_named(folder, name):
    with (folder / name).open("ab") as file:
        file.write(b"\0" * 4096)
    with pytest.raises(CheckpointError, match=name):
        open_model(folder)


def test_a_missing_header_is_said(folder):
    (folder / "source-header.gguf").unlink()
    with pytest.raises(FileNotFoundError):
        open_model(folder)


@pytest.mark.parametrize("layout", [0, 2, 10**9])
def test_another_layout_is_named(folder, layout):
    rewritten(folder, lambda fields: fields.update(layout_version=layout))
    with pytest.raises(CheckpointError, match=f"layout_version.*layout {layout} .*layout 1"):
        open_model(folder)


def part(fields):
    return fields["tensors"]["layers.1.mlp.up.weight"]


LIES = {
    "no format": (lambda f: f.pop("format"), "format: this field is missing"),
    "other format": (lambda f: f.update(format="x"), "format: it is not"),
    "layout no number": (lambda f: f.update(layout_version="1"), "layout_version"),
    "no tensors": (lambda f: f.pop("tensors"), "tensors: this field is missing"),
    "tensors no object": (lambda f: f.update(tensors=[1]), "tensors: it is not an object"),
    "tensor missing": (lambda f: f["tensors"].pop("norm"), "norm: this tensor is missing"),
    "tensor left over": (
        lambda f: f["tensors"].update(more={"scheme": "F32", "shape": [256]}),
        "more: the model has no place",
    ),
    "tensor no object": (lambda f: f["tensors"].update(norm=1), "norm: it is not an object"),
    "unknown scheme": (lambda f: part(f).update(scheme="Q9"), "scheme: “Q9” is none of"),
    "file scheme": (lambda f: part(f).update(scheme="Q4_K"), "is none of"),
    "vector scheme": (lambda f: part(f).update(scheme="F32"), "is none of"),
    "other scheme": (lambda f: part(f).update(scheme="Q8_0_P16"), "not as long as the tensors"),
    "other shape": (lambda f: part(f).update(shape=[512, 255]), r"shape is \[512, 255\]"),
    "negative shape": (lambda f: part(f).update(shape=[-512, 256]), "no shape"),
    "huge shape": (lambda f: part(f).update(shape=[1 << 62, 1 << 62]), "its shape is"),
    "flat shape": (lambda f: part(f).update(shape=[]), "no shape"),
    "weights size": (lambda f: f["weights"]["weights.safetensors"].update(bytes=5), "MB of"),
    "weights below 0": (
        lambda f: f["weights"]["weights.safetensors"].update(bytes=-5),
        "bytes: it is below 0",
    ),
    "weights elsewhere": (
        lambda f: f.update(weights={"../w": f["weights"]["weights.safetensors"]}),
        "it is not weights.safetensors",
    ),
    "beside elsewhere": (
        lambda f: f["beside"].update({"../../etc/passwd": {"bytes": 1, "sha256": "0" * 64}}),
        "no plain name",
    ),
    "beside nothing": (lambda f: f.update(beside={}), "neither a header nor a configuration"),
    "header bytes": (lambda f: f.update(header_bytes=0), "not as long as the tensors"),
    "header hash": (lambda f: f.update(header_sha256="0" * 64), "header"),
    "a digit too many": (lambda f: f.update(parameters=10**40), "parameters"),
    "no count": (lambda f: f.update(parameters=True), "parameters"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_manifest_that_lies_is_refused(folder, lie):
    change, sentence = LIES[lie]
    rewritten(folder, change)
    with pytest.raises(CheckpointError, match=sentence):
        open_model(folder)


@pytest.mark.parametrize("text", [
    b"{}", b"[]", b"", b"{", b"\xff\xfe", b'{"format": "a", "format": "b"}', b"[" * 100_000,
    b'{"format":' * 50 + b"1" + b"}" * 50,
], ids=str)  # fmt: skip
def test_hostile_json_is_refused(folder, text):
    (folder / MANIFEST_NAME).write_bytes(text)
    with pytest.raises(CheckpointError, match=r"manifest\.json"):
        open_model(folder)


def test_weights_of_another_model_are_refused(folder, tmp_path):
    """A header that hashes right and holds other tensors than the manifest says."""
    other = prepare(quantized_llama(tmp_path / "o.gguf", {"weight": "Q4_K"}), tmp_path / "other")
    shutil.copy(other / "weights.safetensors", folder)
    theirs = read_manifest(other)

    def change(fields):
        fields["weights"]["weights.safetensors"]["bytes"] = theirs.weights.size
        fields["header_sha256"] = theirs.header_sha256

    rewritten(folder, change)
    with pytest.raises(CheckpointError, match="not as long as the tensors"):
        open_model(folder)


def test_a_file_beside_that_would_fill_the_memory_is_not_read(folder):
    size = 1 << 40
    with (folder / "LICENSE").open("wb") as file:
        file.truncate(size)
    facts = {"bytes": size, "sha256": "0" * 64}
    rewritten(folder, lambda fields: fields["beside"].update({"LICENSE": facts}))
    with pytest.raises(CheckpointError, match=r"LICENSE: it has 1,099,511,627,776 bytes; up to"):
        open_model(folder)


def test_a_header_that_lists_something_else_is_found_by_verifying(folder):
    weights = folder / "weights.safetensors"
    weights.write_bytes(
        weights.read_bytes().replace(b'"layers.0.q.weight"', b'"layers.9.q.weight"')
    )
    size = read_manifest(folder).header_bytes

    def change(fields):
        head = weights.read_bytes()[:size]
        fields["header_sha256"] = hashlib.sha256(head).hexdigest()

    rewritten(folder, change)
    open_model(folder).close()
    with pytest.raises(CheckpointError, match="does not list the tensors"):
        verify(folder)


def listed(folder, change):
    """pieces.json with a change, hashed right."""
    path = folder / "pieces.json"
    fields = json.loads(path.read_text())
    change(fields)
    data = json.dumps(fields).encode()
    path.write_bytes(data)
    facts = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    rewritten(folder, lambda f: f["beside"].update({"pieces.json": facts}))


PIECE_LIES = {
    "missing": (lambda f: f.pop("norm"), "norm: its pieces are not all"),
    "no hash": (lambda f: f["norm"].update(sha256=["00"]), "no SHA-256"),
    "too few": (lambda f: f["norm"].update(sha256=[]), "not one size above 0"),
    "too short": (lambda f: f["norm"].update(bytes=[4095]), "norm: its pieces are not all"),
    "negative": (lambda f: f["norm"].update(bytes=[-1]), "not one size above 0"),
    "no object": (lambda f: f.update(norm=[]), "norm: it is not an object"),
}


@pytest.mark.parametrize("lie", PIECE_LIES)
def test_pieces_that_lie_are_refused(folder, lie):
    change, sentence = PIECE_LIES[lie]
    listed(folder, change)
    with pytest.raises(CheckpointError, match=sentence):
        verify(folder)


def test_flipped_pieces_are_found_by_verifying(folder):
    flip(folder / "pieces.json", 100)
    open_model(folder).close()
    with pytest.raises(CheckpointError, match=r"pieces\.json: it is not as"):
        verify(folder)


@pytest.mark.parametrize("name", [
    "layers.1.experts.8.gate", "layers.1.experts.-1.gate", "layers.1.experts.07.gate",
    "layers.1.experts.7.bias", "layers.0.experts.7.gate", "layers.1.experts.*.gate",
    "layers.1.experts.²", "experts", "layers.1.experts.7",
])  # fmt: skip
def test_other_names_name_no_tensor(whole_mixture, name):
    with open_model(whole_mixture) as opened:
        assert opened.tensors().get(name) is None
        assert opened.checkpoint.tensors.get(name) is None
        with pytest.raises(CheckpointError, match="missing"):
            opened.checkpoint.packed(name)


def test_a_mixtures_tensors_are_counted_without_being_made(whole_mixture):
    with open_model(whole_mixture) as opened:
        names = list(opened.tensors())
        assert len(names) == len(set(names)) == len(opened.slots)
        assert sum(".experts." in name for name in names) == 2 * 8 * 3
        with pytest.raises(CheckpointError, match="missing"):
            opened.checkpoint.record("layers.1.experts.8")


def test_only_prepared_folders_are_verified(tmp_path, whole):
    assert is_prepared(whole)
    (tmp_path / MANIFEST_NAME).write_text("{}")
    assert not is_prepared(tmp_path)
    with pytest.raises(PreparationError, match="no prepared model"):
        verify(tmp_path)


def test_folders_keep_their_small_files(tmp_path):
    source = save_safetensors(make_oracle(Case("llama")), tmp_path / "Some-Model")
    (source / "chat_template.jinja").write_text("{{ messages }}")
    (source / "LICENSE").write_text("")
    folder = prepare(source, tmp_path / "m")
    names = {file.name for file in read_manifest(folder).beside}
    assert names == {
        "config.json", "generation_config.json", "chat_template.jinja", "pieces.json",
    }  # fmt: skip
    with open_model(folder) as opened:
        assert opened.info.name == "Some-Model"
        assert opened.chat_template() == "{{ messages }}"
    flip(folder / "config.json", 30)
    with pytest.raises(CheckpointError, match=r"config\.json: it is not as"):
        open_model(folder)


def test_a_closed_model_says_so(whole):
    opened = open_model(whole)
    kept = opened.tensors()["norm"]
    opened.close()
    assert kept.dequantize().isfinite().all()
    with pytest.raises(CheckpointError, match="missing"):
        opened.checkpoint.packed("norm")


def test_progress_of_verifying_ends_at_everything(whole):
    seen = []
    verify(whole, lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == (whole / "weights.safetensors").stat().st_size
