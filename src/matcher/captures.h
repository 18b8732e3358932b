// Captures: the texts of those rules that were given a name.
//
// Found by reading the output once more, when somebody asks: taking tokens costs nothing for it.
// What was found is kept, so that asking again looks at the new steps only.
//
//   Captures captures(&engine);
//   captures.find(history, log, true, &list);   // {"number", "42"}
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mask/engine.h"
#include "matcher/history.h"
#include "matcher/output_log.h"

namespace xgr::core {

struct Capture {
  std::string_view name;  // of the grammar
  std::string text;
};

class Captures {
 public:
  // Both outlive it. Finding is charged to `work`.
  Captures(Engine* engine, Work* work) : engine_(engine), stepper_(&arena_, work) {}
  Captures(const Captures&) = delete;
  Captures& operator=(const Captures&) = delete;
  // In the order in which they were completed. Of an occurrence only the longest, unless `all`.
  Status find(const History& history, const OutputLog& log, bool all, std::vector<Capture>* out);
  // Forgets what was found behind so many steps.
  void keep(size_t steps);
  void copy_from(const Captures& other);
  size_t memory_bytes() const { return events_.capacity() * sizeof(Event); }

 private:
  struct Event {  // an occurrence of a rule is complete
    RuleId rule;
    size_t begin, end;
    bool operator==(const Event&) const = default;
  };
  struct Hidden {  // a marker that is in no capture
    size_t begin, end;
  };
  void read_step(const History& history, const OutputLog& log, size_t step);
  void read_text(std::vector<Config> parses, std::string_view text, const Place& place, bool token);
  void read_token(std::vector<Config> parses, int32_t token, const Place& place, size_t end);
  void add_completed(const std::vector<Config>& v, size_t begin, size_t end);
  void add_empty(const std::vector<Config>& parses, int next, size_t at);
  bool goes_on(const Config& c, const Closure& closure, uint32_t entry, int next);
  std::vector<Event> chosen(bool all) const;
  size_t content_end(const Event& e, std::string_view text);
  void report(const std::vector<Event>& events, std::string_view text, std::vector<Capture>* out);

  Engine* engine_;
  std::vector<Event> events_;
  std::vector<size_t> after_step_;  // number of events after each step read so far
  std::unordered_map<RuleId, std::pair<State*, State*>> markers_;  // starts of content and marker
  Arena arena_;
  Stepper stepper_;
  std::vector<Config> reached_;
};

}  // namespace xgr::core
