"""`models export`, `import`, `verify`, `key`, `remove`: a model goes from one home to another."""

import json
import os
import signal
from contextlib import contextmanager

import pytest

from app import paths
from app.library.bundles import exporting, importing
from tests.inference.prepared.making import assert_lossless, quantized_llama


@pytest.fixture
def at(tmp_path, monkeypatch):
    """Go to somebody's computer."""

    def home(name):
        monkeypatch.setenv("PITCHER_HOME", str(tmp_path / name))
        paths.models_dir().mkdir(parents=True, exist_ok=True)
        return tmp_path / name

    return home


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return quantized_llama(folder / "tiny.gguf", {"weight": "Q8_0"}, layers=1)


@pytest.fixture
def stick(run, at, model, tmp_path):
    """One with a bundle and its maker's public key on it; afterwards Bob sits at his computer."""
    at("anna")
    (tmp_path / "stick").mkdir()
    assert run("key", "make")[0] == 0
    assert run("key", "export", tmp_path / "stick" / "anna.key")[0] == 0
    assert run("export", model, "--to", tmp_path / "stick", "--part-bytes", "100000")[0] == 0
    at("bob")
    return tmp_path / "stick"


@pytest.fixture
def ctrl_c(monkeypatch):
    """Ctrl-C with each thing that a module writes."""

    @contextmanager
    def pressed(module):
        real = module.write_all

        def interrupted(stream, data):
            os.kill(os.getpid(), signal.SIGINT)
            real(stream, data)

        with monkeypatch.context() as patch:
            patch.setattr(module, "write_all", interrupted)
            yield

    return pressed


def test_a_model_is_carried_and_answers_the_same(run, stick, model):
    code, out, err = run("import", stick)
    assert (code, out) == (1, "")
    assert "is not trusted here" in err
    code, out, _ = run("key", "trust", stick / "anna.key", "--name", "Anna")
    assert code == 0
    fingerprint = out.split("  ")[0]
    code, out, _ = run("import", stick)
    assert code == 0
    assert out.splitlines()[0].startswith("Imported: tiny (")
    assert out.splitlines()[1] == f"Signed by Anna: {fingerprint}"
    folder = paths.models_dir() / "tiny"
    assert (folder / "tiny.gguf").read_bytes() == model.read_bytes()
    assert run("list")[1].startswith("tiny ")
    assert run("inspect", "tiny")[0] == 0
    run("prepare", "tiny", "--to", paths.models_dir() / "prepared")
    assert_lossless(model, paths.models_dir() / "prepared")


def test_trust_for_once_is_for_once(run, stick):
    code, out, _ = run("key", "list")
    assert (code, out) == (0, "No key is trusted yet; bundles that were made here are.\n")
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    code, out, _ = run("import", stick, "--trust", fingerprint.replace(" ", ""), "--json")
    assert code == 0
    told = json.loads(out.splitlines()[-1])
    assert (told["type"], told["name"], told["was_there"]) == ("imported", "tiny", False)
    assert run("key", "list", "--json")[1] == ""
    assert run("import", stick)[0] == 1


def test_a_prepared_model_goes_as_its_original(run, at, model, tmp_path):
    at("anna")
    run("key", "make")
    (paths.models_dir() / "tiny.gguf").write_bytes(model.read_bytes())
    run("prepare", "tiny")
    (tmp_path / "stick").mkdir()
    code, out, _ = run("export", "tiny-prepared", "--to", tmp_path / "stick", "--json")
    assert code == 0
    assert json.loads(out.splitlines()[-1])["bytes"] == model.stat().st_size
    (paths.models_dir() / "tiny.gguf").unlink()
    code, out, _ = run("export", "tiny-prepared", "--to", tmp_path / "stick")
    assert code == 0
    assert "tiny-prepared-bundle" in out
    assert " parts)" in out
    at("bob")
    run("key", "make")
    for fingerprint in [run("import", tmp_path / "stick" / "tiny-bundle")[2]]:
        trusted = fingerprint.split("fingerprint is ")[1].split(".")[0]
    run("key", "trust", trusted)
    assert run("import", tmp_path / "stick" / "tiny-prepared-bundle")[0] == 0
    assert run("verify", "tiny-prepared")[0] == 0
    assert_lossless(model, paths.models_dir() / "tiny-prepared")


def test_verify_names_what_was_flipped(run, stick):
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    run("import", stick, "--trust", fingerprint)
    code, out, _ = run("verify", "--allow-untrusted-signer")
    assert code == 0
    assert "tiny: all of it" in out
    assert "starter: there is nothing to compare it with" in out
    file = paths.models_dir() / "tiny" / "tiny.gguf"
    data = bytearray(file.read_bytes())
    data[150_000] ^= 1
    file.write_bytes(data)
    for arguments in ([], ["tiny"]):
        code, _, err = run("verify", *arguments)
        assert code == 1
        assert "tiny.gguf is not as it was signed: its bytes 100,000 to 200,000" in err
    part = stick / "tiny-bundle" / "part-00001.bin"
    run("key", "trust", fingerprint)
    assert run("verify", part.parent)[0] == 0
    part.write_bytes(part.read_bytes()[:-1])
    code, out, err = run("verify", part.parent, "--json")
    assert code == 1
    (problem,) = json.loads(out.splitlines()[-1])["problems"]
    assert (problem["name"], problem["fault"]) == ("part-00001.bin", "altered")


@pytest.mark.parametrize(
    "name",
    ["tiny.gguf", "bundle.json", "bundle.sig", "bundle-sbom.json", "bundle-report.json",
     "bundle-report.html"],
)  # fmt: skip
def test_verify_names_whichever_file_of_an_installed_model_was_flipped(run, stick, name):
    run("key", "trust", stick / "anna.key")
    assert run("import", stick)[0] == 0
    file = paths.models_dir() / "tiny" / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    for what in ([], ["tiny"]):
        code, _, err = run("verify", *what)
        assert code == 1
        assert f"{name} is not " in err


def test_verify_tells_a_script_that_the_signer_is_not_trusted(run, stick):
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    run("import", stick, "--trust", fingerprint)
    for what in ([], ["tiny"], [stick / "tiny-bundle"]):
        code, out, err = run("verify", *what, "--json")
        assert code == 1
        told = next(json.loads(line) for line in out.splitlines() if '"verified"' in line)
        assert told["signer"] is None
        assert "not trusted here" in err
        assert run("verify", *what, "--allow-untrusted-signer")[0] == 0
    run("key", "trust", fingerprint, "--name", "Anna")
    code, out, err = run("verify", "tiny")
    assert code == 0
    assert "not trusted" not in err
    assert "Signed by Anna" in out


@pytest.mark.parametrize("all_of_it", [False, True])
def test_a_model_whose_signature_was_taken_away_is_not_verified(run, stick, all_of_it):
    run("key", "trust", stick / "anna.key")
    assert run("import", stick)[0] == 0
    folder = paths.models_dir() / "tiny"
    for file in folder.glob("bundle*" if all_of_it else "bundle.sig"):
        file.unlink()
    for what in ([], ["tiny"]):
        code, _, err = run("verify", *what)
        assert code == 1
        assert ("came by a bundle" if all_of_it else "bundle.sig is missing") in err
    run("remove", "tiny", "--yes")
    (paths.models_dir() / "tiny").mkdir()
    assert run("verify")[0] == 0, "another model of that name need not have come by one"


def test_a_model_folder_without_a_file_is_damaged_and_can_be_removed(run, stick, model):
    run("key", "trust", stick / "anna.key")
    assert run("import", stick)[0] == 0
    hub = paths.models_dir() / "hub"
    hub.mkdir()
    (hub / "model.safetensors").write_bytes(b"1")
    (paths.models_dir() / "tiny" / "tiny.gguf").unlink()
    for what in ([], ["tiny"]):
        code, _, err = run("verify", *what)
        assert code == 1
        assert "tiny.gguf is missing" in err
    for what in ([], ["hub"]):
        code, _, err = run("verify", *what)
        assert code == 1
        assert "hub is damaged; missing: config.json." in err
    out = run("list")[1]
    assert [line.split()[:2] for line in out.splitlines()][-2:] == [
        ["hub", "damaged"], ["tiny", "damaged"]
    ]  # fmt: skip
    told = json.loads(run("list", "--json")[1].splitlines()[-1])
    assert (told["name"], told["is_damaged"]) == ("tiny", True)
    assert "missing: config.json" in run("inspect", "hub")[2]
    assert run("remove", "hub", "--yes")[0] == 0
    assert not hub.exists()


def test_another_key_and_an_older_one_are_asked_about(run, at, stick, model, tmp_path, monkeypatch):
    run("key", "trust", stick / "anna.key")
    assert run("import", stick)[0] == 0
    run("key", "make")
    (tmp_path / "own").mkdir()
    assert run("export", model, "--to", tmp_path / "own")[0] == 0
    code, _, err = run("import", tmp_path / "own")
    assert code == 1
    assert "--allow-other-signer" in err
    monkeypatch.setattr("time.time", lambda: 1.0)
    (tmp_path / "old").mkdir()
    assert run("export", model, "--to", tmp_path / "old")[0] == 0
    monkeypatch.undo()
    at("bob")
    run("remove", "tiny", "--yes")
    code, _, err = run("import", tmp_path / "old")
    assert code == 1
    assert "--allow-older" in err
    assert run("import", tmp_path / "old", "--allow-older")[0] == 0
    assert run("import", stick, "--allow-other-signer")[0] == 0


def test_weights_that_the_organisation_does_not_allow_are_not_installed(
    run, stick, tmp_path, monkeypatch
):
    run("key", "trust", stick / "anna.key")
    file = tmp_path / "policy.toml"
    file.write_text(f"[restrictions]\nallowed_model_sha256 = ['{'0' * 64}']\n")
    monkeypatch.setattr("app.paths.policy_file", lambda: file)
    code, _, err = run("import", stick)
    assert code == 1
    assert "your organisation" in err
    assert not (paths.models_dir() / "tiny").exists()


def test_a_model_is_removed_when_that_is_confirmed(run, stick, monkeypatch):
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    run("import", stick, "--trust", fingerprint)
    code, _, err = run("remove", "tiny")
    assert code == 1
    assert "Nothing was changed" in err
    assert (paths.models_dir() / "tiny").is_dir()
    monkeypatch.setattr("app.cli.confirming.is_terminal", lambda: True)
    for answer, expected in (("no", 1), ("yes", 0)):
        monkeypatch.setattr("builtins.input", lambda a=answer: a)
        assert run("remove", "tiny")[0] == expected
    assert list(paths.models_dir().iterdir()) == []
    code, _, err = run("remove", "starter", "--yes")
    assert code == 1
    assert "does not lie in the models folder" in err


def test_ctrl_c_keeps_what_is_done(run, stick, ctrl_c):
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    with ctrl_c(importing):
        code, _, err = run("import", stick, "--trust", fingerprint)
    assert code == 130
    assert "What is done is kept" in err
    assert not (paths.models_dir() / "tiny").exists()
    assert run("import", stick, "--trust", fingerprint)[0] == 0


def test_parts_beside_an_installed_model_do_not_stand_for_it(run, stick):
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    run("import", stick, "--trust", fingerprint)
    folder = paths.models_dir() / "tiny"
    for part in (stick / "tiny-bundle").glob("part-*.bin"):
        (folder / part.name).write_bytes(part.read_bytes())
    data = bytearray((folder / "tiny.gguf").read_bytes())
    data[150_000] ^= 1
    (folder / "tiny.gguf").write_bytes(data)
    code, _, err = run("verify", "tiny")
    assert code == 1
    assert "tiny.gguf is not as it was signed" in err
    assert "part-00001.bin" in err


def test_verify_goes_on_after_a_damaged_model(run, stick, model):
    fingerprint = run("import", stick)[2].split("fingerprint is ")[1].split(".")[0]
    run("import", stick, "--trust", fingerprint)
    run("prepare", model, "--to", paths.models_dir() / "ready")
    run("key", "trust", fingerprint)
    code, out, _ = run("verify")
    assert code == 0
    assert "Tiny quantized: all of it" in out
    for name, file in (("tiny", "bundle.json"), ("ready", "weights.safetensors")):
        path = paths.models_dir() / name / file
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    code, out, err = run("verify")
    assert code == 1
    assert "tiny: bundle.json is not as it was signed" in err
    assert "ready: weights.safetensors: " in err
    assert "starter: there is nothing" in out
    lines = [json.loads(line) for line in run("verify", "--json")[1].splitlines()]
    told = [line["type"] for line in lines if line["type"] != "progress"]
    assert told == ["damaged", "damaged", "unknown"]


def test_an_export_that_is_stopped_keeps_what_is_done(run, at, model, tmp_path, ctrl_c):
    at("anna")
    run("key", "make")
    with ctrl_c(exporting):
        code, _, err = run("export", model, "--to", tmp_path)
    assert code == 130
    assert "What is done is kept" in err
    assert not (tmp_path / "tiny-bundle").exists()
    assert run("export", model, "--to", tmp_path)[0] == 0
    assert run("verify", tmp_path / "tiny-bundle")[0] == 0


def test_another_private_key_signs_when_it_is_named(run, at, model, tmp_path):
    at("anna")
    shown = run("key", "make")[1].splitlines()[1]
    file = paths.data_dir() / "bundle-keys" / "private-key.pem"
    at("bob")
    code, out, _ = run("export", model, "--to", tmp_path, "--key", file, "--json")
    assert code == 0
    assert json.loads(out.splitlines()[-1])["fingerprint"] == shown


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["key"], "There is no key"),
        (["key", "trust"], "needs fingerprint or file"),
        (["key", "list", "x"], "takes no fingerprint or file"),
        (["key", "trust", "12 34"], "is no fingerprint"),
        (["key", "remove", "0" * 64], "not among the trusted keys"),
        (["import", "/nowhere"], "Is the stick in?"),
        (["export", "starter", "--to", "/nowhere"], "There is no key"),
    ],
)
def test_what_can_not_be_is_a_sentence(run, at, arguments, sentence):
    at("bob")
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.startswith("pitcher: ")
    assert sentence in err


def test_keys_are_made_shown_and_taken_back(run, at, tmp_path):
    at("bob")
    shown = run("key", "make")[1].splitlines()[1]
    assert run("key", "show")[1].splitlines()[1] == shown
    assert json.loads(run("key", "--json")[1])["fingerprint"] == shown
    assert run("key", "make")[0] == 1
    assert run("key", "export", tmp_path / "k")[0] == 0
    assert run("key", "export", tmp_path / "k")[0] == 1
    run("key", "trust", shown, "--name", "me")
    assert run("key", "list")[1] == f"{shown}  me\n"
    assert run("key", "remove", shown)[0] == 0
    assert "No key is trusted" in run("key", "list")[1]
