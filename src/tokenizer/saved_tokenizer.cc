// Saved tokenizers, written and read. Entry points: saved_size, save_tokenizer, load_tokenizer.
//
// The arrays of a tokenizer lie in the file as they lie in memory, so that reading one means to map the
// file, to check it (tokenizer/saved_checks.cc) and to point at its parts. Only the list of special
// names is made again: it is short, and made of pointers.
//
//   save_tokenizer(*a, {}, file);  load_tokenizer(file, nullptr, false)   // the masks of both are equal
//
// Tests: tests/unit/tokenizer/saved_tokenizer_test.cc.
#include "tokenizer/saved_tokenizer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

#include "support/checksum.h"
#include "tokenizer/saved_file.h"

namespace xgr::core {
namespace {

constexpr uint64_t aligned_size(uint64_t size) {
  return (size + kSavedAlignment - 1) / kSavedAlignment * kSavedAlignment;
}

Error no_saved_tokenizer(const std::string& why) {
  return make_error(Status::kInvalidData,
                    "no saved tokenizer: " + why +
                        "; expected what xgr_tokenizer_save of this version has "
                        "written, unchanged");
}

// Where each array goes, for arrays of `sizes` bytes.
class SectionPlan {
 public:
  void add(size_t count, size_t item_size) {
    sections_[used_++] = {end_, count};
    end_ = aligned_size(end_ + uint64_t{count} * item_size);
  }
  uint64_t end() const { return end_; }
  const std::array<SavedSection, kSavedSectionCount>& sections() const { return sections_; }

 private:
  uint64_t end_ = aligned_size(sizeof(SavedHeader));
  size_t used_ = 0;
  std::array<SavedSection, kSavedSectionCount> sections_{};
};

template <typename T>
std::span<const uint8_t> raw_bytes(std::span<const T> items) {
  static_assert(std::has_unique_object_representations_v<T>, "no padding may get into the file");
  return {reinterpret_cast<const uint8_t*>(items.data()), items.size_bytes()};
}

// Calls visit(items) for all that the file has, in its order.
template <typename Visit>
void each_saved(const Tokenizer& tokenizer, const TokenizerNotes& notes, Visit visit) {
  SavedFile::each_array(tokenizer, [&]<typename T>(const Array<T>& array) {
    visit(static_cast<std::span<const T>>(array));
  });
  visit(std::span<const uint16_t>(SavedFile::depths_of(tokenizer.trie())));
  visit(std::span<const char>(notes.model_type));
  visit(std::span<const char>(notes.detected_by));
  visit(std::span<const char>(notes.findings));
}

SectionPlan plan_sections(const Tokenizer& tokenizer, const TokenizerNotes& notes) {
  SectionPlan plan;
  each_saved(tokenizer, notes,
             [&]<typename T>(std::span<const T> items) { plan.add(items.size(), sizeof(T)); });
  return plan;
}

uint64_t file_checksum(SavedHeader header, std::span<const uint8_t> file) {
  header.checksum = 0;
  const auto* bytes = reinterpret_cast<const uint8_t*>(&header);
  return checksum(checksum(0, {bytes, sizeof(header)}), file.subspan(sizeof(header)));
}

MaybeError check_byte_order() {
  if (std::endian::native == std::endian::little) return std::nullopt;
  return make_error(Status::kUnsupported,
                    "saved tokenizers are for little-endian machines; expected one of those");
}

MaybeError read_saved_header(std::span<const uint8_t> file, SavedHeader* header) {
  if (MaybeError error = check_byte_order()) return error;
  if (file.size() < sizeof(*header))
    return no_saved_tokenizer("it has " + std::to_string(file.size()) + " bytes");
  std::memcpy(header, file.data(), sizeof(*header));
  if (header->magic != kSavedMagic) return no_saved_tokenizer("it begins otherwise");
  if (header->version != kSavedVersion || header->section_count != kSavedSectionCount)
    return no_saved_tokenizer("its version is " + std::to_string(header->version) +
                              " and that of this library " + std::to_string(kSavedVersion));
  if (header->file_size != file.size())
    return no_saved_tokenizer("it has " + std::to_string(file.size()) + " bytes of " +
                              std::to_string(header->file_size));
  if (file_checksum(*header, file) != header->checksum)
    return no_saved_tokenizer("its checksum differs");
  return std::nullopt;
}

// Hands out the arrays of a file in its order.
class SectionReader {
 public:
  SectionReader(std::span<const uint8_t> file, const SavedHeader& header)
      : file_(file), header_(header) {}

  template <typename T>
  std::span<const T> next() {
    const SavedSection& s = header_.sections[used_++];
    if (s.offset % kSavedAlignment != 0 || s.offset > file_.size() ||
        s.count > (file_.size() - s.offset) / sizeof(T)) {
      ok_ = false;
      return {};
    }
    return {reinterpret_cast<const T*>(file_.data() + s.offset), static_cast<size_t>(s.count)};
  }
  bool ok() const { return ok_; }

 private:
  std::span<const uint8_t> file_;
  const SavedHeader& header_;
  size_t used_ = 0;
  bool ok_ = true;
};

// Whether creating the tokenizer from its tokens again leads to the same arrays.
Result<bool> is_as_created(const Tokenizer& tokenizer) {
  TokenizerInput input;
  for (int32_t id = 0; id < tokenizer.token_count(); ++id) {
    const bool normal = tokenizer.kind(id) == TokenKind::kNormal;
    input.tokens.push_back(normal ? tokenizer.token_bytes(id) : tokenizer.special_name(id));
    input.kinds.push_back(static_cast<uint8_t>(tokenizer.kind(id)));
  }
  input.stop_tokens.assign(tokenizer.stop_tokens().begin(), tokenizer.stop_tokens().end());
  input.vocab_size = tokenizer.vocab_size();
  auto made = Tokenizer::create(input);
  if (!made.ok()) return std::move(made.error());
  std::vector<std::span<const uint8_t>> parts;
  const auto gather = [&]<typename T>(const Array<T>& array) {
    parts.push_back(raw_bytes(static_cast<std::span<const T>>(array)));
  };
  SavedFile::each_array(tokenizer, gather);
  SavedFile::each_array(*made.value(), gather);
  const auto middle = parts.begin() + static_cast<ptrdiff_t>(parts.size() / 2);
  SavedHeader facts = SavedFile::header_of(tokenizer);
  const SavedHeader other = SavedFile::header_of(*made.value());
  facts.vocab_type = other.vocab_type;  // the texts that were decoded are not known
  facts.add_prefix_space = other.add_prefix_space;
  return std::memcmp(&facts, &other, sizeof(facts)) == 0 &&
         std::equal(parts.begin(), middle, middle, parts.end(),
                    [](auto a, auto b) { return std::ranges::equal(a, b); });
}

Result<LoadedTokenizer> load_where_it_lies(std::span<const uint8_t> file,
                                           std::shared_ptr<const void> keeper, size_t copy_bytes,
                                           bool verify) {
  SavedHeader header;
  if (MaybeError error = read_saved_header(file, &header)) return *std::move(error);
  std::shared_ptr<Tokenizer> tokenizer = SavedFile::make(header);
  SectionReader sections(file, header);
  SavedFile::each_array(
      *tokenizer, [&]<typename T>(Array<T>& array) { array = Array<T>::view(sections.next<T>()); });
  LoadedTokenizer loaded;
  const auto depths = sections.next<uint16_t>();
  for (std::string* note : {&loaded.model_type, &loaded.detected_by, &loaded.findings}) {
    const auto text = sections.next<char>();
    note->assign(text.begin(), text.end());
  }
  if (!sections.ok()) return no_saved_tokenizer("an array lies outside of it");
  if (const char* fault = SavedFile::find_fault(tokenizer.get(), depths))
    return no_saved_tokenizer(fault);
  SavedFile::finish(tokenizer.get(), std::move(keeper), copy_bytes);
  if (verify) {
    Result<bool> same = is_as_created(*tokenizer);
    if (!same.ok()) return no_saved_tokenizer(same.error().message);
    if (!same.value()) return no_saved_tokenizer("its tables are not those of its tokens");
    if (!std::ranges::equal(tokenizer->fingerprint(), header.fingerprint))
      return no_saved_tokenizer("its fingerprint is not that of its tokens");
  }
  loaded.tokenizer = std::move(tokenizer);
  return loaded;
}

}  // namespace

SavedHeader SavedFile::header_of(const Tokenizer& t) {
  SavedHeader header{};
  header.magic = kSavedMagic;
  header.version = kSavedVersion;
  header.section_count = kSavedSectionCount;
  header.vocab_size = t.vocab_size_;
  header.vocab_type = static_cast<int32_t>(t.vocab_type_);
  header.add_prefix_space = t.add_prefix_space_ ? 1 : 0;
  header.max_token_chars = static_cast<uint32_t>(t.max_token_chars_);
  header.max_token_bytes = static_cast<uint32_t>(t.max_token_bytes_);
  header.byte_length_rows = static_cast<uint32_t>(t.byte_index_.length_rows_);
  header.rank_length_rows = static_cast<uint32_t>(t.rank_index_.length_rows_);
  header.known_bytes = t.known_bytes_;
  header.single_bytes = t.single_bytes_;
  return header;
}

std::shared_ptr<Tokenizer> SavedFile::make(const SavedHeader& header) {
  std::shared_ptr<Tokenizer> t(new Tokenizer());
  t->vocab_size_ = header.vocab_size;
  t->vocab_type_ = static_cast<VocabType>(header.vocab_type);
  t->add_prefix_space_ = header.add_prefix_space != 0;
  t->max_token_chars_ = header.max_token_chars;
  t->max_token_bytes_ = header.max_token_bytes;
  t->byte_index_.length_rows_ = header.byte_length_rows;
  t->rank_index_.length_rows_ = header.rank_length_rows;
  t->known_bytes_ = header.known_bytes;
  t->single_bytes_ = header.single_bytes;
  return t;
}

void SavedFile::finish(Tokenizer* t, std::shared_ptr<const void> keeper, size_t copy_bytes) {
  t->file_copy_bytes_ = copy_bytes;
  t->file_ = std::move(keeper);
  t->index_special_names();
}

size_t saved_size(const Tokenizer& tokenizer, const TokenizerNotes& notes) {
  return static_cast<size_t>(plan_sections(tokenizer, notes).end());
}

MaybeError save_tokenizer(const Tokenizer& tokenizer, const TokenizerNotes& notes,
                          std::span<uint8_t> out) {
  if (MaybeError error = check_byte_order()) return error;
  const SectionPlan plan = plan_sections(tokenizer, notes);
  SavedHeader header = SavedFile::header_of(tokenizer);
  header.file_size = plan.end();
  header.sections = plan.sections();
  std::ranges::copy(tokenizer.fingerprint(), header.fingerprint.begin());
  std::fill(out.begin(), out.end(), uint8_t{0});
  size_t used = 0;
  each_saved(tokenizer, notes, [&]<typename T>(std::span<const T> items) {
    const std::span<const uint8_t> bytes = raw_bytes(items);
    std::copy(bytes.begin(), bytes.end(),
              out.begin() + static_cast<ptrdiff_t>(header.sections[used++].offset));
  });
  header.checksum = file_checksum(header, out);
  std::memcpy(out.data(), &header, sizeof(header));
  return std::nullopt;
}

Result<LoadedTokenizer> load_tokenizer(std::span<const uint8_t> file,
                                       std::shared_ptr<const void> keeper, bool verify) {
  return load_where_it_lies(file, std::move(keeper), 0, verify);
}

Result<LoadedTokenizer> load_tokenizer_copy(std::span<const uint8_t> file, bool verify) {
  constexpr std::align_val_t kAlignment{kSavedAlignment};
  void* memory = ::operator new(file.size(), kAlignment);
  const std::shared_ptr<void> copy(memory, [](void* p) { ::operator delete(p, kAlignment); });
  if (!file.empty()) std::memcpy(memory, file.data(), file.size());
  return load_where_it_lies({static_cast<const uint8_t*>(memory), file.size()}, copy, file.size(),
                            verify);
}

}  // namespace xgr::core
