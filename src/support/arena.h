// Bump allocator with marks: memory given back in reverse order of use, or all at once.
//
// Objects in it are trivially destructible. A mark taken now and released later frees everything
// allocated between, which is what rollback of a matcher needs.
//
//   Arena a; auto m = a.mark(); auto* n = a.make<Node>(2); a.release(m);
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace xgr {

class Arena {
 public:
  struct Mark {
    uint32_t chunk = 0;
    uint32_t used = 0;
  };
  explicit Arena(uint32_t first_chunk_bytes = 1024) : next_bytes_(first_chunk_bytes) {}
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
  size_t memory_bytes() const {
    size_t n = 0;
    for (const Chunk& c : chunks_) n += c.size;
    return n;
  }

 private:
  struct Chunk {
    std::unique_ptr<std::byte[]> data;
    uint32_t size;
  };
  void next_chunk(size_t bytes) {
    // Later chunks survive a release; reuse the next one when it is large enough.
    uint32_t next = chunks_.empty() ? 0 : chunk_ + 1;
    if (next >= chunks_.size() || chunks_[next].size < bytes) {
      uint32_t size = next_bytes_ < bytes ? static_cast<uint32_t>(bytes) : next_bytes_;
      if (next_bytes_ < (1u << 20)) next_bytes_ *= 2;
      Chunk chunk{std::unique_ptr<std::byte[]>(new std::byte[size]), size};
      chunks_.insert(chunks_.begin() + next, std::move(chunk));
    }
    chunk_ = next;
    used_ = 0;
  }
  std::vector<Chunk> chunks_;
  uint32_t chunk_ = 0;
  uint32_t used_ = 0;
  uint32_t next_bytes_;
};

}  // namespace xgr
