// The words that matter in free text, and how far into them a text is.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "automata/char_set.h"

namespace xgr::core {

// The automaton of Aho and Corasick (CACM 18, 1975) over characters. A node stands for the longest
// end of the text that begins a word.
class TagWords {
 public:
  using Node = uint32_t;
  static constexpr Node kStart = 0;
  struct Step {
    char32_t c;
    Node to;
  };

  // `triggers` are sorted and unique; no word is empty.
  TagWords(std::vector<std::string> triggers, const std::vector<std::string>& excludes);

  // The steps from a node that do not lead to the start, by ascending character. From a bound node
  // only those that keep the triggers passed by inside the word begun.
  std::vector<Step> steps(Node from) const;
  // Whether an exclude is complete.
  bool excluded(Node node) const { return nodes_[node].excluded; }
  // Whether a trigger is complete, or was passed by on the way.
  bool bound(Node node) const { return nodes_[node].passed != kNone; }
  // The triggers complete here (indexes), but for those that leave out one passed by.
  std::vector<uint32_t> triggers(Node node) const;
  // What completes a trigger from a bound node, without an exclude, until `visit` says false.
  void each_way(Node from,
                const std::function<bool(std::string_view rest, uint32_t trigger)>& visit) const;
  CharSet first_characters() const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Info {
    uint32_t steps = 0, step_count = 0;  // into steps_, of the tree of words
    uint32_t depth = 0;                  // characters
    uint32_t bytes = 0;                  // the same as UTF-8
    Node shorter = kStart;               // the node of the longest proper end of this text
    uint32_t trigger = kNone;            // complete here, as the whole text of the node
    Node also = kStart;                  // nearest shorter node with a trigger
    uint32_t low = 0, high = 0;          // triggers that begin with the text of this node
    // Characters of this node's text in front of the first trigger that is complete in it.
    uint32_t passed = kNone;
    uint32_t passed_before = kNone;  // the same without triggers that end here
    bool excluded = false;
  };
  struct Branch {
    Node from;
    Step step;
  };

  void order_steps(std::vector<Branch> tree);
  void link();
  void find_passed(Node node, Node parent);
  Node child(Node node, char32_t c) const;
  Node step(Node from, char32_t c) const;
  bool avoids_excludes(Node from, std::string_view rest) const;
  // Whether the text of `shorter`, an end of that of `from`, contains the triggers passed by there.
  bool keeps_passed(Node from, Node shorter) const {
    return !bound(from) || nodes_[from].depth - nodes_[shorter].depth <= nodes_[from].passed;
  }

  std::vector<std::string> triggers_;
  std::vector<Info> nodes_;
  std::vector<Step> steps_;
  bool any_exclude_ = false;
};

}  // namespace xgr::core
