// Key records, and the keys in them: no crash; a key that is taken has a size that may be used (F02),
// and checks no signature that is none.

#include "protocols/dkim/key.hpp"
#include "protocols/dkim/limits.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost::dkim;

void must(bool holds) {
    if (!holds) std::abort();
}

void check_key(key_type type, std::string_view octets) {
    const auto key = public_key::from_octets(type, octets);
    if (!key) return;
    must(type == key_type::ed25519 ||
         (key->bits() >= limits::min_rsa_bits && key->bits() <= limits::max_rsa_bits));
    (void)key->verifies(std::string(32, 'h'), std::string(key->bits() / 8, 's'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_key(key_type::rsa, text);
    check_key(key_type::ed25519, text);
    // Only what has a chance: OpenSSL takes a millisecond to find out.
    if (text.starts_with("-----BEGIN")) (void)private_key::from_pem(text);
    if (text.starts_with('\x30')) (void)private_key::from_der(text);
    std::string together;
    for (const auto& piece : txt_strings(text)) {
        must(piece.size() <= 255);
        together += piece;
    }
    must(together == text);
    const auto record = parse_key_record(text);
    if (!record) return 0;
    must(text.size() <= limits::max_key_record_octets);
    check_key(record->type, record->public_octets);
    const auto again = parse_key_record(write_key_record(record->type, record->public_octets));
    must(again.has_value() && again->public_octets == record->public_octets);
    return 0;
}
