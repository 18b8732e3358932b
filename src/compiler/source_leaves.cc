// Sources that are one text: what each keeps, how it is read, and what it has in its key.
//
// Entry points: the factories of GrammarSource from texts. A leaf owns copies of its text and options;
// it reads them with its front end whenever it is built into a grammar. Members of an option struct
// are taken apart by name for the key, so that a new one that is forgotten here does not compile.
//
//   GrammarSource::regex("a+", {}, limits)  ->  RegexLeaf with "a+"
//
// Tests: tests/unit/compiler/grammar_source_test.cc, tests/unit/compiler/source_key_test.cc.
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "compiler/grammar_source.h"
#include "compiler/source_key.h"
#include "frontend/macros/substring.h"
#include "frontend/source_notes.h"
#include "grammar/string_set.h"
#include "grammar/string_table.h"

namespace xgr::core {
namespace {

enum class LeafKind : uint8_t {
  kEbnf,
  kRegex,
  kLark,
  kJsonSchema,
  kStructuralTag,
  kJson,
  kChoices,
  kSubstring
};

Error unknown_name(std::string_view name) {
  return make_error(Status::kInvalidSource, "no grammar is named \"" + std::string(name) + "\"");
}

MaybeError check_texts(std::span<const std::string_view> texts, const char* what) {
  for (size_t i = 0; i < texts.size(); ++i) {
    const size_t bad = find_invalid_utf8(texts[i]);
    if (bad == std::string_view::npos) continue;
    return error_at(Status::kInvalidSource,
                    std::string(what) + " " + std::to_string(i) + " is not valid UTF-8", texts[i],
                    bad);
  }
  return std::nullopt;
}

// A list of texts has no place that would help.
void note_choices(const StringTable& table, SourceNotes* notes) {
  const auto form = [](const SpecialNames::Match& m) {
    return "an EBNF source beside the choices: root ::= Token(" + std::to_string(m.id) + ")";
  };
  const auto place = [](std::string message, size_t) {
    return make_error(Status::kOk, std::move(message));
  };
  for (uint32_t i = 0; i < table.size(); ++i) notes->check_text(table[i], form, place);
}

void add_format(const JsonFormatOptions& format, KeyText* key) {
  const auto& [any_whitespace, max_whitespace, max_digits, indent, has_separators, item_separator,
               key_separator, escapes] = format;
  key->add(any_whitespace);
  key->add(max_whitespace);
  key->add(max_digits);
  key->add(indent);
  key->add(has_separators);
  key->add_text(item_separator);
  key->add_text(key_separator);
  key->add(escapes);
}

class EbnfLeaf : public SourceLeaf {
 public:
  EbnfLeaf(std::string_view text, std::string_view root, EbnfDialect dialect)
      : text_(text), root_(root), dialect_(dialect) {}
  Result<Expr> build(Grammar& g, const SourceContext& c, std::span<const Expr>) const override {
    EbnfOptions options;
    options.dialect = dialect_;
    options.token_ids = c.special_token;
    options.notes = c.notes;
    return ebnf_expr(g, text_, root_, options, c.limits);
  }
  void write_key(KeyText* key, bool) const override {
    key->add(LeafKind::kEbnf);
    key->add(dialect_);
    key->add_text(root_);
    key->add_text(text_);
  }
  std::string_view rules_text() const override { return text_; }

 private:
  std::string text_, root_;
  EbnfDialect dialect_;
};

class RegexLeaf : public SourceLeaf {
 public:
  RegexLeaf(std::string_view pattern, const RegexOptions& options)
      : pattern_(pattern), options_(options) {}
  Result<Expr> build(Grammar& g, const SourceContext& c, std::span<const Expr>) const override {
    RegexOptions own = options_;
    own.notes = c.notes;
    return regex_expr(g, pattern_, own, c.limits);
  }
  void write_key(KeyText* key, bool) const override {
    const auto& [dialect, search, dot_all, caseless, multiline, extended, notes] = options_;
    static_cast<void>(notes);
    key->add(LeafKind::kRegex);
    key->add(dialect);
    for (bool flag : {search, dot_all, caseless, multiline, extended}) key->add(flag);
    key->add_text(pattern_);
  }

 private:
  std::string pattern_;
  RegexOptions options_;
};

class LarkLeaf : public SourceLeaf {
 public:
  // `sources` gets those that the text may name.
  LarkLeaf(std::string_view text, std::span<const NamedGrammar> named,
           std::vector<SourcePtr>* sources)
      : text_(text) {
    for (const NamedGrammar& n : named) {
      if (n.source == nullptr) {
        options_.named_sources.push_back({std::string(n.name), std::string(n.lark)});
      } else if (places_.try_emplace(std::string(n.name), sources->size()).second) {
        sources->push_back(n.source);
        names_.emplace_back(n.name);
      }
    }
  }
  Result<Expr> build(Grammar& g, const SourceContext& c,
                     std::span<const Expr> built) const override {
    LarkOptions own = options_;
    own.special_token = c.special_token;
    own.notes = c.notes;
    own.named_grammar = [&](Grammar&, std::string_view name) -> Result<Expr> {
      auto it = places_.find(std::string(name));
      if (it == places_.end()) return unknown_name(name);
      return built[it->second];
    };
    return lark_expr(g, text_, own, c.limits);
  }
  void write_key(KeyText* key, bool) const override {
    key->add(LeafKind::kLark);
    key->add(options_.named_sources.size());
    for (const LarkNamedSource& n : options_.named_sources) {
      key->add_text(n.name);
      key->add_text(n.text);
    }
    for (const std::string& name : names_) key->add_text(name);
    key->add_text(text_);
  }
  std::string_view rules_text() const override { return text_; }

 private:
  std::string text_;
  LarkOptions options_;
  std::unordered_map<std::string, size_t> places_;
  std::vector<std::string> names_;  // of the sources, in their order
};

void add_json(std::string_view text, bool canonical, KeyText* key) {
  if (canonical) {
    key->add_text(canonical_json(text));
  } else {
    key->add_text(text);
  }
}

// Options that own the remote schemas they show.
class OwnSchemaOptions {
 public:
  explicit OwnSchemaOptions(const JsonSchemaOptions& options) : options_(options) {
    options_.remotes.clear();
    for (const RemoteSchema& r : options.remotes) remotes_.emplace_back(r.uri, r.text);
    for (const auto& [uri, text] : remotes_) options_.remotes.push_back({uri, text});
  }
  OwnSchemaOptions(const OwnSchemaOptions&) = delete;
  OwnSchemaOptions& operator=(const OwnSchemaOptions&) = delete;

  const JsonSchemaOptions& get() const { return options_; }
  void write_key(KeyText* key, bool canonical) const {
    const auto& [format, strict, any_order, unique_names, formats, draft, remotes, lenient,
                 unknown_keywords, notes, style, notation, excludes, token_markers] = options_;
    static_cast<void>(notes);
    add_format(format, key);
    for (bool flag : {strict, any_order, unique_names, lenient}) key->add(flag);
    key->add(formats);
    key->add(draft);
    key->add(unknown_keywords);
    key->add(style);
    key->add_text(notation);
    key->add(excludes.size());
    for (const std::string& text : excludes) key->add_text(text);
    key->add(token_markers.size());
    for (const TokenMarker& marker : token_markers) {
      key->add_text(marker.text);
      key->add(marker.ids.ranges().size());
      for (auto [lo, hi] : marker.ids.ranges()) {
        key->add(lo);
        key->add(hi);
      }
    }
    key->add(remotes.size());
    for (const RemoteSchema& r : remotes) {
      key->add_text(r.uri);
      add_json(r.text, canonical, key);
    }
  }

 private:
  std::vector<std::pair<std::string, std::string>> remotes_;
  JsonSchemaOptions options_;
};

class JsonSchemaLeaf : public SourceLeaf {
 public:
  JsonSchemaLeaf(std::string_view schema, const JsonSchemaOptions& options)
      : schema_(schema), options_(options) {}
  Result<Expr> build(Grammar& g, const SourceContext& c, std::span<const Expr>) const override {
    JsonSchemaOptions own = options_.get();
    own.notes = c.notes;
    return json_schema_expr(g, schema_, own, c.limits);
  }
  Error explain(Error error, const Limits& limits) const override {
    return explain_no_valid_value(std::move(error), schema_, options_.get(), limits);
  }
  std::optional<TextRefusal> refusal(const RefusedText& text, const RefusalTrial& trial,
                                     const Limits& limits) const override {
    return json_schema_refusal(schema_, options_.get(), limits, text, trial);
  }
  void write_key(KeyText* key, bool canonical) const override {
    key->add(LeafKind::kJsonSchema);
    options_.write_key(key, canonical);
    add_json(schema_, canonical, key);
  }

 private:
  std::string schema_;
  OwnSchemaOptions options_;
};

class StructuralTagLeaf : public SourceLeaf {
 public:
  StructuralTagLeaf(std::string_view text, const JsonSchemaOptions& schemas)
      : text_(text), schemas_(schemas) {}
  Result<Expr> build(Grammar& g, const SourceContext& c, std::span<const Expr>) const override {
    const StructuralTagOptions options{schemas_.get(), c.special_token, c.token_count,
                                       c.stop_tokens, c.notes};
    return structural_tag_expr(g, text_, options, c.limits);
  }
  Error explain(Error error, const Limits& limits) const override {
    StructuralTagOptions options;
    options.json = schemas_.get();
    return explain_no_output(std::move(error), text_, options, limits);
  }
  void write_key(KeyText* key, bool canonical) const override {
    key->add(LeafKind::kStructuralTag);
    schemas_.write_key(key, canonical);
    add_json(text_, canonical, key);
  }

 private:
  std::string text_;
  OwnSchemaOptions schemas_;
};

class JsonLeaf : public SourceLeaf {
 public:
  explicit JsonLeaf(const JsonFormatOptions& format) : format_(format) {}
  Result<Expr> build(Grammar& g, const SourceContext&, std::span<const Expr>) const override {
    return json_expr(g, format_);
  }
  std::optional<TextRefusal> refusal(const RefusedText& text, const RefusalTrial& trial,
                                     const Limits& limits) const override {
    JsonSchemaOptions options;
    options.format = format_;
    return json_schema_refusal("true", options, limits, text, trial);
  }
  void write_key(KeyText* key, bool) const override {
    key->add(LeafKind::kJson);
    add_format(format_, key);
  }

 private:
  JsonFormatOptions format_;
};

class ChoicesLeaf : public SourceLeaf {
 public:
  explicit ChoicesLeaf(std::span<const std::string_view> texts) : table_(StringTable::of(texts)) {}
  Result<Expr> build(Grammar& g, const SourceContext& c, std::span<const Expr>) const override {
    if (c.notes != nullptr) note_choices(*table_, c.notes);
    return StringSet::add(&g.pool, table_);
  }
  void write_key(KeyText* key, bool) const override {
    key->add(LeafKind::kChoices);
    for (size_t i = 0; i < table_->size(); ++i) key->add_text((*table_)[i]);
  }

 private:
  std::shared_ptr<const StringTable> table_;
};

class SubstringLeaf : public SourceLeaf {
 public:
  explicit SubstringLeaf(std::span<const std::string_view> chunks)
      : chunks_(chunks.begin(), chunks.end()) {}
  Result<Expr> build(Grammar& g, const SourceContext&, std::span<const Expr>) const override {
    return xgr::core::substring(g.pool, chunks_);
  }
  void write_key(KeyText* key, bool) const override {
    key->add(LeafKind::kSubstring);
    for (const std::string& chunk : chunks_) key->add_text(chunk);
  }

 private:
  std::vector<std::string> chunks_;
};

}  // namespace

Result<SourcePtr> GrammarSource::ebnf(std::string_view text, std::string_view root_rule,
                                      EbnfDialect dialect, const Limits& limits, Reading reading) {
  return read(from(std::make_unique<EbnfLeaf>(text, root_rule, dialect)), limits, reading);
}

Result<SourcePtr> GrammarSource::regex(std::string_view pattern, const RegexOptions& options,
                                       const Limits& limits, Reading reading) {
  return read(from(std::make_unique<RegexLeaf>(pattern, options)), limits, reading);
}

Result<SourcePtr> GrammarSource::lark(std::string_view text, std::span<const NamedGrammar> named,
                                      const Limits& limits, Reading reading) {
  std::vector<SourcePtr> sources;
  auto leaf = std::make_unique<LarkLeaf>(text, named, &sources);
  return read(from(std::move(leaf), std::move(sources)), limits, reading);
}

Result<SourcePtr> GrammarSource::json_schema(std::string_view schema,
                                             const JsonSchemaOptions& options, const Limits& limits,
                                             Reading reading) {
  return read(from(std::make_unique<JsonSchemaLeaf>(schema, options)), limits, reading);
}

Result<SourcePtr> GrammarSource::structural_tag(std::string_view text,
                                                const JsonSchemaOptions& schemas,
                                                const Limits& limits, Reading reading) {
  return read(from(std::make_unique<StructuralTagLeaf>(text, schemas)), limits, reading);
}

Result<SourcePtr> GrammarSource::json(const JsonFormatOptions& format) {
  return read(from(std::make_unique<JsonLeaf>(format)), {}, Reading::kNow);
}

Result<SourcePtr> GrammarSource::choices(std::span<const std::string_view> strings) {
  if (strings.empty())
    return make_error(Status::kInvalidArgument, "there are no choices; expected at least one");
  if (MaybeError e = check_texts(strings, "choice")) return *std::move(e);
  return from(std::make_unique<ChoicesLeaf>(strings));
}

Result<SourcePtr> GrammarSource::substring(std::span<const std::string_view> chunks) {
  if (MaybeError e = check_texts(chunks, "chunk")) return *std::move(e);
  return from(std::make_unique<SubstringLeaf>(chunks));
}

}  // namespace xgr::core
