#include "support/sha256.h"

#include <doctest/doctest.h>

#include <string>

using xgr::core::Sha256;

namespace {

std::string digest(Sha256* hash) {
  std::string out;
  for (const uint8_t byte : hash->finish()) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::string digest_of(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return digest(&hash);
}

}  // namespace

TEST_CASE("sha256: the examples of the standard") {
  CHECK(digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(digest_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(digest_of(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256: pieces of any size are one text") {
  const std::string text(300, 'x');
  for (size_t size = 1; size <= 130; ++size) {
    Sha256 hash;
    for (size_t at = 0; at < text.size(); at += size)
      hash.add(std::string_view(text).substr(at, size));
    CHECK(digest(&hash) == digest_of(text));
  }
}
