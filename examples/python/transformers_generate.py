"""generate() of the package transformers, constrained. The model is a GPT-2 of two layers with random weights, and
its tokenizer is trained here, so that nothing is downloaded: whatever such a model likes, the output is valid.

  pip install . transformers torch && python examples/python/transformers_generate.py [SEED]      # in a checkout
"""
import json
import sys

import tokenizers
import torch
import transformers
import xgr
import xgr.transformers

CORPUS = ['{"name": "Oslo", "size": "city", "capital": true}', '{"name": "Bergen", "capital": false}',
          "A city by the sea. ", "[1, 2, 3, 45, 678]", "name size village town city capital true false"]
SCHEMA = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 8},
                                           "size": {"enum": ["village", "town", "city"]},
                                           "capital": {"type": "boolean"}},
          "required": ["name", "size", "capital"], "additionalProperties": False}


def make_tokenizer():
    model = tokenizers.Tokenizer(tokenizers.models.BPE())
    model.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    model.decoder = tokenizers.decoders.ByteLevel()
    model.train_from_iterator(CORPUS, tokenizers.trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<|endoftext|>"], show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet()))
    return transformers.PreTrainedTokenizerFast(tokenizer_object=model, eos_token="<|endoftext|>",
                                                pad_token="<|endoftext|>")


def make_model(tokenizer):
    size = (len(tokenizer) + 63) // 64 * 64  # logits are padded, as those of real models are
    config = transformers.GPT2Config(vocab_size=size, n_positions=256, n_embd=64, n_layer=2, n_head=2,
                                     bos_token_id=tokenizer.eos_token_id, eos_token_id=tokenizer.eos_token_id)
    return transformers.GPT2LMHeadModel(config).eval()


def main():
    torch.manual_seed(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    tokenizer = make_tokenizer()
    model = make_model(tokenizer)
    info = xgr.TokenizerInfo.from_huggingface(tokenizer, vocab_size=model.config.vocab_size)
    compiled = xgr.GrammarCompiler(info).compile_json_schema(SCHEMA, any_whitespace=False)
    prompts = ["A city:", "A city by the sea, in JSON:"]
    inputs = tokenizer(prompts, return_tensors="pt", padding=True, padding_side="left")
    for name, options in (("sampling", {"do_sample": True}), ("two beams", {"num_beams": 2})):
        output = model.generate(**inputs, max_new_tokens=100, pad_token_id=tokenizer.eos_token_id,
                                logits_processor=[xgr.transformers.LogitsProcessor(compiled)], **options)
        for row in output[:, inputs["input_ids"].shape[1]:]:
            text = tokenizer.decode(row, skip_special_tokens=True)
            print(f"{name}: {json.dumps(json.loads(text))}")


if __name__ == "__main__":
    main()
