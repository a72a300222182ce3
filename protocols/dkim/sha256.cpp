#include "protocols/dkim/sha256.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <stdexcept>
#include <utility>

namespace hauspost::dkim {
namespace {

void demand_hash(bool done) {
    if (!done) throw std::runtime_error("SHA-256 is not available");
}

}  // namespace

sha256::sha256() : state_(EVP_MD_CTX_new()) {
    demand_hash(state_ != nullptr);
    if (EVP_DigestInit_ex(state_, EVP_sha256(), nullptr) == 1) return;
    EVP_MD_CTX_free(state_);
    demand_hash(false);
}

sha256::sha256(sha256&& other) noexcept
    : state_(std::exchange(other.state_, nullptr)),
      gathered_(other.gathered_),
      gathered_octets_(other.gathered_octets_) {}

sha256::~sha256() {
    EVP_MD_CTX_free(state_);
}

void sha256::feed(std::string_view piece) {
    const bool is_small = piece.size() <= gathered_.size() / 4;
    if (!is_small || piece.size() > gathered_.size() - gathered_octets_)
        pass({gathered_.data(), std::exchange(gathered_octets_, 0)});
    if (!is_small) return pass(piece);
    if (piece.empty()) return;
    std::memcpy(gathered_.data() + gathered_octets_, piece.data(), piece.size());
    gathered_octets_ += piece.size();
}

void sha256::pass(std::string_view piece) {
    demand_hash(EVP_DigestUpdate(state_, piece.data(), piece.size()) == 1);
}

std::string sha256::finish() {
    pass({gathered_.data(), std::exchange(gathered_octets_, 0)});
    std::string hash(octets, '\0');
    demand_hash(
        EVP_DigestFinal_ex(state_, reinterpret_cast<unsigned char*>(hash.data()), nullptr) == 1);
    return hash;
}

std::string sha256_of(std::string_view text) {
    sha256 hash;
    hash.feed(text);
    return hash.finish();
}

}  // namespace hauspost::dkim
