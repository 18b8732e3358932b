// Readers of the arguments of a call: from the style of a family to JSON, while they come in.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "chat/marker_program.h"
#include "chat/reply_buffer.h"
#include "chat/tool_types.h"
#include "frontend/json_schema/argument_notation.h"

namespace xgr::core {

class CallArgumentReader {
 public:
  enum class State : uint8_t {
    kMore,    // all bytes are read, more are to come
    kDone,    // *at is behind the arguments
    kFailed,  // *at is where they are not what they should be; problem() says why
  };
  virtual ~CallArgumentReader() = default;
  // Reads on from *at; the JSON text of it is appended to *json.
  virtual State run(uint64_t* at, std::string* json) = 0;
  // The first byte that may be looked at again, when *at was `at`.
  virtual uint64_t needed(uint64_t at) const { return at; }
  const std::string& problem() const { return problem_; }

 protected:
  std::string problem_;
};

// Programs for the elements of a style that writes them as tags.
struct ElementPrograms {
  // Actions of matches: the index of a mark, or
  static constexpr uint32_t kItem = 1000;  // added to the mark: an item, not a member
  static constexpr uint32_t kClose = 2000, kCdata = 2001, kNoCdata = 2002;
  struct Entry {
    uint32_t pc = 0;
    MarkerBytes first;
  };
  MarkerProgram program;
  Entry members;         // of the arguments
  Entry nested_members;  // of an object inside, or its end
  Entry items;           // of an array, or its end
  Entry value;           // the end of a value
  Entry value_or_nested;
  Entry cdata, cdata_end;
  std::vector<TypeMark> marks;  // those that leave the types to the schema have all
};

// How arguments are written, as a family says.
struct ArgumentFormat {
  std::optional<ArgumentNotation> notation;  // none: JSON
  std::shared_ptr<const ElementPrograms> elements;
  bool own_lines = false;  // a line feed on each side of a value does not belong to it
  MarkerBytes first;       // bytes they begin with
};

// Null when no style has that name.
std::optional<ArgumentFormat> argument_format(const FamilyPart& arguments);

// `format` and `reply` outlive the reader. `types`: of the tool.
std::unique_ptr<CallArgumentReader> make_argument_reader(const ArgumentFormat& format,
                                                         const ReplyBuffer& reply,
                                                         ToolTypes::Place types);
std::unique_ptr<CallArgumentReader> make_json_argument_reader(const ReplyBuffer& reply);
std::unique_ptr<CallArgumentReader> make_literal_argument_reader(const ArgumentFormat& format,
                                                                 const ReplyBuffer& reply,
                                                                 ToolTypes::Place types);
std::unique_ptr<CallArgumentReader> make_element_argument_reader(const ArgumentFormat& format,
                                                                 const ReplyBuffer& reply,
                                                                 ToolTypes::Place types);

// Programs for a notation whose strings end with a tag.
std::shared_ptr<const ElementPrograms> element_programs(const ArgumentNotation& notation);

// `text` as characters of a JSON string.
void append_json_chars(std::string_view text, std::string* json);
// With &amp; &quot; &lt; &gt; resolved.
std::string without_entities(std::string_view text);
// Whether a value that begins with `first` can be nothing but a string.
bool is_string_text(char first, TypeSet types, ToolTypes::Place place);
// The value that `text` stands for, as JSON: of the types of the mark if those of the schema allow
// it, else a string.
std::string argument_value(std::string_view text, TypeSet types, ToolTypes::Place place,
                           bool own_lines);

}  // namespace xgr::core
