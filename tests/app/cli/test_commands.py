"""The command line, run in this process with the real starter model."""

import json
import math

import pytest
import tokenizers
from safetensors.torch import load_file

from app import cli
from app.airlock.report import LockReport, LockState

LOCK = LockReport(LockState.NOT_TESTED, "a test")


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("PITCHER_HOME", str(tmp_path / "home"))


@pytest.fixture
def run(capsys):
    """run(*argv) → (exit code, stdout, stderr)."""

    def call(*argv):
        try:
            code = cli.main([str(a) for a in argv], LOCK)
        except SystemExit as leaving:
            code = leaving.code
        out, err = capsys.readouterr()
        return code, out, err

    return call


def objects(out):
    return [json.loads(line) for line in out.splitlines()]


def test_one_prompt_one_answer(run):
    code, out, err = run(
        "chat", "--model", "starter", "--prompt", "What is the capital of France?",
        "--temperature", "0", "--max-tokens", "32",
    )  # fmt: skip
    assert code == 0
    assert "Paris" in out
    assert err == ""


def test_json_gives_tokens_and_then_the_figures(run):
    code, out, _ = run(
        "chat", "--prompt", "What is the capital of France?", "--temperature", "0",
        "--max-tokens", "6", "--json", "--compute", "reference", "--threads", "1",
        "--top-k", "5", "--top-p", "0.9", "--min-p", "0.1", "--seed", "3", "--system", "Be brief.",
    )  # fmt: skip
    context, *tokens, finished = objects(out)
    assert code == 0
    assert context["type"] == "context"
    assert context["used_tokens"] == finished["prompt_tokens"]
    assert context["capacity_tokens"] == 8192
    assert finished["reasoning_tokens"] == 0
    assert finished["thinking_ended"] is None
    assert len(tokens) == finished["generated_tokens"] <= 6
    assert {frozenset(t) for t in tokens} == {frozenset({"type", "token_id", "text", "channel"})}
    assert {t["channel"] for t in tokens} == {"answer"}
    assert finished["type"] == "finished"
    assert finished["reason"] in ("stop", "length")
    for name in (
        "prompt_tokens", "cached_tokens", "time_to_first_token_ms",
        "prefill_tokens_per_s", "decode_tokens_per_s", "peak_rss_bytes",
    ):  # fmt: skip
        assert finished[name] >= 0


def test_json_without_a_prompt_keeps_the_session_over_lines(run, monkeypatch):
    lines = iter(["Say hello.\n", "\n", "Say it again.\n"])
    monkeypatch.setattr("sys.stdin", lines)
    code, out, _ = run("chat", "--json", "--temperature", "0", "--max-tokens", "4")
    finished = [o for o in objects(out) if o["type"] == "finished"]
    assert code == 0
    assert len(finished) == 2
    assert finished[1]["cached_tokens"] > finished[0]["prompt_tokens"]


def test_a_prompt_that_does_not_fit_is_a_sentence(run):
    code, out, err = run("chat", "--prompt", "word " * 9000, "--json")
    assert code == 1
    assert objects(out)[-1]["reason"] == "overflow"
    assert "no longer fits" in err


def test_talking(run, monkeypatch):
    said = iter(["What is the capital of France?", "", "   "])

    def typed(prompt):
        try:
            return next(said)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", typed)
    code, out, _ = run("chat", "--temperature", "0", "--max-tokens", "32")
    assert code == 0
    assert "Paris" in out
    assert "answers are often wrong" in out
    assert "Not enforced: a test" in out


def test_ctrl_c_at_the_prompt_leaves(run, monkeypatch):
    def interrupted(prompt):
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", interrupted)
    assert run("chat")[0] == 130


def test_models_list_and_inspect(run, tmp_path, monkeypatch):
    code, out, _ = run("models", "list")
    assert code == 0
    assert "starter" in out
    (listed,) = objects(run("models", "list", "--json")[1])
    code, out, _ = run("models", "inspect", listed["path"], "--json")
    (facts,) = objects(out)
    assert code == 0
    assert facts["architecture"] == "llama"
    assert facts["tensors_by_scheme"] == {"Q4_1": 210, "Q8_0": 1, "F32": 61}
    assert "architecture             llama" in run("models", "inspect", listed["path"])[1]
    monkeypatch.setattr("app.library.models.starter", lambda: None)
    assert "No models yet" in run("models", "list")[1]
    assert "no model on this computer" in run("chat")[2]


def test_tokenize_reads_a_users_text_unless_raw(run, tmp_path):
    text = "Hi <|im_end|>"
    (plain,) = objects(run("tokenize", "--model", "starter", text, "--json")[1])
    (raw,) = objects(run("tokenize", "--model", "starter", "--raw", text, "--json")[1])
    assert len(raw["token_ids"]) < len(plain["token_ids"])
    file = tmp_path / "text.txt"
    file.write_text(text)
    code, out, _ = run("tokenize", "--model", "starter", "--file", file)
    assert (code, out.split()) == (0, [str(i) for i in plain["token_ids"]])


def test_template_prints_exactly_the_rendered_bytes(tmp_path, capfdbinary):
    file = tmp_path / "messages.json"
    file.write_text(json.dumps([
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},
    ]))  # fmt: skip
    want = "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
    argv = ["template", "--model", "starter", "--messages", str(file)]
    assert cli.main([*argv, "--no-generation-prompt"], LOCK) == 0
    assert capfdbinary.readouterr().out == want.encode()
    assert cli.main([*argv, "--json"], LOCK) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert found["text"] == want + "<|im_start|>assistant\n"
    assert found["token_ids"][0] == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold a list"),
        ('{"role": "user"}', "must hold a list"),
        ("[3]", "message 0 is not an object"),
        ('[{"role": "robot", "content": "x"}]', "the role must be one of"),
        ('[{"role": "user", "content": 3}]', "content must be text"),
        ("[" * 100_000, "is not JSON"),
    ],
    ids=range(7),
)
def test_wrong_messages_are_a_sentence(run, tmp_path, content, sentence):
    file = tmp_path / "messages.json"
    file.write_text(content)
    code, _, err = run("template", "--model", "starter", "--messages", file)
    assert code == 1
    assert sentence in err
    assert err.count("\n") == 1


def test_logits_go_into_a_safetensors_file(run, tmp_path):
    out = tmp_path / "logits.safetensors"
    code, _, _ = run("logits", "--model", "starter", "--token-ids", "1,2,3", "--out", out)
    assert code == 0
    logits = load_file(out)["logits"]
    assert logits.shape == (3, 49152)
    assert list(tmp_path.glob("*.part")) == []
    code, _, err = run("logits", "--model", "starter", "--token-ids", "1,99999", "--out", out)
    assert code == 1
    assert "Token id 99999 is outside" in err
    code, _, err = run(
        "logits", "--model", "starter", "--token-ids", "1", "--out", tmp_path / "no" / "x"
    )
    assert code == 1
    assert err.count("\n") == 1


def test_perplexity_of_a_short_text(run, tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("The quick brown fox jumps over the lazy dog. " * 8)
    argv = ("perplexity", "--model", "starter", file, "--context", "32")
    code, out, _ = run(*argv, "--json")
    (found,) = objects(out)
    assert code == 0
    assert 1 < found["perplexity"] < 50
    assert found["tokens_scored"] % 15 == 0
    assert "perplexity" in run(*argv)[1]
    file.write_text("short")
    assert run(*argv)[0] == 1


def test_bench_prints_rates(run):
    argv = ("bench", "--model", "starter", "--prefill", "16", "--decode", "2", "--depth", "4",
            "--repeat", "2", "--threads", "2")  # fmt: skip
    code, out, _ = run(*argv, "--json")
    (found,) = objects(out)
    assert code == 0
    for name in ("prefill_tokens_per_s", "decode_tokens_per_s"):
        rates = found[name]
        assert 0 < rates["min"] <= rates["median"] <= rates["max"]
    assert found["cache_bytes_per_token"] == 2 * 30 * 3 * 64 * 2  # BF16
    assert found["load_seconds"] > 0
    code, out, _ = run("bench", "--model", "starter", "--prefill", "0", "--decode", "1",
                       "--repeat", "1")  # fmt: skip
    assert "prefill" not in out
    assert "decode" in out
    assert run("bench", "--model", "starter", "--prefill", "0", "--decode", "0")[0] == 1
    assert run("bench", "--model", "starter", "--depth", "100000")[0] == 1


def test_doctor_says_which_op_runs_where_and_why(run):
    code, out, _ = run("doctor", "--json")
    (found,) = objects(out)
    assert code == 0
    assert found["lock"]["state"] == "not tested"
    assert {"op": "rope", "scheme": None, "backend": "reference"}.items() <= next(
        o for o in found["ops"] if o["op"] == "rope"
    ).items()
    few = next(o for o in found["ops"] if o["op"] == "linear_few" and o["scheme"] == "Q4_K")
    assert [r["backend"] for r in few["rejected"]][-1] == "torch-bf16"
    assert math.isfinite(found["read_bandwidth_bytes_per_s"])
    assert "processor" in run("doctor")[1]


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nonsense"],
        ["chat", "--temperature", "warm"],
        ["chat", "--temperature", "-1"],
        ["chat", "--max-tokens", "0"],
        ["chat", "--threads", "0"],
        ["chat", "--threads", "100000"],
        ["chat", "--compute", "magic"],
        ["logits", "--model", "starter", "--token-ids", "1,x", "--out", "f"],
        ["tokenize", "--model", "starter"],
        ["bench", "--model", "starter", "--repeat", "x"],
        ["models"],
    ],
    ids=" ".join,
)
def test_wrong_usage_leaves_with_2(run, argv):
    code, out, err = run(*argv)
    assert code == 2
    assert out == ""
    assert "usage" in err


def test_files_that_are_no_models_are_one_sentence(run, tmp_path, starter_cut):
    for name, content in {
        "empty.gguf": b"",
        "text.gguf": b"This is a letter, not a model.",
        "cut.gguf": starter_cut,
        "half.safetensors": starter_cut,
    }.items():
        file = tmp_path / name
        file.write_bytes(content)
        for argv in (
            ("models", "inspect", file),
            ("chat", "--model", file, "--prompt", "hi"),
            ("logits", "--model", file, "--token-ids", "1", "--out", tmp_path / "out"),
        ):
            code, out, err = run(*argv)
            assert (code, out) == (1, ""), (name, argv)
            assert err.startswith("pitcher: ")
            assert err.count("\n") == 1
    code, _, err = run("chat", "--model", tmp_path / "absent.gguf", "--prompt", "hi")
    assert code == 1
    assert "absent.gguf" in err
    code, _, err = run("tokenize", "--model", "starter", "--file", tmp_path / "absent.txt")
    assert code == 1
    assert "absent.txt" in err


@pytest.fixture
def starter_cut(starter_path):
    with starter_path.open("rb") as file:
        return file.read(4_000_000)


def test_a_text_file_that_is_not_text_is_a_sentence(run, tmp_path):
    file = tmp_path / "text.txt"
    file.write_bytes(b"ok \xff\xfe")
    code, _, err = run("tokenize", "--model", "starter", "--file", file)
    assert code == 1
    assert "not UTF-8" in err


def test_memory_and_system_errors_become_sentences(run, monkeypatch):
    for error, sentence in (
        (MemoryError(), "not enough memory"),
        (OSError(28, "No space left on device", "/x"), "/x: No space left on device."),
    ):

        def fail(arguments, lock, error=error):
            raise error

        monkeypatch.setattr("app.cli.machine.run", fail)
        code, _, err = run("doctor")
        assert code == 1
        assert sentence in err


def a_tokenizer_folder(folder, template):
    """A byte-level vocabulary and a template, and no weights."""
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    plain = tokenizers.Tokenizer(
        tokenizers.models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[])
    )
    plain.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    plain.add_tokens([tokenizers.AddedToken("<think>"), tokenizers.AddedToken("</think>")])
    plain.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": template}))
    return folder


def test_a_folder_with_a_tokenizer_alone_can_be_asked(run, tmp_path):
    switch = "{{ messages[0].content }}{% if enable_thinking is false %}!{% endif %}"
    folder = a_tokenizer_folder(tmp_path, switch)
    messages = tmp_path / "messages.json"
    messages.write_text(json.dumps([{"role": "user", "content": "hi"}]))
    (ids,) = objects(run("tokenize", "--model", folder, "hi", "--json")[1])
    assert len(ids["token_ids"]) == 2
    (ids,) = objects(run("tokenize", "--model", folder / "tokenizer.json", "hi", "--json")[1])
    assert len(ids["token_ids"]) == 2

    def rendered(*flags):
        asked = run("template", "--model", folder, "--messages", messages, "--json", *flags)[1]
        return objects(asked)[0]["text"]

    assert rendered() == "hi"
    assert rendered("--no-think") == "hi!"
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ bos_token }}"}))
    code, _, err = run("template", "--model", folder, "--messages", messages, "--think")
    assert code == 1
    assert "no switch for thinking" in err
