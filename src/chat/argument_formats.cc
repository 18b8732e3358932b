// How arguments are written: from the notation of a style to what readers need.
//
// Entry points: argument_format, make_argument_reader, element_programs. Styles that write arguments
// as tags get programs for the tags; the others are read by the character.
//
//   <arg_key>K</arg_key><arg_value>V</arg_value>  ->  an opening with K as its name, and an end
//
// Tests: tests/unit/chat/argument_reader_test.cc.
#include "chat/argument_reader.h"
#include "chat/json_scanner.h"
#include "frontend/json_schema/argument_styles.h"

namespace xgr::core {
namespace {

class ElementBuilder {
 public:
  explicit ElementBuilder(const ArgumentNotation& notation) : n_(notation), b_(&out_.program) {}

  ElementPrograms build() {
    choose_marks();
    out_.members = entry([&] { b_.spaces(), member(n_.root); });
    out_.value = entry([&] { close(); });
    if (n_.nests) {
      out_.nested_members = entry([&] { either({Part::kMember, Part::kClose}); });
      out_.items = entry([&] { either({Part::kItem, Part::kClose}); });
      out_.value_or_nested = entry([&] { either({Part::kClose, Part::kItem, Part::kMember}); });
    }
    if (n_.cdata) {
      out_.cdata = entry([&] { cdata(); });
      out_.cdata_end = entry([&] { b_.literal("]]>"), b_.spaces(), close(); });
    }
    return std::move(out_);
  }

 private:
  enum class Part : uint8_t { kMember, kItem, kClose };

  template <typename F>
  ElementPrograms::Entry entry(const F& build) {
    ElementPrograms::Entry e{b_.here(), {}};
    build();
    bool nullable = false;
    e.first = first_bytes(out_.program, e.pc, &nullable);
    return e;
  }

  // The first mark that has a type is that type's.
  void choose_marks() {
    TypeSet before = 0;
    for (const TypeMark& m : n_.marks) {
      out_.marks.push_back({static_cast<TypeSet>(m.types & ~before), m.text});
      before |= m.types;
    }
    out_.marks.insert(out_.marks.end(), n_.any_marks.begin(), n_.any_marks.end());
    if (out_.marks.empty()) out_.marks.push_back({kAllTypes, ""});
  }

  void either(std::initializer_list<Part> parts) {
    MarkerBuilder::Choice choice(b_);
    for (Part p : parts) {
      choice.next();
      if (p != Part::kClose || parts.size() == 2) b_.spaces();
      if (p == Part::kMember) member(n_.nested);
      if (p == Part::kItem) item();
      if (p == Part::kClose) close();
    }
    choice.end();
  }

  MarkerBytes key_bytes(const ObjectNotation& object) const {
    MarkerBytes set = ~MarkerBytes();
    set.reset(static_cast<unsigned char>(object.after_key[0]));
    if (object.ends_with_key()) set.reset('/');
    return set;
  }

  void member(const ObjectNotation& object) {
    b_.literal(object.before_key);
    b_.some_of(key_bytes(object), kNamePart);
    b_.literal(object.after_key);
    marks(0);
  }
  void item() {
    b_.literal(n_.array.before_item);
    marks(ElementPrograms::kItem);
  }
  void marks(uint32_t base) {
    MarkerBuilder::Choice choice(b_);
    for (uint32_t i = 0; i < out_.marks.size(); ++i) {
      choice.next();
      b_.literal(out_.marks[i].text);
      if (!n_.before_value.empty()) b_.spaces(), b_.literal(n_.before_value);
      b_.match(base + i);
    }
    choice.end();
  }

  void close() {
    b_.literal(n_.after_value);
    if (n_.root.ends_with_key()) {
      b_.literal(n_.root.before_end_key);
      MarkerBytes set = ~MarkerBytes();
      set.reset(static_cast<unsigned char>(n_.root.after_end_key[0]));
      b_.some_of(set, kNamePart);
      b_.literal(n_.root.after_end_key);
    }
    b_.match(ElementPrograms::kClose);
  }
  void cdata() {
    MarkerBuilder::Choice choice(b_);
    choice.next();
    b_.spaces();
    b_.literal("<![CDATA[");
    b_.match(ElementPrograms::kCdata);
    choice.next();
    b_.match(ElementPrograms::kNoCdata);
    choice.end();
  }

  const ArgumentNotation& n_;
  ElementPrograms out_;
  MarkerBuilder b_;
};

void set_bytes(std::string_view bytes, MarkerBytes* set) {
  for (char c : bytes) set->set(static_cast<unsigned char>(c));
}

MarkerBytes letters_of_names() {
  MarkerBytes set;
  for (size_t c = 0x21; c < 256; ++c) set.set(c);
  for (char c : std::string_view("(){}[]<>,'\"=")) set.reset(static_cast<unsigned char>(c));
  return set;
}

}  // namespace

std::shared_ptr<const ElementPrograms> element_programs(const ArgumentNotation& notation) {
  return std::make_shared<const ElementPrograms>(ElementBuilder(notation).build());
}

std::optional<ArgumentFormat> argument_format(const FamilyPart& arguments) {
  Result<ArgumentStyle> style = argument_style(arguments.text);
  if (!style.ok()) return std::nullopt;
  ArgumentFormat f;
  f.notation = argument_notation(style.value());
  f.own_lines = arguments.own_lines;
  set_bytes(" \t\r\n", &f.first);
  if (!f.notation) {
    f.first.set('{');
  } else if (f.notation->string == StringForm::kUntilEnd) {
    f.elements = element_programs(*f.notation);
    f.first |= f.elements->members.first;
  } else if (!f.notation->root.open.empty()) {
    f.first.set(static_cast<unsigned char>(f.notation->root.open[0]));
  } else {
    f.first |= letters_of_names();
  }
  return f;
}

std::unique_ptr<CallArgumentReader> make_argument_reader(const ArgumentFormat& format,
                                                         const ReplyBuffer& reply,
                                                         ToolTypes::Place types) {
  if (!format.notation) return make_json_argument_reader(reply);
  return format.elements ? make_element_argument_reader(format, reply, types)
                         : make_literal_argument_reader(format, reply, types);
}

}  // namespace xgr::core
