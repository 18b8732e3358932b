// Objects and arrays in a notation, and values that no schema describes.
//
// Entry points: Notation::object_layout, key, other_names, array_layout, any_value. What a style writes
// around members and items becomes the Layout that the generators of objects and arrays take.
//
//   <parameter=K>    key_open: <parameter=    key: <parameter=K>    layout: nothing but white space
//
// Tests: tests/unit/frontend/json_schema/argument_styles_test.cc.
#include "frontend/json_schema/notation.h"

namespace xgr::core {
namespace {

constexpr const ObjectNotation* kJsonForms[] = {nullptr};

Expr identifier(ExprPool& p) {
  CharSet first;
  first.add('A', 'Z');
  first.add('a', 'z');
  first.add('_');
  CharSet more = first;
  more.add('0', '9');
  return p.seq(p.char_class(first), p.star(p.char_class(more)));
}

}  // namespace

std::span<const ObjectNotation* const> Notation::object_forms(Site site) const {
  if (json_inside(site)) return kJsonForms;
  return site == Site::kRoot ? root_forms_ : nested_forms_;
}

// Up to and with the last token in a text, and up to the first.
std::string_view Notation::token_lead(std::string_view text) const {
  return text.substr(0, last_token_end(text));
}
std::string_view Notation::text_lead(std::string_view text) const {
  return text.substr(0, first_token(text).begin);
}

Layout Notation::object_layout(Spot at, const ObjectNotation* form) {
  if (form == nullptr) return json_.layout(at.level);
  ExprPool& p = pool();
  const Expr g = gap(form->gaps);
  Layout l;
  l.open_object = l.open_array = marker(form->open);
  l.empty_object = l.close_object = l.empty_array = l.close_array = marker(form->close);
  l.after_open = l.lead = g;
  // Keys are text. Tokens in front of them belong to what separates members, tokens behind them to
  // the colon.
  l.first = marker(token_lead(form->before_key));
  l.separator = form->separator.empty() ? l.first : p.seq({marker(form->separator), g, l.first});
  l.colon =
      p.seq(marker(std::string_view(form->after_key).substr(text_lead(form->after_key).size())),
            form->colon.empty() ? gap(form->gap_after_key) : p.seq({g, marker(form->colon), g}));
  l.bare = form->open.empty() && form->close.empty();
  return l;
}

std::string Notation::key_open(const ObjectNotation* form) const {
  return form == nullptr ? "\"" : form->before_key.substr(token_lead(form->before_key).size());
}

std::optional<std::string> Notation::key(const ObjectNotation* form, std::string_view name) const {
  if (form == nullptr) {
    std::string text = json_quote(name);
    const bool bad =
        excluded(text) || (arguments_ && !arguments_->nests && !arguments_->after_value.empty() &&
                           text.find(arguments_->after_value) != std::string::npos);
    return bad ? std::nullopt : std::optional(std::move(text));
  }
  std::string text;
  switch (form->key) {
    case KeyForm::kPlain:
      text = name;
      break;
    case KeyForm::kAttribute:
      text = with_entities(name, "&\"");
      break;
    case KeyForm::kMarkup:
      text = with_entities(name, "&<>\"");
      break;
    case KeyForm::kPython:
      text = python_chars(name, form->after_key[0]);
      break;
  }
  if (form->key != KeyForm::kPython && text.find(key_end(*form)) != text.npos) return std::nullopt;
  if (excluded(text) || (form->ends_with_key() && text.find(form->after_end_key[0]) != text.npos))
    return std::nullopt;
  return key_open(form) + text + std::string(text_lead(form->after_key));
}

Expr Notation::member_end(const ObjectNotation* form, std::string_view name) {
  if (form == nullptr || !form->ends_with_key()) return pool().epsilon();
  return pool().seq(
      {marker(form->before_end_key), pool().literal(name), marker(form->after_end_key)});
}

// What no name written as it is contains: the first character behind it, or the token.
std::string_view Notation::key_end(const ObjectNotation& form) const {
  const std::string_view text = form.after_key;
  const TokenSpot token = first_token(text);
  return text.substr(0, token.begin == 0 ? token.end : 1);
}

// Names that can be written as they are.
Expr Notation::plain_names(const ObjectNotation& form) {
  const std::string end(key_end(form));
  if (text_lead(form.after_key).empty()) return texts_without(pool(), {&end, 1});
  size_t at = 0;
  char32_t c = 0;
  CharSet bad;
  if (decode_utf8(end, &at, &c)) bad.add(c);
  return pool().star(pool().char_class(bad.negated()));
}

Expr Notation::other_names(const ObjectNotation* form, Expr names, Expr taken) {
  ExprPool& p = pool();
  const bool any = names == kNoExpr;
  if (any) names = p.star(p.char_class(CharSet::all()));
  if (form != nullptr && any && arguments_->identifiers) names = identifier(p);
  if (taken != p.empty()) names = p.intersect(names, p.complement(taken));
  if (form == nullptr) return p.seq(json_.spelling().preimage(names), p.literal("\""));
  switch (form->key) {
    case KeyForm::kPlain:
      if (!any || !arguments_->identifiers) names = p.intersect(names, plain_names(*form));
      break;
    case KeyForm::kAttribute:
      names = attribute_.preimage(p, names);
      break;
    case KeyForm::kMarkup:
      names = markup_.preimage(p, names);
      break;
    case KeyForm::kPython:
      names = (form->after_key == "'" ? single_ : double_).preimage(p, names);
      break;
  }
  const Expr kept = texts_without(p, excludes_);
  if (kept != kNoExpr) names = p.intersect(names, kept);
  return p.seq(names, p.literal(text_lead(form->after_key)));
}

Layout Notation::array_layout(Spot at) {
  if (json_inside(at.site)) return json_.layout(at.level);
  const ArrayNotation& a = arguments_->array;
  ExprPool& p = pool();
  const Expr g = gap(a.gaps);
  Layout l;
  l.open_object = l.open_array = marker(a.open);
  l.empty_object = l.close_object = l.empty_array = l.close_array = marker(a.close);
  l.after_open = l.lead = g;
  l.first = l.colon = p.epsilon();
  l.separator = a.separator.empty() ? p.epsilon() : p.seq(marker(a.separator), g);
  l.bare = a.open.empty() && a.close.empty();
  return l;
}

Expr Notation::item(Site site, Expr value) {
  if (json_inside(site)) return value;
  const ArrayNotation& a = arguments_->array;
  return pool().seq({marker(a.before_item), value, marker(a.after_item)});
}

bool Notation::can_write_any(Site site) const {
  if (site == Site::kJson) return true;
  const ObjectNotation& form = site == Site::kRoot ? arguments_->root : arguments_->nested;
  return (site == Site::kArgument && !arguments_->nests) || !form.ends_with_key();
}

Expr Notation::any_members(const ObjectNotation& form) {
  ExprPool& p = pool();
  const Layout l = object_layout({}, &form);
  const Expr member = p.seq({p.literal(key_open(&form)), other_names(&form, kNoExpr, p.empty()),
                             l.colon, any_value({0, Site::kArgument}), l.lead});
  const Expr filled = p.seq({l.first, member, p.star(p.seq(l.separator, member)), l.close_object});
  return p.seq({l.open_object, l.after_open, p.alt(l.empty_object, filled)});
}

void Notation::declare_any() {
  if (any_) return;
  ExprPool& p = pool();
  const RuleId object = grammar_.add_rule("any_arguments", shared_use());
  const RuleId array = grammar_.add_rule("any_items", shared_use());
  any_ = {p.call(object), p.call(array)};
  std::vector<Expr> forms;
  for (const ObjectNotation* form : nested_forms_) forms.push_back(any_members(*form));
  grammar_.define(object, p.alt(forms));
  const Spot here{0, Site::kArgument};
  grammar_.define(array,
                  array_in(p, array_layout(here), item(here.site, any_value(here)), 0, kUnbounded));
}

Expr Notation::any_object(Spot at) {
  if (json_inside(at.site)) return json_.any_object();
  if (at.site == Site::kRoot) return any_members(arguments_->root);
  return declare_any(), any_->object;
}

Expr Notation::any_array(Spot at) {
  if (json_inside(at.site)) return json_.any_array();
  return declare_any(), any_->array;
}

// Values of one type (both kinds of numbers may be asked for), without what stands around them.
Expr Notation::any_of(TypeSet type) {
  const Spot here{0, Site::kArgument};
  if (type == kObjectBit) return any_object(here);
  if (type == kArrayBit) return any_array(here);
  if (type == kBooleanBits)
    return pool().alt(word(here.site, kTrueBit), word(here.site, kFalseBit));
  if (type == kNullBit) return word(here.site, kNullBit);
  NumberRange range;
  range.fractions = (type & kFractionBit) != 0;
  return json_.number(range);
}

Expr Notation::any_value(Spot at) {
  if (at.site == Site::kJson) return json_.any_value();
  if (at.site == Site::kRoot) return any_object(at);
  const ArgumentNotation& a = *arguments_;
  std::vector<Expr> branches{any_string(at.site)};
  const bool alike = a.string == StringForm::kUntilEnd && a.marks.empty();
  if (alike && !a.nests) return branches[0];  // all other texts are strings, too
  for (TypeSet type : {TypeSet{kNullBit}, TypeSet{kBooleanBits}, TypeSet{kNumberBits},
                       TypeSet{kArrayBit}, TypeSet{kObjectBit}})
    branches.push_back(written(at.site, type, any_of(type)));
  for (const TypeMark& m : a.any_marks)
    branches.push_back(marked(m.text, any_of(m.types), gap(a.value_gaps)));
  return pool().alt(branches);
}

}  // namespace xgr::core
