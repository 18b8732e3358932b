// Markers as programs that match bytes: all markers of a reader are in one, entered at several
// places.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "chat/family.h"

namespace xgr::core {

using MarkerBytes = std::bitset<256>;

enum class MarkerOpKind : uint8_t {
  kByte,       // this byte
  kClass,      // one of class x
  kSplit,      // goes on at x, or else at y
  kJump,       // goes on at x
  kSave,       // here a part begins (x even) or ends (x odd): slot x
  kCommit,     // from here on it can be nothing else
  kKnownName,  // the name is one of the tools
  kArguments,  // here arguments begin, the bytes of class y first; what ends the call comes next
  kMatch,      // the marker that action x is for
};

struct MarkerOp {
  MarkerOpKind kind;
  uint8_t byte = 0;
  uint32_t x = 0, y = 0;
};

// What is taken out of a marker; the slots of a part are 2 * part and 2 * part + 1.
enum MarkerPart : uint8_t { kNamePart, kQuotedNamePart, kIdPart, kMarkerParts };

struct MarkerProgram {
  std::vector<MarkerOp> ops;
  std::vector<MarkerBytes> classes;
};

// Bytes with which what begins at `pc` can begin; *nullable: it can also be nothing.
MarkerBytes first_bytes(const MarkerProgram& program, uint32_t pc, bool* nullable);

// When text that begins like a marker is taken for nothing else.
enum class Commitment : uint8_t {
  kAtOnce,
  kText,       // behind the first text that is not blank
  kName,       // in front of the name
  kArguments,  // in front of the arguments, behind a name of a tool
};

class MarkerBuilder {
 public:
  explicit MarkerBuilder(MarkerProgram* program) : program_(*program) {}

  uint32_t here() const { return static_cast<uint32_t>(program_.ops.size()); }
  uint32_t add(MarkerOp op) {
    program_.ops.push_back(op);
    return here() - 1;
  }
  void commitment(Commitment when) {
    when_ = when;
    committed_ = false;
    if (when == Commitment::kAtOnce) commit();
  }
  // Once committed, white space may differ: there may be more or none of it where the text has
  // some, and some beside the punctuation of JSON and between tags.
  void text(std::string_view text);
  void literal(std::string_view text);  // exactly
  void spaces();                        // any number of them
  void some_of(const MarkerBytes& set, MarkerPart part);
  void marker(const FamilyMarker& marker);
  void match(uint32_t action) { add({MarkerOpKind::kMatch, 0, action}); }

  class Choice;
  bool committed() const { return committed_; }
  void set_committed(bool committed) { committed_ = committed; }

  // Of all kArguments of the program; in the order of their x.
  const std::vector<const FamilyPart*>& arguments() const { return arguments_; }

 private:
  void commit();
  void part(const FamilyPart& part);
  void quoted_name();
  void one_of(const std::vector<FamilyMarker>& ways, bool or_none);
  uint32_t byte_class(const MarkerBytes& set);

  MarkerProgram& program_;
  Commitment when_ = Commitment::kAtOnce;
  bool committed_ = false;
  std::vector<const FamilyPart*> arguments_;
};

// One of several ways; those that are begun first are preferred.
//
//   MarkerBuilder::Choice c(builder);
//   c.next(); builder.text("a"); c.next(); builder.text("b"); c.end();
class MarkerBuilder::Choice {
 public:
  explicit Choice(MarkerBuilder& builder) : b_(builder) {}
  void next();  // begins a way
  void end();   // the last way is the one begun last

 private:
  MarkerBuilder& b_;
  uint32_t split_ = UINT32_MAX;
  std::vector<uint32_t> jumps_;
};

bool is_blank(unsigned char c);

}  // namespace xgr::core
