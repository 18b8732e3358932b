// Prints a grammar as EBNF.
//
// Entry point: print_ebnf. What becomes a rule and how alternatives are ordered is planned first
// (print_plan.cc); here the rules are written one after the other, each followed by the rules made
// for its parts. Expressions are written from a stack of tasks, so depth costs no recursion.
//
//   root ::= "[" value ("," value)* "]"          root_1 ::= ... (a part of root used twice)
//
// Tests: tests/unit/grammar/printer_test.cc.
#include "grammar/printer.h"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "grammar/ebnf_text.h"
#include "grammar/print_plan.h"

namespace xgr::core {
namespace {

class Printer {
 public:
  Printer(Grammar& grammar, const PrintPlan& plan)
      : grammar_(grammar), pool_(grammar.pool), plan_(plan) {}

  std::string run() {
    choose_names();
    for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
      if (!plan_.reaches(r)) continue;
      owner_ = names_[r];
      write_rule(names_[r], plan_.start_of_rule(r), attributes(r));
      while (!waiting_.empty()) {
        Expr part = waiting_.front();
        waiting_.pop_front();
        write_rule(parts_[part], plan_.start_of_part(part), "");
      }
    }
    return std::move(out_);
  }

 private:
  // Where a text stands, loosest first; tighter places need parentheses around looser texts.
  enum Place : uint8_t { kBody, kBranch, kElement, kOperand };

  struct Task {
    Expr e;
    Place place;
    bool open;         // the content of `e`, although it is a part
    const char* text;  // written instead of an expression when not null
  };

  // The root is called root whatever its name was, so that the text can be parsed without knowing.
  void choose_names() {
    for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
      names_.push_back(grammar_.rules[r].name);
      if (plan_.reaches(r)) taken_.insert(names_[r]);
    }
    if (names_[grammar_.root] == "root") return;
    for (RuleId r = 0; r < grammar_.rules.size(); ++r) {
      if (plan_.reaches(r) && names_[r] == "root") names_[r] = fresh_name("root");
    }
    taken_.insert("root");
    out_ = "root ::= " + names_[grammar_.root] + "\n";
  }

  std::string fresh_name(const std::string& base) {
    uint32_t& n = suffixes_[base];
    std::string name;
    do name = base + "_" + std::to_string(++n);
    while (!taken_.insert(name).second);
    return name;
  }

  // What stands between the brackets behind the name of a rule.
  std::string attributes(RuleId r) {
    const RuleAttributes* a = grammar_.rules[r].attributes.get();
    if (!a) return "";
    std::string text = ebnf_attributes(*a);
    const PrintPlan::RuleMarker m = plan_.marker_of(r);
    if (m.kind == PrintPlan::Marker::kNone) return text;
    text += a->hide_marker ? ", stop=" : ", suffix=";
    if (pool_.node(m.marker).kind == ExprKind::kLiteral) {
      const ExprNode& n = pool_.node(m.marker);
      append_ebnf_string(pool_.string(n.a).substr(n.b), &text);
    } else {
      text += name_of_part(m.marker);
    }
    if (m.kind == PrintPlan::Marker::kInBody) text += ", content=" + name_of_part(m.content);
    return text.starts_with(", ") ? text.substr(2) : text;
  }

  void write_rule(const std::string& name, const PrintPlan::Start& start, std::string attributes) {
    if (start.lazy) attributes = attributes.empty() ? "lazy" : "lazy, " + attributes;
    out_ += name;
    if (!attributes.empty()) out_ += "[" + attributes + "]";
    out_ += " ::= ";
    tasks_.push_back({start.body, kBody, start.open, nullptr});
    while (!tasks_.empty()) {
      Task t = tasks_.back();
      tasks_.pop_back();
      pool_.charge(1);
      if (t.text) {
        out_ += t.text;
      } else if (plan_.is_part(t.e) && !t.open) {
        write_part(t.e);
      } else {
        write(t.e, t.place);
      }
    }
    out_ += '\n';
    texts_.clear();
  }

  void write_part(Expr e) { out_ += name_of_part(e); }
  const std::string& name_of_part(Expr e) {
    auto [it, fresh] = parts_.try_emplace(e);
    if (fresh) {
      it->second = fresh_name(owner_);
      waiting_.push_back(e);
    }
    return it->second;
  }

  void later(const char* text) { tasks_.push_back({0, kBody, false, text}); }
  void later(Expr e, Place place) { tasks_.push_back({e, place, false, nullptr}); }
  void later(const std::vector<Expr>& list, Place place, const char* separator) {
    for (size_t i = list.size(); i-- > 0;) {
      later(list[i], place);
      if (i > 0) later(separator);
    }
  }
  const char* keep(std::string text) {
    texts_.push_back(std::move(text));
    return texts_.back().c_str();
  }

  // Opens a parenthesis and schedules the closing one where the place is tighter than the text.
  void enclose(Place place, Place loosest) {
    if (place <= loosest) return;
    out_ += '(';
    later(")");
  }

  void write(Expr e, Place place) {
    const ExprNode& n = pool_.node(e);
    switch (n.kind) {
      case ExprKind::kEmpty:
        out_ += "[]";
        break;
      case ExprKind::kEpsilon:
        out_ += "\"\"";
        break;
      case ExprKind::kLiteral:
        append_ebnf_string(pool_.string(n.a).substr(n.b), &out_);
        break;
      case ExprKind::kClass:
        append_ebnf_class(pool_.charset(n.a), &out_);
        break;
      case ExprKind::kTokens:
        append_ebnf_tokens(pool_.token_ids(n.a), &out_);
        break;
      case ExprKind::kCall:
        out_ += names_[n.a];
        break;
      case ExprKind::kRepeat:
        enclose(place, kElement);
        later(keep(repetition(n)));
        later(n.a, kOperand);
        break;
      case ExprKind::kSeq:
        enclose(place, kBranch);
        later(plan_.sequence(e), kElement, " ");
        break;
      case ExprKind::kAlt:
        enclose(place, kBody);
        later(plan_.alternatives(e), kBranch, " | ");
        break;
      case ExprKind::kSwitch:
        write_switch(e, place);
        break;
      default:
        XGR_CHECK(false);  // lazy and boolean ones are parts; single bytes stand nowhere
    }
  }

  static std::string repetition(const ExprNode& n) {
    if (n.b == 0 && n.c == kUnbounded) return "*";
    if (n.b == 1 && n.c == kUnbounded) return "+";
    if (n.b == 0 && n.c == 1) return "?";
    std::string s = "{" + std::to_string(n.b);
    if (n.c == kUnbounded) {
      s += ',';
    } else if (n.c != n.b) {
      s += ',' + std::to_string(n.c);
    }
    return s + '}';
  }

  // Characters that are followed by the same are one class.
  void write_switch(Expr e, Place place) {
    enclose(place, kBody);
    std::vector<std::pair<CharSet, Expr>> branches;
    for (const SwitchEdge& edge : pool_.edges(e)) {
      auto it = std::find_if(branches.begin(), branches.end(),
                             [&](const auto& b) { return b.second == edge.child; });
      if (it == branches.end()) it = branches.insert(it, {CharSet(), edge.child});
      it->first.add(edge.lo, edge.hi);
    }
    for (size_t i = branches.size(); i-- > 0;) {
      std::string text;
      append_ebnf_class(branches[i].first, &text);
      if (branches[i].second != pool_.epsilon()) {
        later(branches[i].second, kBranch);
        text += ' ';
      }
      later(keep(std::move(text)));
      if (i > 0) later(" | ");
    }
  }

  Grammar& grammar_;
  ExprPool& pool_;
  const PrintPlan& plan_;
  std::string out_;
  std::vector<std::string> names_;  // by rule
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, uint32_t> suffixes_;
  std::string owner_;                            // the rule whose parts are being named
  std::unordered_map<Expr, std::string> parts_;  // their names
  std::deque<Expr> waiting_;                     // named, not yet written
  std::deque<std::string> texts_;                // what tasks point to
  std::vector<Task> tasks_;
};

}  // namespace

Result<std::string> print_ebnf(Grammar& grammar, const Limits& limits) {
  const ChargedPool charged(&grammar.pool, limits.work);
  PrintPlan plan(grammar, limits);
  if (MaybeError e = plan.make()) return *std::move(e);
  return Printer(grammar, plan).run();
}

}  // namespace xgr::core
