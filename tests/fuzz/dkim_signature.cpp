// DKIM-Signature fields: no crash; what is read keeps to its bounds (F02), and what was hashed of the
// field is found again when the signature is another.

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/dkim/limits.hpp"
#include "protocols/dkim/relaxed_header.hpp"
#include "protocols/dkim/signature.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;
using namespace hauspost::dkim;

void must(bool holds) {
    if (!holds) std::abort();
}

void check(const signature& made) {
    must(!made.names.empty() && made.names.size() <= limits::max_signed_names);
    for (const auto& name : made.names)
        must(!name.empty() && utf8::is_ascii(name));
    must(made.body_hash.size() == (made.method == algorithm::rsa_sha1 ? 20 : 32));
    must(!made.octets.empty() && made.octets.size() <= limits::max_rsa_bits / 8);
    must(!made.domain.empty() && ascii::lowered(made.domain) == made.domain);
    must(made.identity_domain.ends_with(made.domain));
    must(made.signed_at.value_or(0) <= limits::max_seconds);
    must(!made.expires_at || *made.expires_at > made.signed_at.value_or(0) || !made.signed_at);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view value(reinterpret_cast<const char*>(data), size);
    if (const auto made = parse_signature(value)) check(*made);
    const auto bare = without_signature("DKIM-Signature:" + std::string(value));
    must(bare.size() <= value.size() + sizeof("DKIM-Signature:"));
    must(without_signature(bare) == bare);
    return 0;
}
