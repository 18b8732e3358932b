"""A tokenizer trained in memory and a model with random weights: what clients get instead of downloads."""
import json
import random

import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ["<pad>", "</s>", "<think>", "</think>", "<tool_call>", "</tool_call>", "<|im_start|>", "<|im_end|>"]
PAD, EOS, THINK, THINK_END = 0, 1, 2, 3
UNUSED = 13  # logits beyond the tokens, as models have them


def _texts():
    random.seed(7)
    words = "name value count items true false null alpha beta gamma city street price total hello world".split()
    for _ in range(400):
        yield json.dumps({random.choice(words): random.choice([random.randrange(10**4), random.choice(words), True])})
        yield " ".join(random.choice(words) for _ in range(8)) + random.choice(".,!?\n")


def tokenizer():
    """Byte-level BPE of about 800 tokens, special ones included. The same in every process."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=800, special_tokens=SPECIAL, show_progress=False,
                                  initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()))
    inner.train_from_iterator(list(_texts()), trainer)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=inner, eos_token="</s>", pad_token="<pad>",
                                                additional_special_tokens=SPECIAL[2:])


def token_bytes(tokens):
    """The bytes of all tokens, in the order of their ids."""
    bytes_of = {character: byte for byte, character in _byte_level().items()}
    names = {token: name for name, token in tokens.get_vocab().items()}
    return [names[i].encode() if i < len(SPECIAL) else bytes(bytes_of[character] for character in names[i])
            for i in range(len(names))]


def _byte_level():
    """The character that stands for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {**{byte: chr(byte) for byte in plain}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


def vocab_size(tokens):
    """Of the logits of its model."""
    return len(tokens) + UNUSED


def model(tokens, layers=2):
    """A GPT-2 that has learnt nothing."""
    config = transformers.GPT2Config(vocab_size=vocab_size(tokens), n_positions=512, n_embd=32, n_layer=layers,
                                     n_head=2, bos_token_id=EOS, eos_token_id=EOS, pad_token_id=PAD)
    return transformers.GPT2LMHeadModel(config).eval()
