// The objects behind the C handles, and the casts between C and C++.
//
// A handle shares what it needs, so that handles may be destroyed in any order. A matcher has no
// object of its own: its handle is the Matcher, because every step goes through it.
#pragma once

#include <xgr/xgr.h>

#include <memory>
#include <string>
#include <vector>

#include "chat/reply_reader.h"
#include "compiler/compile_desk.h"
#include "compiler/compiler.h"
#include "compiler/grammar_source.h"
#include "matcher/batch.h"
#include "matcher/matcher.h"
#include "support/cancel.h"
#include "support/diagnostic.h"
#include "support/status.h"
#include "tokenizer/tokenizer.h"

namespace xgr::core {

// What a tokenizer's file said beside the vocabulary; the first two are empty for one made from arrays.
struct TokenizerSource {
  std::string model_type;
  std::string detected_by;
  std::string findings;  // JSON, see vocabulary_file.h
};

inline Matcher* as_matcher(xgr_matcher_t* handle) { return reinterpret_cast<Matcher*>(handle); }
inline const Matcher* as_matcher(const xgr_matcher_t* handle) {
  return reinterpret_cast<const Matcher*>(handle);
}
inline xgr_matcher_t* as_handle(Matcher* matcher) {
  return reinterpret_cast<xgr_matcher_t*>(matcher);
}

inline xgr_status_t as_status(Status status) { return static_cast<xgr_status_t>(status); }

}  // namespace xgr::core

struct xgr_batch {
  explicit xgr_batch(int threads) : batch(threads) {}
  xgr::core::Batch batch;
};

struct xgr_cancel {
  xgr::core::CancelPtr cancel;
};

struct xgr_error {
  xgr::core::Error error;
};

struct xgr_captures {
  struct Entry {
    std::string name, text;
  };
  std::vector<Entry> entries;
};

struct xgr_json_schema_report {
  std::vector<xgr::core::KeywordReport> entries;
};

struct xgr_diagnostics {
  std::shared_ptr<const std::vector<xgr::core::Diagnostic>> entries;
};

struct xgr_explanation {
  xgr::core::Explanation explanation;
};

struct xgr_grammar_source {
  xgr::core::SourcePtr source;
};

struct xgr_reply_reader {
  std::unique_ptr<xgr::core::ReplyReader> reader;
};

struct xgr_tokenizer {
  std::shared_ptr<const xgr::core::Tokenizer> tokenizer;
  std::shared_ptr<const xgr::core::TokenizerSource> source;
};

struct xgr_compiler {
  std::unique_ptr<xgr::core::Compiler> compiler;
  std::shared_ptr<const xgr::core::TokenizerSource> source;
};

struct xgr_compile_job {
  std::unique_ptr<xgr::core::CompileJob> job;
  std::shared_ptr<const xgr::core::TokenizerSource> source;
};

struct xgr_grammar {
  std::shared_ptr<const xgr::core::CompiledGrammar> grammar;
  std::shared_ptr<const xgr::core::TokenizerSource> source;
};
