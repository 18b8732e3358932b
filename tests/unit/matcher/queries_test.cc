// A const matcher is asked from several threads at once: matcher/queries.cc.
#include <atomic>
#include <thread>

#include "../mask/mask_helpers.h"
#include "matcher/matcher.h"

using namespace xgr::core;
using namespace xgr::core::test;

namespace {

struct Answers {
  std::vector<uint32_t> mask;
  MaskKind kind = MaskKind::kSome;
  bool accepting = false;
  size_t valid = 0;
  std::string forced;
  bool operator==(const Answers&) const = default;
};

Answers ask(const Matcher& m, std::span<const int32_t> tokens) {
  Answers out;
  out.mask.resize(m.grammar()->tokenizer()->mask_words());
  CHECK(m.fill_bitmask(out.mask.data(), out.mask.size(), &out.kind) == Status::kOk);
  out.accepting = m.is_accepting();
  CHECK(m.validate_tokens(tokens, &out.valid) == Status::kOk);
  uint8_t bytes[32];
  size_t size = 0;
  CHECK(m.forced_bytes(false, bytes, &size) == Status::kOk);
  out.forced.assign(reinterpret_cast<const char*>(bytes), size);
  return out;
}

// What the threads find is compared with what the matcher says when it is alone.
void ask_at_once(Matcher* m, std::span<const int32_t> tokens) {
  const Answers alone = ask(*m, tokens);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        if (!(ask(*m, tokens) == alone)) ++wrong;
        if ((i + t) % 3 == 0) {
          const std::unique_ptr<Matcher> copy = m->clone();
          bool accepted = false;
          for (int32_t token : tokens) copy->accept_token(token, &accepted);
          if (!(ask(*m, tokens) == alone)) ++wrong;
        }
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(wrong == 0);
  CHECK(ask(*m, tokens) == alone);
}

}  // namespace

TEST_CASE("queries: several threads ask one matcher and clone it, between steps") {
  for (const char* schema :
       {R"({"type": "array", "items": {"type": "string", "maxLength": 9}})",
        R"({"type": "array", "items": {"type": "integer"}, "uniqueItems": true})"}) {
    CAPTURE(schema);
    auto compiler =
        std::move(Compiler::create(make_tokenizer(with_bytes({"[\"", "\","})), {})).value();
    auto compiled = compiler->compile_json_schema(schema, {});
    REQUIRE(compiled.ok());
    MatcherOptions options;
    options.terminate_without_stop_token = true;
    auto made = Matcher::create(compiled.value(), options);
    REQUIRE(made.ok());
    const std::unique_ptr<Matcher> m = std::move(made).value();
    const int32_t draft[] = {'[', '"', 'a', '1', ','};
    for (const char* text : {"", "[", "\"ab", "1", "2", "\", ", "]"}) {
      bool accepted = false;
      REQUIRE(m->accept_bytes(text, &accepted) == Status::kOk);
      ask_at_once(m.get(), draft);
    }
  }
}
