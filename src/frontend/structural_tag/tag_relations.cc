// What the formats of a structural tag say of each other: ends, triggers, and content without end.
//
// Entry point: settle_tags (tag_format.h). Free text inside a tag ends where the tag does, so it
// contains none of the ends of the innermost tag around it that ends with a text; likewise tokens.
// A tag behind triggers begins with exactly one of them. Content of any length inside a tag that ends
// with nothing would have no end at all.
//
//   {"begin": "<a>", "content": {"type": "any_text"}, "end": "</a>"}  ->  text without "</a>"
//
// Tests: tests/unit/frontend/structural_tag/tag_ends_test.cc,
// tests/unit/frontend/structural_tag/tag_errors_test.cc.
#include <algorithm>
#include <string>
#include <vector>

#include "frontend/structural_tag/tag_format.h"

namespace xgr::core {
namespace {

// Which triggers a text starts with. In their order, all that start with a text lie behind it, so
// the last one in front of a text is one that it starts with, or starts like one.
class TriggerPrefixes {
 public:
  explicit TriggerPrefixes(const std::vector<std::string_view>& words) : words_(words) {
    for (uint32_t k = 0; k < words.size(); ++k) order_.push_back(k);
    std::sort(order_.begin(), order_.end(),
              [&](uint32_t x, uint32_t y) { return words_[x] < words_[y]; });
    shorter_.resize(words.size(), kNone);
    for (size_t i = 1; i < order_.size(); ++i) {
      uint32_t k = order_[i - 1];
      while (k != kNone && !words_[order_[i]].starts_with(words_[k])) k = shorter_[k];
      shorter_[order_[i]] = k;
    }
  }

  // The longest, and the one after it.
  std::vector<uint32_t> of(std::string_view text) const {
    std::vector<uint32_t> found;
    auto behind = std::upper_bound(order_.begin(), order_.end(), text,
                                   [&](std::string_view t, uint32_t k) { return t < words_[k]; });
    uint32_t k = behind == order_.begin() ? kNone : *(behind - 1);
    while (k != kNone && !text.starts_with(words_[k])) k = shorter_[k];
    for (; k != kNone && found.size() < 2; k = shorter_[k]) found.push_back(k);
    return found;
  }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  const std::vector<std::string_view>& words_;
  std::vector<uint32_t> order_;    // by text
  std::vector<uint32_t> shorter_;  // the longest other one that a trigger starts with
};

class TagRelations {
 public:
  TagRelations(const JsonDocument& doc, TagFormats& formats) : doc_(doc), formats_(formats) {}

  MaybeError run() {
    for (TagId i = 0; i < formats_.size(); ++i) hand_down_ends(i);
    unlimited_.resize(formats_.size());
    for (TagId i = static_cast<TagId>(formats_.size()); i-- > 0;) unlimited_[i] = unlimited(i);
    for (TagId i = 0; i < formats_.size(); ++i) {
      const TagFormat& f = formats_[i];
      MaybeError e;
      if (f.kind == TagKind::kTag) e = check_end(f);
      if (f.kind == TagKind::kTriggeredTags) e = find_triggers(f);
      if (f.kind == TagKind::kTokenTriggeredTags) e = find_token_triggers(f);
      if (e) return e;
    }
    return std::nullopt;
  }

 private:
  Error error(std::string message, JsonId at) const {
    return error_at_pointer(Status::kInvalidSource, std::move(message), doc_.pointer(at));
  }

  void hand_down_ends(TagId i) {
    const TagFormat& f = formats_[i];
    TagId text_tag = f.text_tag, token_tag = f.token_tag;
    for (const TagMark& end : f.ends) (end.is_token ? token_tag : text_tag) = i;
    for (TagId part : f.parts) {
      formats_[part].text_tag = text_tag;
      formats_[part].token_tag = token_tag;
    }
  }

  // Whether its texts may go on without end. A budget is one; so is a single tag.
  bool unlimited(TagId i) const {
    const TagFormat& f = formats_[i];
    const bool budget = f.max_tokens != kUnbounded || f.max_chars != kUnbounded;
    switch (f.kind) {
      case TagKind::kAnyText:
      case TagKind::kAnyTokens:
        return !budget;
      case TagKind::kTriggeredTags:
      case TagKind::kTokenTriggeredTags:
        return !f.at_least_one || !f.stop_after_first;
      case TagKind::kTagsWithSeparator:
        return !f.stop_after_first;
      case TagKind::kDispatch:
      case TagKind::kTokenDispatch:
      case TagKind::kPlus:
      case TagKind::kStar:
        return true;
      case TagKind::kRepeat:
        if (f.max == kUnbounded) return true;
        [[fallthrough]];
      case TagKind::kSequence:
      case TagKind::kOr:
      case TagKind::kOptional:
        return std::any_of(f.parts.begin(), f.parts.end(),
                           [&](TagId part) { return unlimited_[part]; });
      default:
        return false;
    }
  }

  MaybeError check_end(const TagFormat& tag) const {
    const TagFormat& content = formats_[tag.parts[0]];
    for (const TagMark& end : tag.ends) {
      if (end.is_token || !end.text.empty()) return std::nullopt;
    }
    if (!unlimited_[tag.parts[0]] || !content.excludes.empty()) return std::nullopt;
    if (!content.token_set.empty()) return std::nullopt;  // of free tokens: what is excluded
    return error(
        "the end is empty, but the content has none of its own; expected an end of at least one "
        "character, or content with \"excludes\", \"exclude_tokens\" or a budget",
        tag.ends[0].at);
  }

  MaybeError find_triggers(const TagFormat& f) {
    const TriggerPrefixes triggers(f.words);
    std::vector<bool> used(f.words.size());
    for (TagId part : f.parts) {
      TagFormat& tag = formats_[part];
      if (tag.begin.is_token)
        return error("a tag behind a trigger must begin with a string, found a token",
                     tag.begin.at);
      const std::vector<uint32_t> found = triggers.of(tag.begin.text);
      if (found.size() != 1) return wrong_begin(f, tag, found);
      tag.trigger = found[0];
      used[found[0]] = true;
    }
    for (uint32_t k = 0; k < f.words.size(); ++k) {
      if (used[k]) continue;
      return error("no tag begins with the trigger \"" + std::string(f.words[k]) +
                       "\"; expected a tag whose begin starts with it",
                   doc_.resolve(f.at, "/triggers/" + std::to_string(k)));
    }
    return std::nullopt;
  }

  Error wrong_begin(const TagFormat& f, const TagFormat& tag,
                    const std::vector<uint32_t>& found) const {
    const std::string begin = "the begin \"" + std::string(tag.begin.text) + "\"";
    if (found.empty()) {
      return error(begin + " starts with none of the triggers; expected it to start with one",
                   tag.begin.at);
    }
    return error(begin + " starts with the triggers \"" + std::string(f.words[found[0]]) +
                     "\" and \"" + std::string(f.words[found[1]]) + "\"; expected one of them",
                 tag.begin.at);
  }

  MaybeError find_token_triggers(const TagFormat& f) const {
    for (TagId part : f.parts) {
      const TagFormat& tag = formats_[part];
      if (!tag.begin.is_token) {
        return error("a tag behind a trigger token must begin with a token, found a string",
                     tag.begin.at);
      }
      const bool known = std::any_of(f.tokens.begin(), f.tokens.end(), [&](const TokenIds& t) {
        return t.intersects(tag.begin.tokens);
      });
      if (!known) {
        return error("the token that the tag begins with is none of the trigger tokens",
                     tag.begin.at);
      }
    }
    return std::nullopt;
  }

  const JsonDocument& doc_;
  TagFormats& formats_;
  std::vector<bool> unlimited_;
};

}  // namespace

MaybeError settle_tags(const JsonDocument& doc, TagFormats* formats) {
  return TagRelations(doc, *formats).run();
}

}  // namespace xgr::core
