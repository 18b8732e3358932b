// Prints syntax trees as EBNF and as regular expressions.
//
// Entry points: print_ebnf, print_regex. One walk serves both; what differs is asked of a dialect.
// Escapes are chosen at random (by the style seed) among the ones that mean the same character, so
// that the readers of the library are exercised as well.
// Example: {text "a\n", min 0, max 1} prints as "a\n"? in EBNF and (?:a\n)? as a regex.
// Test: every case of compare.cc depends on it.
#include "printer.h"

#include <cstdio>
#include <cstring>

#include "code_points.h"
#include "random_source.h"

namespace reference {
namespace {

std::string hex(const char* format, char32_t c) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(c));
  return buffer;
}

// \n and friends, or nothing. (\v is a set of characters in some regular expressions.)
std::string short_escape(char32_t c) {
  switch (c) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    case '\f':
      return "\\f";
    default:
      return "";
  }
}

bool is_printable_ascii(char32_t c) { return c >= 0x20 && c < 0x7F; }

class Printer {
 public:
  Printer(const Syntax& syntax, bool regex)
      : syntax_(syntax), regex_(regex), random_(syntax.style) {}

  std::string ebnf() {
    for (size_t rule = 0; rule < syntax_.rules.size(); ++rule) {
      if (random_.percent(10)) out_ += "# rule " + syntax_.names[rule] + " \"|]\n";
      out_ += syntax_.names[rule] + " ::= ";
      body(syntax_.rules[rule]);
      out_ += random_.percent(10) ? "  # end\n" : "\n";
    }
    return out_;
  }

  std::string regex() {
    body(syntax_.rules[syntax_.root]);
    return out_;
  }

 private:
  void body(const Body& alternatives) {
    for (size_t i = 0; i < alternatives.size(); ++i) {
      if (i > 0) out_ += regex_ ? "|" : random_.percent(10) ? "\n  | " : " | ";
      sequence(alternatives[i]);
    }
  }

  void sequence(const Sequence& elements) {
    if (!regex_ && elements.empty()) out_ += random_.percent(70) ? "\"\"" : "()";
    for (size_t i = 0; i < elements.size(); ++i) {
      if (i > 0 && !regex_) out_ += random_.percent(8) ? "\n    " : " ";
      element(elements[i]);
    }
  }

  void element(const Element& e) {
    const bool repeated = e.min != 1 || e.max != 1;
    switch (e.kind) {
      case ElementKind::kText:
        text(e.text, repeated);
        break;
      case ElementKind::kClass:
        char_class(e);
        break;
      case ElementKind::kRule:
        out_ += syntax_.names[e.rule];
        break;
      case ElementKind::kGroup:
        out_ += regex_ && random_.percent(70) ? "(?:" : "(";
        body(e.group);
        out_ += ")";
        break;
    }
    if (repeated) quantifier(e.min, e.max);
  }

  void quantifier(int min, int max) {
    const bool plain = random_.percent(20);  // {0,1} instead of ?
    if (!plain && min == 0 && max == 1) {
      out_ += "?";
    } else if (!plain && min == 0 && max == kForever) {
      out_ += "*";
    } else if (!plain && min == 1 && max == kForever) {
      out_ += "+";
    } else if (max == kForever) {
      out_ += "{" + std::to_string(min) + ",}";
    } else if (min == max) {
      out_ += "{" + std::to_string(min) + "}";
    } else {
      out_ += "{" + std::to_string(min) + "," + std::to_string(max) + "}";
    }
  }

  void text(const std::u32string& text, bool repeated) {
    const bool group = regex_ && repeated && text.size() != 1;
    out_ += regex_ ? group ? "(?:" : "" : "\"";
    for (char32_t c : text) character(c, regex_ ? "\\.+*?()[]{}|^$" : "\"\\");
    out_ += regex_ ? group ? ")" : "" : "\"";
  }

  void char_class(const Element& e) {
    const char* special = regex_ ? "\\]^-[:.=" : "\\]^-[";  // [:x:] means something else
    out_ += e.negated ? "[^" : "[";
    for (const CodeRange& range : e.ranges) {
      character(range.lo, special);
      if (range.lo == range.hi) continue;
      out_ += "-";
      character(range.hi, special);
    }
    out_ += "]";
  }

  void character(char32_t c, const char* special) {
    const bool by_number = random_.percent(8);
    if (!by_number && is_printable_ascii(c)) {
      if (std::strchr(special, static_cast<int>(c)) != nullptr) out_ += "\\";
      out_.push_back(static_cast<char>(c));
      return;
    }
    if (!by_number && !short_escape(c).empty()) {
      out_ += short_escape(c);
      return;
    }
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    if (c >= 0x80 && !by_number && !surrogate) {
      out_ += encode_utf8(c);
      return;
    }
    if (regex_) {
      out_ += c < 0x100 ? hex("\\x%02X", c) : hex("\\x{%X}", c);
    } else {
      out_ += c < 0x10000 ? hex("\\u%04X", c) : hex("\\U%08X", c);
    }
  }

  const Syntax& syntax_;
  const bool regex_;
  RandomSource random_;
  std::string out_;
};

}  // namespace

std::string print_ebnf(const Syntax& syntax) { return Printer(syntax, false).ebnf(); }

std::string print_regex(const Syntax& syntax) { return Printer(syntax, true).regex(); }

std::string quote(const std::string& bytes) {
  std::string out = "\"";
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (byte == '"' || byte == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(byte));
    } else if (is_printable_ascii(byte)) {
      out.push_back(static_cast<char>(byte));
    } else {
      out += hex("\\%03o", byte);
    }
  }
  return out + "\"";
}

}  // namespace reference
