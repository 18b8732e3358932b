// SHA-256. Entry points: Sha256::add, Sha256::finish.
//
// Blocks of 64 bytes are mixed into eight words; the last is filled up with a bit and the length in bits. The
// library needs it to name a vocabulary by its contents (tokenizer/tokenizer.h), where two that differ
// must not have one name.
//
//   Sha256 hash;  hash.add("a");  hash.add("bc");   // as "abc" at once
//
// Tests: tests/unit/support/sha256_test.cc.
#include "support/sha256.h"

#include <algorithm>
#include <bit>

namespace xgr::core {
namespace {

constexpr std::array<uint32_t, 64> kRoundConstants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t read_big_endian(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | uint32_t{p[3]};
}

}  // namespace

void Sha256::add(std::string_view bytes) {
  const uint8_t* next = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t left = bytes.size();
  size_ += left;
  while (left > 0) {
    if (open_size_ == 0 && left >= kBlock) {
      mix_block(next);
      next += kBlock;
      left -= kBlock;
      continue;
    }
    const size_t taken = std::min(left, kBlock - open_size_);
    std::copy_n(next, taken, open_.begin() + static_cast<ptrdiff_t>(open_size_));
    open_size_ += taken;
    next += taken;
    left -= taken;
    if (open_size_ < kBlock) continue;
    mix_block(open_.data());
    open_size_ = 0;
  }
}

std::array<uint8_t, 32> Sha256::finish() {
  const uint64_t bits = size_ * 8;
  add(std::string_view("\x80", 1));
  while (open_size_ != kBlock - 8) add(std::string_view("\0", 1));
  std::array<char, 8> length{};
  for (size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(bits >> (56 - 8 * i) & 0xFF);
  add({length.data(), length.size()});
  std::array<uint8_t, 32> out{};
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)) & 0xFF);
  return out;
}

void Sha256::mix_block(const uint8_t* block) {
  std::array<uint32_t, 64> w;
  for (size_t i = 0; i < 16; ++i) w[i] = read_big_endian(block + 4 * i);
  for (size_t i = 16; i < 64; ++i) {
    const uint32_t near = w[i - 2], far = w[i - 15];
    const uint32_t low = std::rotr(far, 7) ^ std::rotr(far, 18) ^ far >> 3;
    const uint32_t high = std::rotr(near, 17) ^ std::rotr(near, 19) ^ near >> 10;
    w[i] = w[i - 16] + low + w[i - 7] + high;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (size_t i = 0; i < 64; ++i) {
    const uint32_t sum_e = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    const uint32_t choice = (e & f) ^ (~e & g);
    const uint32_t first = h + sum_e + choice + kRoundConstants[i] + w[i];
    const uint32_t sum_a = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    const uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
    h = g, g = f, f = e, e = d + first;
    d = c, c = b, b = a, a = first + sum_a + majority;
  }
  const std::array<uint32_t, 8> mixed = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < state_.size(); ++i) state_[i] += mixed[i];
}

}  // namespace xgr::core
