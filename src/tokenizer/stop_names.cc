// Well-known names of stop tokens. Entry point: find_stop_tokens.
//
// One table for all ways to make a tokenizer. A token counts when its whole text is a name of the
// table. What ends the turn of one family may stand in the middle of another's: `<|end|>` ends a turn
// of Phi and a single message of harmony; rows with `with` or `without` tell the families apart by
// another name of the table that the vocabulary has or lacks.
//
//   "<|im_end|>" and "<|endoftext|>" among special tokens  ->  both ids
//   "</s>" among plain pieces, and "<|im_end|>" too        ->  that of "<|im_end|>" alone
//
// Tests: tests/unit/tokenizer/stop_names_test.cc, tests/capi/tokenizer_test.c.
#include "tokenizer/stop_names.h"

#include <algorithm>
#include <array>
#include <bitset>

namespace xgr::core {
namespace {

struct StopName {
  std::string_view name;
  bool may_be_text = false;       // markup or a word in brackets that outputs contain, too
  std::string_view with = {};     // counts only in vocabularies with this name
  std::string_view without = {};  // counts only in vocabularies without it
};

constexpr std::string_view kHarmony = "<|return|>";
constexpr std::string_view kDeepSeek =
    "<\xEF\xBD\x9C"
    "end\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>";

constexpr std::array<StopName, 38> kStopNames = {{
    {"</s>", true},        // Llama 1 and 2, Mistral, T5, many on SentencePiece
    {"<|end_of_text|>"},   // Llama 3, Granite
    {"<|eot_id|>"},        // Llama 3: turn
    {"<|eom_id|>"},        // Llama 3: message before a tool's answer
    {"<|eot|>"},           // Llama 4, Muse: turn
    {"<|eom|>"},           // Llama 4, Muse: message
    {"<|endoftext|>"},     // GPT-2, Qwen, Phi, GLM, Falcon, OLMo
    {"<|im_end|>"},        // ChatML: Qwen, Hermes, Yi, LFM, Kimi K2, InternLM
    {"<eos>", true},       // Gemma
    {"<end_of_turn>"},     // Gemma 1 to 3, FunctionGemma
    {"<turn|>"},           // Gemma 4: turn
    {"<|tool_response>"},  // Gemma 4: a tool has to answer
    {kHarmony},            // harmony (gpt-oss): last message
    {"<|call|>", false, kHarmony},
    {"<|end|>", false, {}, kHarmony},    // Phi 3 and 4; of a single message in harmony
    {kDeepSeek},                         // DeepSeek V2 and later, Step 3
    {"<|EOT|>"},                         // DeepSeek Coder, Step
    {"<|eos|>"},                         // Hunyuan, Grok
    {"[EOS]", true},                     // Kimi K2, WordPiece vocabularies
    {"[EOT]", true},                     // Kimi K2
    {"<|end_of_msg|>"},                  // Kimi K3
    {"<|end_of_turn|>"},                 // OpenChat
    {"<|END_OF_TURN_TOKEN|>"},           // Command R, Command A
    {"<EOS_TOKEN>"},                     // Command R
    {"[|endofturn|]"},                   // EXAONE 2 and 3
    {"<|endofturn|>"},                   // HyperCLOVA X
    {"<seed:eos>"},                      // Seed-OSS
    {"[e~["},                            // MiniMax M2 and M3
    {"<end_of_sentence>"},               // MiniMax M1
    {"<|end_of_sentence|>"},             // ERNIE 4.5
    {"<|message_sep|>"},                 // GigaChat
    {"<|content_model_end_sampling|>"},  // Inkling
    {"</longcat_s>"},                    // LongCat
    {"<|assistant_end|>"},               // Apertus
    {"<|endofresponse|>"},               // dots
    {"<|plamo:eos|>"},                   // PLaMo 2 and 3
    {"<eoa>"},                           // InternLM 1
    {"<eop>"},                           // ChatGLM
}};

using NameSet = std::bitset<kStopNames.size()>;
constexpr size_t kNoName = kStopNames.size();

// Row of the table, or kNoName. Nearly all tokens are out by their first character.
size_t row_of(std::string_view text) {
  if (text.size() < 3 || (text[0] != '<' && text[0] != '[')) return kNoName;
  const auto named = [&](const StopName& row) { return row.name == text; };
  return static_cast<size_t>(std::find_if(kStopNames.begin(), kStopNames.end(), named) -
                             kStopNames.begin());
}

// The rows that count, of those that a vocabulary has.
NameSet that_count(const NameSet& present) {
  NameSet out = present;
  for (size_t i = 0; i < kStopNames.size(); ++i) {
    const StopName& row = kStopNames[i];
    if (!row.with.empty() && !present[row_of(row.with)]) out.reset(i);
    if (!row.without.empty() && present[row_of(row.without)]) out.reset(i);
  }
  return out;
}

}  // namespace

std::vector<int32_t> find_stop_tokens(std::span<const StopCandidate> candidates) {
  struct Found {
    int32_t id;
    StopTier tier;
    size_t row;
  };
  std::vector<Found> found;
  NameSet present;
  for (const StopCandidate& candidate : candidates) {
    const size_t row = row_of(candidate.text);
    if (row == kNoName) continue;
    present.set(row);
    found.push_back({candidate.id, candidate.tier, row});
  }
  const NameSet counts = that_count(present);
  std::vector<int32_t> ids;
  for (const StopTier tier : {StopTier::kSpecial, StopTier::kAdded, StopTier::kPiece}) {
    for (const bool texts_too : {tier == StopTier::kSpecial, true}) {
      for (const Found& f : found) {
        if (f.tier == tier && counts[f.row] && (texts_too || !kStopNames[f.row].may_be_text))
          ids.push_back(f.id);
      }
      if (!ids.empty()) return ids;
    }
  }
  return ids;
}

std::vector<int32_t> find_stop_tokens(const TokenizerInput& input) {
  std::vector<StopCandidate> candidates;
  for (size_t id = 0; id < input.tokens.size(); ++id) {
    if (row_of(input.tokens[id]) == kNoName) continue;
    const bool control =
        id < input.kinds.size() && input.kinds[id] == static_cast<uint8_t>(TokenKind::kControl);
    if (!input.kinds.empty() && !control) continue;
    candidates.push_back({static_cast<int32_t>(id), control ? StopTier::kSpecial : StopTier::kPiece,
                          input.tokens[id]});
  }
  return find_stop_tokens(candidates);
}

}  // namespace xgr::core
