// A sampler in the shape of llama.cpp's: accept, apply, reset, clone and free over an array of
// candidates {id, logit, p}, as one stage of a chain. apply() sets the logits of tokens that may not
// come next to minus infinity. As such engines do, the loop picks a token first and asks only about
// that one; only if it is refused are all candidates masked and another is picked.
//
// Reads JSON Schemas, one a line, and writes a document of each, from random logits:
//
//   c++ -std=c++17 sampler.cc $(pkg-config --cflags --libs xgr) -o sampler
//   ./sampler ../../tests/clients/schemas.jsonl 7
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <xgr/xgr.hpp>

namespace {

// What an engine hands to its samplers.
struct TokenData {
  std::int32_t id;
  float logit;
  float p;
};

struct TokenDataArray {
  TokenData* data;
  std::size_t size;
  std::int64_t selected;  // index into data, -1 when nothing was chosen
  bool sorted;
};

struct Sampler;
struct SamplerInterface {
  const char* (*name)(const Sampler* sampler);
  void (*accept)(Sampler* sampler, std::int32_t token);
  void (*apply)(Sampler* sampler, TokenDataArray* candidates);
  void (*reset)(Sampler* sampler);
  Sampler* (*clone)(const Sampler* sampler);
  void (*free)(Sampler* sampler);
};

struct Sampler {
  const SamplerInterface* interface;
  void* context;
};

// The stage on libxgr. An engine clones stages whose state it may not change, and one matcher is
// cloned without being changed; so the context holds it as mutable.
struct Constraint {
  mutable xgr::Matcher matcher;
  std::vector<std::uint32_t> mask;
};

Constraint& constraint(const Sampler* sampler) {
  return *static_cast<Constraint*>(sampler->context);
}

Sampler* make_sampler(xgr::Matcher matcher);

const char* constraint_name(const Sampler*) { return "xgr"; }

void constraint_accept(Sampler* sampler, std::int32_t token) {
  if (!constraint(sampler).matcher.accept_token(token)) {
    throw std::runtime_error("token " + std::to_string(token) + " is not allowed here");
  }
}

// One candidate is asked about by itself, which costs less than a mask.
void constraint_apply(Sampler* sampler, TokenDataArray* candidates) {
  Constraint& self = constraint(sampler);
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  if (candidates->size == 1) {
    if (!self.matcher.is_token_allowed(candidates->data[0].id)) candidates->data[0].logit = kNever;
    return;
  }
  const xgr::MaskKind kind = self.matcher.fill_bitmask(self.mask);
  if (kind == xgr::MaskKind::All) return;
  for (std::size_t i = 0; i < candidates->size; ++i) {
    const auto token = static_cast<std::uint32_t>(candidates->data[i].id);
    const bool allowed = kind == xgr::MaskKind::Some && token / 32 < self.mask.size() &&
                         (self.mask[token / 32] >> token % 32 & 1) != 0;
    if (!allowed) candidates->data[i].logit = kNever;
  }
}

void constraint_reset(Sampler* sampler) { constraint(sampler).matcher.reset(); }

Sampler* constraint_clone(const Sampler* sampler) {
  return make_sampler(constraint(sampler).matcher.clone());
}

void constraint_free(Sampler* sampler) {
  delete &constraint(sampler);
  delete sampler;
}

const SamplerInterface kConstraint = {constraint_name,  constraint_accept, constraint_apply,
                                      constraint_reset, constraint_clone,  constraint_free};

Sampler* make_sampler(xgr::Matcher matcher) {
  const std::size_t words = matcher.mask_words();
  return new Sampler{&kConstraint,
                     new Constraint{std::move(matcher), std::vector<std::uint32_t>(words)}};
}

// A vocabulary like that of a small model: all bytes, pairs of letters and of digits, punctuation
// of JSON, and a token that ends the output.
std::vector<std::string> make_vocabulary() {
  std::vector<std::string> out;
  for (int byte = 0; byte < 256; ++byte) out.emplace_back(1, static_cast<char>(byte));
  for (char first = 'a'; first <= 'z'; ++first) {
    for (char second = 'a'; second <= 'z'; ++second) out.push_back({first, second});
  }
  for (char first = '0'; first <= '9'; ++first) {
    for (char second = '0'; second <= '9'; ++second) out.push_back({first, second});
  }
  for (const char* text : {"\", \"", "\": ", "\": \"", "{\"", "\"}", ", ", "true", "false", "null",
                           "[[", "]]", "}}"}) {
    out.emplace_back(text);
  }
  out.emplace_back();
  return out;
}

class Engine {
 public:
  Engine(const std::vector<std::string>& vocabulary, std::uint32_t seed)
      : vocabulary_(vocabulary), random_(seed), candidates_(vocabulary.size()) {}

  // Writes a whole output.
  std::string generate(Sampler* sampler) {
    std::string text;
    for (;;) {
      const std::int32_t token = sample(sampler);
      sampler->interface->accept(sampler, token);
      if (token + 1 == static_cast<std::int32_t>(vocabulary_.size())) return text;
      text += vocabulary_[static_cast<std::size_t>(token)];
    }
  }

 private:
  // The "model": any logit for any token.
  void compute_logits() {
    std::uniform_real_distribution<float> logit(-4.0F, 4.0F);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      candidates_[i] = {static_cast<std::int32_t>(i), logit(random_), 0.0F};
    }
  }

  TokenData best() const {
    TokenData found = candidates_[0];
    for (const TokenData& one : candidates_) {
      if (one.logit > found.logit) found = one;
    }
    return found;
  }

  std::int32_t sample(Sampler* sampler) {
    compute_logits();
    TokenData first = best();
    TokenDataArray single = {&first, 1, 0, true};
    sampler->interface->apply(sampler, &single);
    if (!std::isinf(first.logit)) return first.id;
    TokenDataArray all = {candidates_.data(), candidates_.size(), -1, false};
    sampler->interface->apply(sampler, &all);
    const TokenData second = best();
    if (std::isinf(second.logit)) throw std::runtime_error("the mask allows nothing");
    return second.id;
  }

  const std::vector<std::string>& vocabulary_;
  std::mt19937 random_;
  std::vector<TokenData> candidates_;
};

// One document; a clone that is given the same logits and a sampler that was reset must write the
// same one again.
std::string document(const xgr::Grammar& grammar, const std::vector<std::string>& vocabulary,
                     std::uint32_t seed) {
  Sampler* sampler = make_sampler(xgr::Matcher(grammar));
  Sampler* clone = sampler->interface->clone(sampler);
  const std::string text = Engine(vocabulary, seed).generate(sampler);
  sampler->interface->reset(sampler);
  const bool same = Engine(vocabulary, seed).generate(clone) == text &&
                    Engine(vocabulary, seed).generate(sampler) == text;
  clone->interface->free(clone);
  sampler->interface->free(sampler);
  if (!same) throw std::runtime_error("a clone or a reset sampler wrote something else");
  return text;
}

void run(const char* path, std::uint32_t seed) {
  const std::vector<std::string> vocabulary = make_vocabulary();
  const std::vector<std::string_view> texts(vocabulary.begin(), vocabulary.end());
  const std::vector<std::int32_t> stop = {static_cast<std::int32_t>(texts.size() - 1)};
  xgr::TokenizerOptions options;
  options.stop_tokens = stop;
  xgr::JsonFormat format;
  format.layout = xgr::JsonLayout::Line;
  xgr::Compiler compiler{xgr::Tokenizer(texts, options)};
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  for (std::string schema; std::getline(file, schema);) {
    std::cout << document(compiler.compile_json_schema(schema, format), vocabulary, seed++) << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: sampler SCHEMAS.jsonl [SEED]\n";
    return 2;
  }
  try {
    run(argv[1], argc > 2 ? static_cast<std::uint32_t>(std::stoul(argv[2])) : 0);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
