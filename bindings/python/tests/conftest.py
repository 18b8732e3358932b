"""What the tests share: a vocabulary of all bytes and a few words."""
import pytest

import xgr

WORDS = [b"true", b'{"', b"</s>"]
TRUE, OPEN, STOP = 256, 257, 258
VOCAB_SIZE = 300


@pytest.fixture(scope="session")
def info():
    tokens = [bytes([i]) for i in range(256)] + WORDS
    return xgr.TokenizerInfo(tokens, vocab_size=VOCAB_SIZE)


@pytest.fixture
def compiler(info):
    return xgr.GrammarCompiler(info)


@pytest.fixture
def matches(compiler):
    """Whether a text is a whole string of a compiled grammar."""

    def ask(compiled, text):
        matcher = xgr.GrammarMatcher(compiled)
        return matcher.accept_string(text) and matcher.is_completed()

    return ask
