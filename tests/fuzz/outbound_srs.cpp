// Rewritten reverse-paths: no crash; what we have not made leads nowhere, and what we make leads
// back.
//
// The input is an address, its local part before the last "@".

#include "base/ascii.hpp"
#include "protocols/smtp/path.hpp"
#include "server/outbound/srs.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;
using namespace hauspost::outbound;

void must(bool holds) {
    if (!holds) std::abort();
}

srs_rewriter make_rewriter() {
    srs_settings settings;
    settings.domain = "fwd.test";
    settings.keys.emplace_back("0123456789abcdef");
    settings.max_local_part_octets = smtp::max_local_part_octets;
    return srs_rewriter(std::move(settings));
}

/// Lower case of ASCII; of the other letters this test has none to say.
bool is_same(const smtp::mailbox_address& a, const smtp::mailbox_address& b) {
    return ascii::equal_nocase(a.local_part, b.local_part);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto by = make_rewriter();
    constexpr std::int64_t now = 20'000 * 86'400LL;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    smtp::mailbox_address given;
    const auto sign = text.rfind('@');
    given.local_part = text.substr(0, sign);
    given.domain = sign == std::string_view::npos ? "fwd.test" : text.substr(sign + 1);
    must(by.decode(given, now).has_error());  // 2^40 guesses would be needed

    const auto sender = smtp::parse_mailbox(text);
    if (!sender) return 0;
    const auto made = by.encode(*sender, now);
    if (!made || made->domain != "fwd.test" || sender->domain == "fwd.test") return 0;
    must(made->local_part.size() <= smtp::max_local_part_octets);
    const auto back = by.decode(*made, now + 86'400);
    must(back.has_value());
    if (made->local_part.starts_with("SRS0")) must(is_same(*back, *sender));
    auto low = *made;
    low.local_part = ascii::lowered(low.local_part);
    const auto again = by.decode(low, now);
    must(again.has_value() && is_same(*again, *back));
    return 0;
}
