// Reads the replies of tests/chat/families back.
//
//   read_replies FOLDER [FAMILY]
//
// Each reply is fed byte by byte, in threes and as a whole, and has to give the values that kinds.json
// names, the same in all three ways. Then replies are spoilt at random: whatever comes out has to be
// the same in all ways, too.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "chat/family.h"
#include "chat/reply_reader.h"
#include "reply_case.h"
#include "support/json_reader.h"

using namespace xgr::core;

namespace {

struct Call {
  std::string name, arguments;
  bool ended = false;
};

// What a consumer makes of the events.
struct Read {
  std::string reasoning, text, malformed, end, log;
  std::vector<Call> calls;
};

Read read_reply(const Family& family, const std::string& request, std::string_view text,
                size_t chunk) {
  auto reader = ReplyReader::create(family, {request, std::nullopt}, Limits{});
  if (!reader.ok()) {
    std::printf("%s: %s\n", family.name.c_str(), reader.error().message.c_str());
    std::exit(1);
  }
  Read out;
  ReplyEvent e;
  auto take = [&] {
    while (reader.value()->next(&e)) {
      const bool more = e.kind == ReplyEventKind::kReasoning || e.kind == ReplyEventKind::kText ||
                        e.kind == ReplyEventKind::kArguments ||
                        (e.kind == ReplyEventKind::kMalformed && e.problem.empty());
      const std::string tag =
          std::to_string(static_cast<int>(e.kind)) + "/" + std::to_string(e.call);
      if (!more || !out.log.ends_with("|" + tag)) out.log += (more ? "|" : "#") + tag;
      if (!more) out.log += ":" + std::to_string(e.offset) + ":" + std::string(e.problem);
      switch (e.kind) {
        case ReplyEventKind::kReasoning:
          out.reasoning += e.text;
          break;
        case ReplyEventKind::kText:
          out.text += e.text;
          break;
        case ReplyEventKind::kCallBegin:
          out.calls.resize(std::max<size_t>(out.calls.size(), e.call + 1));
          out.calls[e.call].name = e.text;
          out.log += ":" + std::string(e.id);
          break;
        case ReplyEventKind::kArguments:
          out.calls[e.call].arguments += e.text;
          break;
        case ReplyEventKind::kCallEnd:
          out.calls[e.call].ended = true;
          break;
        case ReplyEventKind::kMalformed:
          out.malformed += e.text;
          break;
        case ReplyEventKind::kEnd:
          out.end = e.problem;
          break;
      }
    }
  };
  for (size_t at = 0; at < text.size(); at += chunk) {
    reader.value()->feed(text.substr(at, chunk));
    take();
  }
  reader.value()->finish();
  take();
  return out;
}

std::string shown(const Read& r) {
  std::string out = "reasoning " + json_quote(r.reasoning) + " text " + json_quote(r.text);
  for (const Call& c : r.calls)
    out += "\n    " + c.name + " " + c.arguments + (c.ended ? "" : " (no end)");
  if (!r.malformed.empty()) out += "\n    malformed " + json_quote(r.malformed);
  if (!r.end.empty()) out += "\n    " + r.end;
  return out;
}

bool operator==(const Read& x, const Read& y) { return shown(x) == shown(y) && x.log == y.log; }

class ReadRun {
 public:
  explicit ReadRun(const std::string& folder) {
    std::ifstream file(folder + "/kinds.json", std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    kinds_ = std::move(JsonDocument::parse(text, Limits{})).value();
  }

  void run(const chat::FamilyCases& cases, const chat::Kinds& kinds) {
    family_ = find_family(cases.family, Limits{}).value();
    for (const chat::Reply& reply : cases.replies) {
      const std::string& request = kinds.request(reply.kind);
      const Read got = in_all_ways(request, reply.text);
      const std::string want = shown(expected(reply.kind));
      ++checks_;
      if (shown(canonical(got)) != want)
        fail(reply.text, "  expected " + want + "\n  read     " + shown(got));
      for (int i = 0; i < 40; ++i) in_all_ways(request, spoilt(reply.text));
    }
    for (const chat::More& more : cases.more) {
      for (const std::string& text : more.accepted) {
        ++checks_;
        const Read got = in_all_ways(more.request, text);
        if (!got.malformed.empty() || !got.end.empty()) fail(text, "  read " + shown(got));
      }
    }
  }
  size_t checks() const { return checks_; }
  size_t failures() const { return failures_; }

 private:
  void fail(const std::string& text, const std::string& what) {
    ++failures_;
    std::printf("%s: %s\n%s\n", family_.name.c_str(), json_quote(text).c_str(), what.c_str());
  }
  Read in_all_ways(const std::string& request, const std::string& text) {
    const Read whole = read_reply(family_, request, text, text.size() + 1);
    for (size_t chunk : {1, 3}) {
      ++checks_;
      const Read cut = read_reply(family_, request, text, chunk);
      if (!(cut == whole))
        fail(text, "  cut every " + std::to_string(chunk) + " bytes: " + shown(cut) + "\n    " +
                       cut.log + "\n  whole: " + shown(whole) + "\n    " + whole.log);
    }
    return whole;
  }
  static std::string canonical_json(const std::string& text) {
    Result<JsonDocument> doc = JsonDocument::parse(text, Limits{});
    return doc.ok() ? json_text(doc.value(), 0) : "no JSON: " + text;
  }
  static Read canonical(Read r) {
    for (Call& c : r.calls) c.arguments = canonical_json(c.arguments);
    return r;
  }
  Read expected(std::string_view kind) const {
    const JsonId k = kinds_.find(kinds_.find(0, "kinds"), kind);
    Read out;
    if (JsonId id = kinds_.find(k, "reasoning"); id != kNoJson) out.reasoning = kinds_.text(id);
    out.text = kinds_.text(kinds_.find(k, "text"));
    for (JsonId call : kinds_.children(kinds_.find(k, "calls"))) {
      out.calls.push_back({std::string(kinds_.text(kinds_.find(call, "name"))),
                           json_text(kinds_, kinds_.find(call, "arguments")), true});
    }
    return out;
  }
  std::string spoilt(std::string text) {
    for (size_t n = random_() % 4 + 1; n > 0 && !text.empty(); --n) {
      const size_t at = random_() % text.size();
      const size_t size = std::min<size_t>(random_() % 20, text.size() - at);
      switch (random_() % 5) {
        case 0:
          text.erase(at, size);
          break;
        case 1:
          text.insert(at, text.substr(random_() % text.size(), size));
          break;
        case 2:
          text[at] = static_cast<char>(random_());
          break;
        case 3:
          text.resize(at);
          break;
        default:
          text.insert(at, std::string(" \n{}\"<\\é").substr(random_() % 8, 2));
      }
    }
    return text;
  }

  JsonDocument kinds_;
  Family family_;
  std::mt19937 random_{20};
  size_t checks_ = 0, failures_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: read_replies FOLDER [FAMILY]\n"), 2;
  const chat::Kinds kinds = chat::read_kinds(argv[1]);
  const auto cases = chat::read_cases(argv[1], argc > 2 ? argv[2] : "");
  ReadRun run(argv[1]);
  for (const chat::FamilyCases& one : cases) run.run(one, kinds);
  std::printf("%zu families, %zu checks, %zu failed\n", cases.size(), run.checks(), run.failures());
  return run.failures() > 0 || cases.empty();
}
