// SHA-256 of a stream of bytes (FIPS 180-4).
//
//   Sha256 hash;  hash.add("abc");  hash.finish()   // ba7816bf 8f01cfea ...
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xgr::core {

class Sha256 {
 public:
  void add(std::string_view bytes);
  // The digest; nothing is added behind it.
  std::array<uint8_t, 32> finish();

 private:
  static constexpr size_t kBlock = 64;
  void mix_block(const uint8_t* block);

  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, kBlock> open_{};  // bytes that fill no block yet
  size_t open_size_ = 0;
  uint64_t size_ = 0;  // of all bytes
};

}  // namespace xgr::core
