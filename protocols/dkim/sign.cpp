#include "protocols/dkim/sign.hpp"

#include "base/address.hpp"
#include "base/base64.hpp"
#include "protocols/dkim/field_choice.hpp"
#include "protocols/dkim/folded_field.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

/// All tags up to "b=".
folded_field unsigned_field(const signer& who,
                            const std::vector<std::string>& names,
                            std::string_view body_hash,
                            const signing_terms& terms) {
    folded_field field("DKIM-Signature:");
    field.add_word("v=1;");
    field.add_word(who.key->type() == key_type::rsa ? "a=rsa-sha256;" : "a=ed25519-sha256;");
    field.add_word("c=relaxed/relaxed;");
    field.add_word("d=" + who.domain + ';');
    field.add_word("s=" + who.selector + ';');
    field.add_word("t=" + std::to_string(terms.signed_at) + ';');
    if (terms.valid_for)
        field.add_word(
            "x=" + std::to_string(terms.signed_at + std::max<std::int64_t>(*terms.valid_for, 1)) +
            ';');
    for (std::size_t i = 0; i < names.size(); ++i)
        field.add_word((i == 0 ? "h=" : "") + names[i] + (i + 1 < names.size() ? ":" : ";"));
    field.add_word("bh=" + base64::encode(body_hash) + ';');
    field.add_word("b=");
    return field;
}

}  // namespace

boost::system::result<std::string, signing_fault> sign(const message_digest& message,
                                                       std::span<const signer> signers,
                                                       const signing_terms& terms) {
    if (const auto fault = message.fault()) return *fault;
    const auto header = field_index::of(message.header());
    if (!header) return signing_fault::bad_header;
    if (header->count("From") == 0) return signing_fault::no_from;
    const auto names = choose_fields(*header);
    if (!names) return signing_fault::too_many_fields;
    std::string made;
    for (auto who : signers) {
        auto domain = address::to_a_labels(who.domain);
        if (!domain) return signing_fault::bad_domain;
        auto selector = address::to_a_labels(who.selector);
        if (!selector) return signing_fault::bad_selector;
        who.domain = std::move(*domain);
        who.selector = std::move(*selector);
        auto field = unsigned_field(who, *names, message.body_hash(), terms);
        const auto hash = sha256_of(header->signed_octets(*names, field.text()));
        field.add_base64(base64::encode(who.key->sign(hash)));
        made += field.text() + "\r\n";
    }
    return made;
}

}  // namespace hauspost::dkim
