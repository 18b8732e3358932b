/// What a call of the library came to when it failed. what() says what was wrong and where.
class Error : public std::runtime_error {
 public:
  Error(Status code, const std::string& message) : std::runtime_error(message), code_(code) {}

  /// Reads and destroys an error of the C API; NULL means the sentence of the status.
  Error(xgr_status_t status, xgr_error_t* error)
      : std::runtime_error(text_of(status, error)), code_(static_cast<Status>(status)) {
    if (error == nullptr) return;
    code_ = static_cast<Status>(xgr_error_status(error));
    byte_offset_ = xgr_error_byte_offset(error);
    line_ = xgr_error_line(error);
    column_ = xgr_error_column(error);
    std::size_t size = 0;
    const char* pointer = xgr_error_json_pointer(error, &size);
    if (pointer != nullptr) json_pointer_.emplace(pointer, size);
    xgr_error_destroy(error);
  }

  Status code() const noexcept { return code_; }
  /// Place in the source text in bytes; -1 when unknown.
  std::int64_t byte_offset() const noexcept { return byte_offset_; }
  /// Line and column of the place, the first is 1; 0 when unknown.
  std::int32_t line() const noexcept { return line_; }
  std::int32_t column() const noexcept { return column_; }
  /// Place in a JSON source as a JSON Pointer (RFC 6901).
  const std::optional<std::string>& json_pointer() const noexcept { return json_pointer_; }

 private:
  static std::string text_of(xgr_status_t status, const xgr_error_t* error) {
    std::size_t size = 0;
    const char* message = xgr_error_message(error, &size);
    return size != 0 ? std::string(message, size) : std::string(xgr_status_message(status));
  }

  Status code_;
  std::int64_t byte_offset_ = -1;
  std::int32_t line_ = 0;
  std::int32_t column_ = 0;
  std::optional<std::string> json_pointer_;
};

/// An object, or none.
template <class T>
class Nullable {
 public:
  constexpr Nullable(std::nullptr_t) noexcept {}
  constexpr Nullable(const T& object) noexcept : object_(&object) {}
  constexpr Nullable(const T* object) noexcept : object_(object) {}
  /// Its handle, or null.
  auto get() const noexcept { return object_ ? object_->get() : nullptr; }

 private:
  const T* object_ = nullptr;
};

/// A run of elements in somebody else's memory: of vectors, arrays, std::span, or named in braces.
template <class T>
class Span {
 public:
  constexpr Span() noexcept = default;
  constexpr Span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <std::size_t N>
  constexpr Span(T (&array)[N]) noexcept : data_(array), size_(N) {}
  template <class Container, class = decltype(static_cast<T*>(std::declval<Container&>().data()))>
  constexpr Span(Container&& container) noexcept
      : data_(container.data()), size_(container.size()) {}
  /// Elements in braces live until the end of the call that they are written in.
  constexpr Span(std::initializer_list<std::remove_const_t<T>> list) noexcept
      : data_(std::data(list)), size_(list.size()) {}
  Span& operator=(std::initializer_list<std::remove_const_t<T>>) = delete;

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }
  constexpr T& operator[](std::size_t index) const noexcept { return data_[index]; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

namespace detail {

inline std::string too_few(const char* what, std::size_t given, const char* than, std::size_t wanted) {
  return what + std::to_string(given) + than + std::to_string(wanted);
}

/// The size that arrays have in common; those that are not needed may be empty.
inline std::size_t common_size(std::initializer_list<std::size_t> sizes,
                               std::initializer_list<bool> needed) {
  std::size_t common = 0;
  for (const std::size_t size : sizes) common = size > common ? size : common;
  auto need = needed.begin();
  for (const std::size_t size : sizes) {
    if (size != common && (size != 0 || *need)) {
      throw Error(Status::InvalidArgument,
                  too_few("arrays of ", size, " and of ", common) +
                      " elements; expected the same number in each");
    }
    ++need;
  }
  return common;
}

inline void check(xgr_status_t status, xgr_error_t* error = nullptr) {
  if (status != XGR_OK) throw Error(status, error);
}

/// What a call with a token id came to. Once there is a vocabulary, nothing else of its arguments can
/// be wrong.
inline void check_token(xgr_status_t status, std::int32_t token, std::int32_t vocab_size) {
  if (status == XGR_ERROR_INVALID_ARGUMENT && vocab_size > 0) {
    throw Error(Status::InvalidArgument,
                "token id " + std::to_string(token) + " is outside the vocabulary; expected 0 or " +
                    "more, below " + std::to_string(vocab_size));
  }
  check(status);
}

/// A pointer that is not NULL, also for no text at all: the C API tells the two apart.
inline const char* chars(std::string_view text) noexcept {
  return text.data() == nullptr ? "" : text.data();
}
inline const char* chars(const std::optional<std::string_view>& text) noexcept {
  return text ? chars(*text) : nullptr;
}
inline const std::uint8_t* bytes(std::string_view text) noexcept {
  return reinterpret_cast<const std::uint8_t*>(chars(text));
}
template <class T>
const std::uint8_t* bytes(const std::optional<T>& text) noexcept {
  return text ? bytes(std::string_view(*text)) : nullptr;
}
inline std::size_t size(std::string_view text) noexcept { return text.size(); }
template <class T>
std::size_t size(const std::optional<T>& text) noexcept {
  return text ? text->size() : 0;
}

inline std::string_view view(const char* text) noexcept { return text; }
template <class T>
std::string_view view(const T* text, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(text), size};
}

/// Texts end to end, and their sizes.
struct Joined {
  explicit Joined(Span<const std::string_view> parts) {
    sizes.reserve(parts.size() + 1);
    for (const std::string_view part : parts) {
      text.append(part);
      sizes.push_back(static_cast<std::uint32_t>(part.size()));
    }
  }
  std::string text;
  std::vector<std::uint32_t> sizes;
};

/// Enumerators as the C API has them.
template <class Enum>
std::int32_t* numbers(Span<Enum> values) noexcept {
  return reinterpret_cast<std::int32_t*>(values.data());
}

template <class C, class T>
std::vector<C*> handles(Span<T* const> objects) {
  std::vector<C*> out;
  for (const T* object : objects) out.push_back(object == nullptr ? nullptr : object->get());
  return out;
}

/// Holds the arrays that C structs point to until the call is over.
class Storage {
 public:
  template <class C, class T>
  const C* keep(Span<const T> parts) {
    if (parts.empty()) return nullptr;
    auto array = std::make_shared<std::vector<C>>();
    for (const T& part : parts) array->push_back(part.to_c(*this));
    kept_.push_back(array);
    return array->data();
  }

 private:
  std::vector<std::shared_ptr<void>> kept_;
};

}  // namespace detail
