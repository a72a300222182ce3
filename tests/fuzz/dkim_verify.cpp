// Messages of any octets, cut anywhere, with any key record, to the verifier: where they are cut
// changes nothing, and the simple form is the one that a slow rule gives. What our signer makes of a
// message passes.
//
// First two octets: where it is cut. Then up to the first NUL: a key record. Then the message.

#include "protocols/dkim/sign.hpp"
#include "protocols/dkim/verify.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hauspost::dkim;

constexpr std::int64_t now = 1'700'000'000;

void must(bool holds) {
    if (!holds) std::abort();
}

key_answer answer(std::string_view text) {
    key_answer made;
    made.is = key_answer::kind::found;
    made.texts.emplace_back(text);
    return made;
}

verifier read(std::string_view message, std::size_t step) {
    verifier made(now);
    for (std::size_t at = 0; at < message.size(); at += step)
        made.feed(message.substr(at, step));
    made.finish();
    return made;
}

/// RFC 6376 3.4.3 of a whole body.
void check_simple(std::string_view body, std::size_t step) {
    std::string form;
    const auto gather = [&form](std::string_view piece) { form += piece; };
    simple_body simple;
    for (std::size_t at = 0; at < body.size(); at += step)
        simple.feed(body.substr(at, step), gather);
    simple.finish(gather);
    while (body.ends_with("\r\n"))
        body.remove_suffix(2);
    must(form == std::string(body) + "\r\n");
}

void check_own(std::string_view message, std::size_t step) {
    static const private_key key = private_key::generate(key_type::ed25519);
    message_digest digest;
    digest.feed(message);
    digest.finish();
    signer who;
    who.domain = "a.test";
    who.selector = "s";
    who.key = &key;
    signing_terms terms;
    terms.signed_at = now;
    const auto field = sign(digest, std::vector{who}, terms);
    if (!field) return;
    const auto made = read(*field + std::string(message), step);
    for (std::size_t n = 0; n < made.signatures().size(); ++n) {
        const auto& one = made.signatures()[n];
        if (one.field == *field) must(made.check(n, answer(key.record_text())).is == verdict::pass);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t step = 1u + data[0] + 256u * (data[1] % 16u);
    std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto record = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), record.size() + 1));
    const auto in_pieces = read(rest, step);
    const auto whole = read(rest, rest.size() + 1);
    must(in_pieces.signatures().size() == whole.signatures().size());
    must(whole.signatures().size() <= limits::max_checked_signatures);
    for (std::size_t n = 0; n < whole.signatures().size(); ++n)
        must(whole.check(n, answer(record)).is == in_pieces.check(n, answer(record)).is);
    check_simple(rest, step);
    check_own(rest, step);
    return 0;
}
