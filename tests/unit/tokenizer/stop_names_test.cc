// Covers src/tokenizer/stop_names.cc: names by tier, names that may be text, families told apart.
#include "tokenizer/stop_names.h"

#include <doctest/doctest.h>

#include <string>

namespace xgr::core {
namespace {

using Ids = std::vector<int32_t>;

// The candidates have the ids 0, 1, ...
Ids found(std::vector<std::pair<StopTier, std::string>> tokens) {
  std::vector<StopCandidate> candidates;
  for (const auto& [tier, text] : tokens)
    candidates.push_back({static_cast<int32_t>(candidates.size()), tier, text});
  return find_stop_tokens(candidates);
}

Ids among_pieces(std::initializer_list<const char*> texts) {
  std::vector<std::pair<StopTier, std::string>> tokens;
  for (const char* text : texts) tokens.emplace_back(StopTier::kPiece, text);
  return found(tokens);
}

}  // namespace

TEST_CASE("stop names: one name of each family") {
  for (const char* name : {"</s>",
                           "<|end_of_text|>",
                           "<|eot_id|>",
                           "<|eom_id|>",
                           "<|eot|>",
                           "<|eom|>",
                           "<|endoftext|>",
                           "<|im_end|>",
                           "<eos>",
                           "<end_of_turn>",
                           "<turn|>",
                           "<|return|>",
                           "<|end|>",
                           "<｜end▁of▁sentence｜>",
                           "<|EOT|>",
                           "<|eos|>",
                           "[EOS]",
                           "<|end_of_msg|>",
                           "<|end_of_turn|>",
                           "<|END_OF_TURN_TOKEN|>",
                           "[|endofturn|]",
                           "<seed:eos>",
                           "[e~[",
                           "<|message_sep|>",
                           "<|content_model_end_sampling|>",
                           "</longcat_s>",
                           "<|assistant_end|>",
                           "<|plamo:eos|>"}) {
    CAPTURE(name);
    CHECK(among_pieces({"a", name}) == Ids{1});
    CHECK(found({{StopTier::kSpecial, name}}) == Ids{0});
  }
}

TEST_CASE("stop names: only whole tokens count") {
  CHECK(among_pieces({"", "<", "a", "<|im_end|", " <|im_end|>", "<|im_end|>\n", "<|IM_END|>",
                      "<|im_start|>", "<think>", "</html>", "[INST]"})
            .empty());
  CHECK(find_stop_tokens(std::vector<StopCandidate>()).empty());
}

TEST_CASE("stop names: the surest tier decides") {
  CHECK(found({{StopTier::kPiece, "<|im_end|>"},
               {StopTier::kAdded, "<|endoftext|>"},
               {StopTier::kSpecial, "</s>"},
               {StopTier::kSpecial, "<eos>"}}) == Ids{2, 3});
  CHECK(found({{StopTier::kPiece, "<|im_end|>"}, {StopTier::kAdded, "</s>"}}) == Ids{1});
}

TEST_CASE("stop names: names that a text may contain give way") {
  CHECK(among_pieces({"</s>", "<|im_end|>", "[EOS]", "<|endoftext|>"}) == Ids{1, 3});
  CHECK(among_pieces({"</s>", "<s>"}) == Ids{0});
  CHECK(found({{StopTier::kAdded, "</s>"}, {StopTier::kAdded, "<|eot_id|>"}}) == Ids{1});
}

TEST_CASE("stop names: what ends a turn of one family only") {
  // Phi, then harmony, where a message ends with <|end|> and a turn goes on.
  CHECK(found({{StopTier::kSpecial, "<|end|>"}, {StopTier::kSpecial, "<|endoftext|>"}}) ==
        Ids{0, 1});
  CHECK(found({{StopTier::kSpecial, "<|end|>"},
               {StopTier::kSpecial, "<|return|>"},
               {StopTier::kSpecial, "<|call|>"}}) == Ids{1, 2});
  CHECK(found({{StopTier::kSpecial, "<|call|>"}}).empty());
}

TEST_CASE("stop names: kinds say what is text") {
  TokenizerInput in;
  in.tokens = {"<|im_end|>", "</s>", "a"};
  CHECK(find_stop_tokens(in) == Ids{0});
  in.kinds = {0, 0, 0};
  CHECK(find_stop_tokens(in).empty());
  in.kinds = {0, 1, 0};
  CHECK(find_stop_tokens(in) == Ids{1});
  in.kinds = {3, 3, 0};
  CHECK(find_stop_tokens(in).empty());
}

}  // namespace xgr::core
