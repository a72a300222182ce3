#include "server/outbound/dkim_signer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::outbound {
namespace {

std::string_view words_of(dkim::signing_fault fault) {
    switch (fault) {
    case dkim::signing_fault::bare_line_end: return "bare_line_end";
    case dkim::signing_fault::header_too_long: return "header_too_long";
    case dkim::signing_fault::bad_header: return "bad_header";
    case dkim::signing_fault::no_from: return "no_from";
    case dkim::signing_fault::too_many_fields: return "too_many_fields";
    case dkim::signing_fault::bad_domain: return "bad_domain";
    case dkim::signing_fault::bad_selector: break;
    }
    return "bad_selector";
}

}  // namespace

delivery::domain_signature::fields dkim_signature::sign(std::string_view octets) const {
    dkim::message_digest digest;
    digest.feed(octets);
    digest.finish();
    return sign(digest);
}

delivery::domain_signature::fields dkim_signature::sign(const dkim::message_digest& digest) const {
    std::vector<dkim::signer> signers;
    for (const auto& one : keys_)
        signers.push_back({domain_, one.selector, one.key.get()});
    dkim::signing_terms terms;
    terms.signed_at = std::chrono::system_clock::to_time_t(time_.now());
    auto made = dkim::sign(digest, signers, terms);
    if (!made) return {{}, words_of(made.error())};
    return {std::move(*made), {}};
}

dkim::signer dkim_signature::sealing_signer() const {
    const auto rsa = std::ranges::find_if(
        keys_, [](const domain_key& one) { return one.key->type() == dkim::key_type::rsa; });
    const auto& one = rsa == keys_.end() ? keys_.front() : *rsa;
    return {domain_, one.selector, one.key.get()};
}

awaitable<std::shared_ptr<const delivery::domain_signature>> dkim_signer::find(
    std::string author_domain) {
    std::shared_ptr<const delivery::domain_signature> made =
        co_await find_keys(std::move(author_domain));
    co_return made;
}

awaitable<std::shared_ptr<const dkim_signature>> dkim_signer::find_keys(std::string domain) {
    // Keys of a domain that was removed stay, but sign nothing.
    const auto ours = co_await directory_.find_domain(domain);
    if (!ours) co_return nullptr;
    auto keys = co_await keys_.find(domain);
    std::erase_if(keys, [](const domain_key& one) { return one.use != key_use::signing; });
    if (keys.empty()) co_return nullptr;
    co_return std::make_shared<const dkim_signature>(std::move(domain), std::move(keys), time_);
}

}  // namespace hauspost::outbound
