// What a reader of replies looks for at each place of a reply of one family.
#pragma once

#include <vector>

#include "chat/argument_reader.h"
#include "chat/family.h"
#include "chat/marker_program.h"

namespace xgr::core {

enum class ReplyActionKind : uint8_t {
  kNothing,    // the marker says nothing more
  kReasoning,  // the block begins
  kReasoningEnd,
  kCut,    // the block ends in front of the marker
  kFrame,  // frame `index` of text begins
  kFrameEnd,
  kSection,  // the section `index` of calls begins
  kSectionEnd,
  kSectionLeft,  // it ends in front of what comes
  kCallEnd,
  kStop,     // a stop token
  kGivenUp,  // where a call ends that could not be read
};

struct ReplyAction {
  ReplyActionKind kind;
  uint32_t index = 0;
};

// A place in the program.
struct ReplyPlace {
  uint32_t pc = 0;
  MarkerBytes first;
};

// Where the arguments of a call begin.
struct CallPlace {
  static constexpr uint32_t kNoSection = UINT32_MAX;
  uint32_t format = 0;
  uint32_t section = kNoSection;
};

class ReplyMarkers {
 public:
  // An error when the family names a style that does not exist.
  static Result<std::shared_ptr<const ReplyMarkers>> create(const Family& family);

  MarkerProgram program;
  std::vector<ReplyAction> actions;
  std::vector<CallPlace> calls;  // by x of kArguments
  std::vector<ArgumentFormat> formats;
  // Expected at once; the last way is nothing.
  ReplyPlace start, start_in_reasoning, behind_reasoning;
  std::vector<ReplyPlace> sections;  // between calls
  // Searched for.
  ReplyPlace top, reasoning, given_up;
  std::vector<ReplyPlace> frames;
  bool framed = true;            // text stands in frames only
  std::vector<bool> frame_ends;  // by frame: whether something ends it
  std::vector<bool> stop_ends;   // and whether a stop token does
  std::vector<std::string> stop;

 private:
  friend class ReplyMarkerWriter;
};

}  // namespace xgr::core
