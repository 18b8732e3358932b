// Files mapped for reading. Entry point: map_file.
//
// Each system has its own calls; all of them keep a mapping alive without the file descriptor, so what is
// held is the mapping alone. Linux is asked for all pages at once, because who maps a file here reads it
// through: one call instead of a fault for every few pages.
//
//   map_file("no such file")  ->  kInvalidArgument: cannot open ...
//
// Tests: tests/unit/support/mapped_file_test.cc.
#include "support/mapped_file.h"

#include <cerrno>
#include <cstring>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#define NOMINMAX
#include <windows.h>
#elif defined(__wasi__)
#include <cstdio>
#include <vector>
#else
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace xgr::core {
namespace {

Error file_error(const std::string& path, const std::string& why) {
  return make_error(Status::kInvalidArgument,
                    "cannot open '" + path + "': " + why + "; expected a file that can be read");
}

Error empty_file(const std::string& path) {
  return make_error(Status::kInvalidData, "'" + path + "' is empty; expected a saved file");
}

}  // namespace

#if defined(_WIN32)

namespace {

Error last_file_error(const std::string& path) {
  return file_error(path, "Windows error " + std::to_string(GetLastError()));
}

// Closes a handle at the end of a block.
struct OpenHandle {
  HANDLE handle;
  ~OpenHandle() {
    if (handle != nullptr && handle != INVALID_HANDLE_VALUE) CloseHandle(handle);
  }
};

}  // namespace

Result<MappedFile> map_file(const std::string& path) {
  const int length =
      MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.c_str(), -1, nullptr, 0);
  if (length <= 0) return file_error(path, "the path is not UTF-8");
  std::wstring wide(static_cast<size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path.c_str(), -1, wide.data(), length);
  const OpenHandle file{CreateFileW(wide.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr,
                                    OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr)};
  if (file.handle == INVALID_HANDLE_VALUE) return last_file_error(path);
  LARGE_INTEGER size;
  if (!GetFileSizeEx(file.handle, &size)) return last_file_error(path);
  if (size.QuadPart == 0) return empty_file(path);
  if (static_cast<uint64_t>(size.QuadPart) > SIZE_MAX) return file_error(path, "it is too large");
  const OpenHandle mapping{CreateFileMappingW(file.handle, nullptr, PAGE_READONLY, 0, 0, nullptr)};
  if (mapping.handle == nullptr) return last_file_error(path);
  const void* view = MapViewOfFile(mapping.handle, FILE_MAP_READ, 0, 0, 0);
  if (view == nullptr) return last_file_error(path);
  return MappedFile{{static_cast<const uint8_t*>(view), static_cast<size_t>(size.QuadPart)},
                    std::shared_ptr<const void>(view, [](const void* p) { UnmapViewOfFile(p); })};
}

#elif defined(__wasi__)

Result<MappedFile> map_file(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return file_error(path, std::strerror(errno));
  auto bytes = std::make_shared<std::vector<uint8_t> >();
  uint8_t block[4096];
  for (size_t got; (got = std::fread(block, 1, sizeof(block), file.get())) > 0;)
    bytes->insert(bytes->end(), block, block + got);
  if (std::ferror(file.get())) return file_error(path, std::strerror(errno));
  if (bytes->empty()) return empty_file(path);
  return MappedFile{*bytes, bytes};
}

#else

namespace {

#if defined(MAP_POPULATE)
constexpr int kMapFlags = MAP_SHARED | MAP_POPULATE;
#else
constexpr int kMapFlags = MAP_SHARED;
#endif

struct OpenFile {
  int number;
  ~OpenFile() {
    if (number >= 0) close(number);
  }
};

}  // namespace

Result<MappedFile> map_file(const std::string& path) {
  // A pipe without a writer would hold the call up.
  const OpenFile file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts;
  if (file.number < 0 || fstat(file.number, &facts) != 0)
    return file_error(path, std::strerror(errno));
  if (!S_ISREG(facts.st_mode)) return file_error(path, "it is no regular file");
  if (facts.st_size == 0) return empty_file(path);
  if (static_cast<uint64_t>(facts.st_size) > SIZE_MAX) return file_error(path, "it is too large");
  const size_t size = static_cast<size_t>(facts.st_size);
  void* memory = mmap(nullptr, size, PROT_READ, kMapFlags, file.number, 0);
  if (memory == MAP_FAILED) return file_error(path, std::strerror(errno));
  return MappedFile{{static_cast<const uint8_t*>(memory), size},
                    std::shared_ptr<const void>(memory, [size](void* p) { munmap(p, size); })};
}

#endif

}  // namespace xgr::core

#undef WIN32_LEAN_AND_MEAN
#undef NOMINMAX
