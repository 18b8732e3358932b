// Bump allocator with marks: memory given back in reverse order of use, or all at once.
//
// Objects in it are trivially destructible. A mark taken now and released later frees everything
// allocated between, which is what rollback of a matcher needs.
//
//   Arena a; auto m = a.mark(); auto* n = a.make<Node>(2); a.release(m);
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace xgr::core {

class Arena {
 public:
  struct Mark {
    uint32_t chunk = 0;
    uint32_t used = 0;
  };
  explicit Arena(uint32_t min_chunk_bytes = 1024) : min_bytes_(min_chunk_bytes) {}
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  void* allocate(size_t bytes) {
    bytes = (bytes + 7) & ~size_t{7};
    if (chunk_ >= chunks_.size() || used_ + bytes > chunks_[chunk_].size) next_chunk(bytes);
    void* p = chunks_[chunk_].data.get() + used_;
    used_ += static_cast<uint32_t>(bytes);
    return p;
  }
  template <typename T>
  T* array(size_t count) {
    return static_cast<T*>(allocate(count * sizeof(T)));
  }
  Mark mark() const { return {chunk_, used_}; }
  void release(Mark m) { chunk_ = m.chunk, used_ = m.used; }
  // The end of what was allocated last when the mark was taken.
  const std::byte* end(Mark m) const { return chunks_[m.chunk].data.get() + m.used; }
  size_t memory_bytes() const { return total_ + chunks_.capacity() * sizeof(Chunk); }

 private:
  struct Chunk {
    std::unique_ptr<std::byte[]> data;
    uint32_t size;
  };
  void next_chunk(size_t bytes) {
    // Later chunks survive a release; reuse the next one when it is large enough.
    uint32_t next = chunks_.empty() ? 0 : chunk_ + 1;
    if (next >= chunks_.size() || chunks_[next].size < bytes) {
      // Chunks grow with the whole, so that a quarter of it at most is unused.
      size_t size =
          std::max(bytes, std::clamp<size_t>(total_ / 4 & ~size_t{7}, min_bytes_, kMaxBytes));
      Chunk chunk{std::unique_ptr<std::byte[]>(new std::byte[size]), static_cast<uint32_t>(size)};
      chunks_.insert(chunks_.begin() + next, std::move(chunk));
      total_ += size;
    }
    chunk_ = next;
    used_ = 0;
  }
  static constexpr size_t kMaxBytes = 1 << 20;  // of a chunk for several blocks
  std::vector<Chunk> chunks_;
  size_t total_ = 0;  // bytes of all chunks
  uint32_t chunk_ = 0;
  uint32_t used_ = 0;
  uint32_t min_bytes_;
};

}  // namespace xgr::core
