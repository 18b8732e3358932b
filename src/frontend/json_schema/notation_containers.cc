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

Layout Notation::object_layout(Spot at, const ObjectNotation* form) {
  if (form == nullptr) return json_.layout(at.level);
  ExprPool& p = pool();
  const Expr g = gap(form->gaps);
  Layout l;
  l.open_object = l.open_array = p.literal(form->open);
  l.empty_object = l.close_object = l.empty_array = l.close_array = p.literal(form->close);
  l.after_open = l.lead = g;
  l.first = p.epsilon();
  l.separator = form->separator.empty() ? p.epsilon() : p.seq(p.literal(form->separator), g);
  l.colon = form->colon.empty() ? gap(form->gap_after_key) : p.seq({g, p.literal(form->colon), g});
  l.bare = form->open.empty() && form->close.empty();
  return l;
}

std::string Notation::key_open(const ObjectNotation* form) const {
  return form == nullptr ? "\"" : form->before_key;
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
  if (form->key != KeyForm::kPython && text.find(form->after_key[0]) != text.npos)
    return std::nullopt;
  if (excluded(text) || (form->ends_with_key() && text.find(form->after_end_key[0]) != text.npos))
    return std::nullopt;
  return form->before_key + text + form->after_key;
}

Expr Notation::member_end(const ObjectNotation* form, std::string_view name) {
  if (form == nullptr || !form->ends_with_key()) return pool().epsilon();
  return pool().literal(form->before_end_key + std::string(name) + form->after_end_key);
}

// Names that can be written as they are.
Expr Notation::plain_names(const ObjectNotation& form) {
  size_t at = 0;
  char32_t c = 0;
  CharSet bad;
  if (decode_utf8(form.after_key, &at, &c)) bad.add(c);
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
  return p.seq(names, p.literal(form->after_key));
}

Layout Notation::array_layout(Spot at) {
  if (json_inside(at.site)) return json_.layout(at.level);
  const ArrayNotation& a = arguments_->array;
  ExprPool& p = pool();
  const Expr g = gap(a.gaps);
  Layout l;
  l.open_object = l.open_array = p.literal(a.open);
  l.empty_object = l.close_object = l.empty_array = l.close_array = p.literal(a.close);
  l.after_open = l.lead = g;
  l.first = l.colon = p.epsilon();
  l.separator = a.separator.empty() ? p.epsilon() : p.seq(p.literal(a.separator), g);
  l.bare = a.open.empty() && a.close.empty();
  return l;
}

Expr Notation::item(Site site, Expr value) {
  if (json_inside(site)) return value;
  const ArrayNotation& a = arguments_->array;
  return pool().seq({pool().literal(a.before_item), value, pool().literal(a.after_item)});
}

bool Notation::can_write_any(Site site) const {
  if (site == Site::kJson) return true;
  const ObjectNotation& form = site == Site::kRoot ? arguments_->root : arguments_->nested;
  return (site == Site::kArgument && !arguments_->nests) || !form.ends_with_key();
}

Expr Notation::any_members(const ObjectNotation& form) {
  ExprPool& p = pool();
  const Layout l = object_layout({}, &form);
  const Expr member = p.seq({p.literal(form.before_key), other_names(&form, kNoExpr, p.empty()),
                             l.colon, any_value({0, Site::kArgument}), l.lead});
  const Expr filled = p.seq({l.first, member, p.star(p.seq(l.separator, member)), l.close_object});
  return p.seq({l.open_object, l.after_open, p.alt(l.empty_object, filled)});
}

void Notation::declare_any() {
  if (any_) return;
  ExprPool& p = pool();
  const RuleId object = grammar_.add_rule("any_arguments", RuleUse::kShare);
  const RuleId array = grammar_.add_rule("any_items", RuleUse::kShare);
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
  return number_text(pool(), range);
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
