#include "protocols/arc/seal.hpp"

#include "base/address.hpp"
#include "base/base64.hpp"
#include "protocols/arc/verify.hpp"
#include "protocols/dkim/field_choice.hpp"
#include "protocols/dkim/folded_field.hpp"

#include <utility>

namespace hauspost::arc {
namespace {

std::string_view method_of(const dkim::private_key& key) {
    return key.type() == dkim::key_type::rsa ? "a=rsa-sha256;" : "a=ed25519-sha256;";
}

/// "i=2; a=rsa-sha256;"
dkim::folded_field begun(std::string_view name,
                         const std::string& instance,
                         const dkim::signer& who) {
    dkim::folded_field field(name);
    field.add_word("i=" + instance + ';');
    field.add_word(method_of(*who.key));
    return field;
}

/// All tags up to "b=" of ARC-Message-Signature.
dkim::folded_field unsigned_message_field(const std::string& instance,
                                          const sealing_terms& terms,
                                          const std::vector<std::string>& names,
                                          std::string_view body_hash) {
    auto field = begun("ARC-Message-Signature:", instance, terms.who);
    field.add_word("c=relaxed/relaxed;");
    field.add_word("d=" + terms.who.domain + ';');
    field.add_word("s=" + terms.who.selector + ';');
    field.add_word("t=" + std::to_string(terms.signed_at) + ';');
    for (std::size_t n = 0; n < names.size(); ++n)
        field.add_word((n == 0 ? "h=" : "") + names[n] + (n + 1 < names.size() ? ":" : ";"));
    field.add_word("bh=" + base64::encode(body_hash) + ';');
    field.add_word("b=");
    return field;
}

/// The same of ARC-Seal.
dkim::folded_field unsigned_seal(const std::string& instance,
                                 const sealing_terms& terms,
                                 bool is_first) {
    auto field = begun("ARC-Seal:", instance, terms.who);
    field.add_word("t=" + std::to_string(terms.signed_at) + ';');
    field.add_word(is_first ? "cv=none;" : "cv=pass;");
    field.add_word("d=" + terms.who.domain + ';');
    field.add_word("s=" + terms.who.selector + ';');
    field.add_word("b=");
    return field;
}

/// Folded between its words.
std::string results_field(const std::string& instance, std::string_view results) {
    dkim::folded_field field("ARC-Authentication-Results:");
    field.add_word("i=" + instance + ';');
    while (!results.empty()) {
        const auto word = results.substr(0, results.find(' '));
        results.remove_prefix(std::min(results.size(), word.size() + 1));
        if (!word.empty()) field.add_word(word);
    }
    return field.text();
}

/// The fields of dkim::choose_fields, and the DKIM signatures, which tell who signed before.
/// RFC 8617 4.1.2
std::optional<std::vector<std::string>> names_for(const dkim::field_index& header) {
    auto names = dkim::choose_fields(header);
    if (!names) return std::nullopt;
    const auto signatures = header.count("DKIM-Signature");
    if (names->size() + signatures > dkim::limits::max_signed_names) return std::nullopt;
    names->insert(names->end(), signatures, "DKIM-Signature");
    return names;
}

}  // namespace

boost::system::result<std::string, dkim::signing_fault> seal_message(
    const dkim::message_digest& message, const std::vector<set>& before, sealing_terms terms) {
    if (const auto fault = message.fault()) return *fault;
    const auto header = dkim::field_index::of(message.header());
    if (!header) return dkim::signing_fault::bad_header;
    if (header->count("From") == 0) return dkim::signing_fault::no_from;
    const auto names = names_for(*header);
    if (!names) return dkim::signing_fault::too_many_fields;
    auto domain = address::to_a_labels(terms.who.domain);
    if (!domain) return dkim::signing_fault::bad_domain;
    auto selector = address::to_a_labels(terms.who.selector);
    if (!selector) return dkim::signing_fault::bad_selector;
    terms.who.domain = std::move(*domain);
    terms.who.selector = std::move(*selector);
    const auto& key = *terms.who.key;
    const auto instance = std::to_string(before.size() + 1);
    const auto results = results_field(instance, terms.results);
    auto signature = unsigned_message_field(instance, terms, *names, message.body_hash());
    const auto hash = dkim::sha256_of(header->signed_octets(*names, signature.text()));
    signature.add_base64(base64::encode(key.sign(hash)));
    auto own = unsigned_seal(instance, terms, before.empty());
    const auto all =
        sealed_octets(sealed_before(before, before.size()), results, signature.text(), own.text());
    own.add_base64(base64::encode(key.sign(dkim::sha256_of(all))));
    return own.text() + "\r\n" + signature.text() + "\r\n" + results + "\r\n";
}

}  // namespace hauspost::arc
