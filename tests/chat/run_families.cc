// Runs the replies of tests/chat/families against the structural tags of their families.
//
//   run_families FOLDER [FAMILY]
//
// Each reply has to be accepted: as bytes, and as tokens where each marker is a control token. Then
// one_call is spoilt in all ways that are known to be wrong, and refused at the byte that is wrong: a
// byte of a marker, an unknown name, a value of another type, text after the call, a marker inside of
// a string. No part of it may count as a whole reply.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chat/family.h"
#include "chat/family_tag.h"
#include "compiler/compiler.h"
#include "compiler/grammar_source.h"
#include "mask/engine.h"
#include "matcher/matcher.h"
#include "reply_case.h"

using namespace xgr::core;

namespace {

constexpr size_t kLeastCorruptions = 30;

// A vocabulary of all bytes, and some markers as control tokens.
struct Vocabulary {
  std::vector<std::string> texts;
  std::shared_ptr<const Tokenizer> tokenizer;
  std::unique_ptr<Compiler> compiler;

  Vocabulary(const std::vector<std::string>& control, const std::vector<std::string>& stop) {
    for (int b = 0; b < 256; ++b) texts.push_back(std::string(1, static_cast<char>(b)));
    TokenizerInput in;
    in.kinds.assign(256, 0);
    for (const std::string& s : control) {
      const bool stops = std::find(stop.begin(), stop.end(), s) != stop.end();
      texts.push_back(s);
      in.kinds.push_back(stops ? 2 : 1);
    }
    texts.push_back("<stop>");
    in.kinds.push_back(2);
    in.tokens.assign(texts.begin(), texts.end());
    tokenizer = Tokenizer::create(in).value();
    compiler = std::move(Compiler::create(tokenizer, {})).value();
  }
  // Markers as their tokens, the rest byte by byte.
  std::vector<int32_t> tokens(std::string_view text) const {
    std::vector<int32_t> out;
    while (!text.empty()) {
      size_t best = static_cast<unsigned char>(text[0]);
      for (size_t id = 256; id < texts.size(); ++id) {
        if (text.starts_with(texts[id]) && texts[id].size() > texts[best].size()) best = id;
      }
      out.push_back(static_cast<int32_t>(best));
      text.remove_prefix(texts[best].size());
    }
    return out;
  }
};

using GrammarPtr = std::shared_ptr<const CompiledGrammar>;

class FamilyRun {
 public:
  FamilyRun(const chat::FamilyCases& cases, const chat::Kinds& kinds, Vocabulary& bytes)
      : cases_(cases),
        kinds_(kinds),
        bytes_(bytes),
        family_(find_family(cases.family, {}).value()) {
    std::vector<std::string> control = family_.markers;
    for (const FamilyPart& part : family_.call)
      control.insert(control.end(), part.markers.begin(), part.markers.end());
    std::sort(control.begin(), control.end());
    control.erase(std::unique(control.begin(), control.end()), control.end());
    tokens_ = std::make_unique<Vocabulary>(control, family_.stop);
  }

  void run() {
    for (const chat::Reply& reply : cases_.replies) {
      const std::string& request = kinds_.request(reply.kind);
      accept(request, reply.text);
      accept_tokens(request, reply.text);
      if (reply.kind == "one_call") spoil(request, reply);
    }
    for (const chat::More& more : cases_.more) {
      for (const std::string& text : more.accepted) accept(more.request, text);
      for (const chat::Rejected& text : more.rejected) reject(more.request, text.text, text.at);
    }
    if (corruptions_ < kLeastCorruptions)
      fail("", "only " + std::to_string(corruptions_) + " corruptions");
  }
  size_t checks() const { return checks_; }
  size_t failures() const { return failures_; }

 private:
  void fail(const std::string& text, const std::string& what) {
    ++failures_;
    std::printf("%s: %s\n  %s\n", cases_.family.c_str(), what.c_str(), text.c_str());
  }
  GrammarPtr grammar(Vocabulary& vocabulary, const std::string& request) {
    auto [entry, is_new] = grammars_.emplace(std::pair(&vocabulary, request), nullptr);
    if (!is_new) return entry->second;
    Result<std::string> tag =
        family_structural_tag(family_, request, vocabulary.tokenizer.get(), Limits{});
    if (!tag.ok()) return fail(request, tag.error().message), nullptr;
    Compiler::Compiled made =
        vocabulary.compiler->compile(GrammarSource::structural_tag(tag.value()));
    if (!made.ok()) return fail(tag.value(), made.error().message), nullptr;
    return entry->second = made.value();
  }
  // How many bytes are accepted, and whether that is a whole reply.
  std::pair<size_t, bool> walk(const std::string& request, std::string_view text) {
    ++checks_;
    GrammarPtr made = grammar(bytes_, request);
    if (!made) return {0, false};
    auto matcher = std::move(Matcher::create(made, {})).value();
    for (size_t i = 0; i < text.size(); ++i) {
      bool accepted = false;
      matcher->accept_bytes(text.substr(i, 1), &accepted);
      if (!accepted) return {i, false};
    }
    return {text.size(), matcher->is_accepting()};
  }
  void accept(const std::string& request, const std::string& text) {
    const auto [size, whole] = walk(request, text);
    if (size < text.size())
      fail(text, "refused at byte " + std::to_string(size) + " with " + request);
    else if (!whole)
      fail(text, "not a whole reply with " + request);
  }
  void accept_tokens(const std::string& request, const std::string& text) {
    ++checks_;
    GrammarPtr made = grammar(*tokens_, request);
    if (!made) return;
    auto matcher = std::move(Matcher::create(made, {})).value();
    size_t done = 0;
    for (int32_t token : tokens_->tokens(text)) {
      bool accepted = false;
      matcher->accept_token(token, &accepted);
      if (!accepted) {
        return fail(text, "as tokens: refused at byte " + std::to_string(done) + ", " +
                              tokens_->texts[static_cast<size_t>(token)] + ", with " + request);
      }
      done += tokens_->texts[static_cast<size_t>(token)].size();
    }
    if (!matcher->is_terminated() && !matcher->is_accepting())
      fail(text, "as tokens: not a whole reply with " + request);
  }
  void reject(const std::string& request, const std::string& text, size_t at) {
    ++corruptions_;
    const auto [size, whole] = walk(request, text);
    if (size != at) {
      fail(text,
           (whole || size == text.size() ? "accepted" : "refused at byte " + std::to_string(size)) +
               " instead of refused at byte " + std::to_string(at) + " with " + request);
    }
  }

  void spoil(const std::string& request, const chat::Reply& reply) {
    const std::string& text = reply.text;
    for (size_t i = 0; i < text.size(); ++i) {
      if (reply.free[i]) continue;
      std::string wrong = text;
      wrong[i] = '\x01';
      reject(request, wrong, i);
    }
    for (size_t i = 1; i < text.size(); ++i) {
      if (walk(request, text.substr(0, i)).second)
        fail(text.substr(0, i), "counts as a whole reply");
    }
    reject(request, text + "x", text.size());
    const std::string name = "get_weather";
    const size_t behind = text.find(name) + name.size();
    reject(request, std::string(text).insert(behind, "s"), behind);
    const size_t number = text.find('3', text.find("days"));
    std::string wrong = text;
    wrong[number] = 'x';
    reject(request, wrong, number);
    if (cases_.inside.empty()) return;
    const size_t half = text.find("Paris") + 2;
    reject(request, std::string(text).insert(half, cases_.inside), half + cases_.inside.size() - 1);
  }

  const chat::FamilyCases& cases_;
  const chat::Kinds& kinds_;
  Vocabulary& bytes_;
  const Family family_;
  std::unique_ptr<Vocabulary> tokens_;
  std::map<std::pair<Vocabulary*, std::string>, GrammarPtr> grammars_;
  size_t checks_ = 0, corruptions_ = 0, failures_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: run_families FOLDER [FAMILY]\n"), 2;
  const chat::Kinds kinds = chat::read_kinds(argv[1]);
  const auto cases = chat::read_cases(argv[1], argc > 2 ? argv[2] : "");
  Vocabulary bytes({}, {});
  size_t checks = 0, failures = 0;
  for (const chat::FamilyCases& one : cases) {
    FamilyRun run(one, kinds, bytes);
    run.run();
    checks += run.checks();
    failures += run.failures();
  }
  std::printf("%zu families, %zu checks, %zu failed\n", cases.size(), checks, failures);
  return failures > 0 || cases.empty() || (argc == 2 && cases.size() != family_files().size());
}
