// Messages of any octets, cut anywhere, to the signer: the body's form is the one that a slow and
// simple rule gives, and what is signed verifies.
//
// First two octets: where it is cut.

#include "base/ascii.hpp"
#include "protocols/dkim/relaxed_header.hpp"
#include "protocols/dkim/sign.hpp"
#include "protocols/dkim/signature.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hauspost;
using namespace hauspost::dkim;

void must(bool holds) {
    if (!holds) std::abort();
}

/// RFC 6376 3.4.4, line by line. Precondition: no CR or LF alone.
std::string relaxed_by_lines(std::string_view body) {
    std::string form;
    std::string empty_lines;
    while (!body.empty()) {
        const auto line = body.substr(0, body.find("\r\n"));
        body.remove_prefix(std::min(body.size(), line.size() + 2));
        std::string kept;
        for (const char c : line) {
            const bool is_space = c == ' ' || c == '\t';
            if (!is_space) kept += c;
            if (is_space && !kept.ends_with(' ')) kept += ' ';
        }
        if (kept.ends_with(' ')) kept.pop_back();
        if (!kept.empty()) {
            form += empty_lines + kept;
            empty_lines.clear();
        }
        empty_lines += "\r\n";
    }
    return form.empty() ? form : form + "\r\n";
}

void check_body(std::string_view message, const message_digest& digest) {
    const auto end = message.starts_with("\r\n") ? 0 : message.find("\r\n\r\n");
    const auto body = end == 0                        ? message.substr(2)
                      : end == std::string_view::npos ? std::string_view()
                                                      : message.substr(end + 4);
    must(digest.body_hash() == sha256_of(relaxed_by_lines(body)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const private_key key = private_key::generate(key_type::ed25519);
    static const auto check = public_key::from_octets(key.type(), key.public_octets());
    if (size < 2) return 0;
    const std::string_view message(reinterpret_cast<const char*>(data) + 2, size - 2);
    message_digest digest;
    const std::size_t step = 1u + data[0] + 256u * (data[1] % 16u);
    for (std::size_t at = 0; at < message.size(); at += step)
        digest.feed(message.substr(at, step));
    digest.finish();
    if (digest.fault()) return 0;
    check_body(message, digest);
    signer who;
    who.domain = "a.test";
    who.selector = "s";
    who.key = &key;
    const auto field = sign(digest, std::vector{who}, {});
    if (!field) return 0;
    const auto read = parse_signature(field->substr(field->find(':') + 1));
    must(read.has_value() && read->body_hash == digest.body_hash());
    const auto index = field_index::of(digest.header());
    must(check->verifies(sha256_of(index->signed_octets(read->names, without_signature(*field))),
                         read->octets));
    return 0;
}
