#include "server/outbound/forwarded_author.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/utf8.hpp"
#include "protocols/message/author.hpp"
#include "protocols/message/header.hpp"
#include "protocols/smtp/path.hpp"
#include "server/delivery/routing.hpp"
#include "server/outbound/author_rewrite.hpp"
#include "server/outbound/key_question.hpp"
#include "server/outbound/read_stored.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::outbound {
namespace {

constexpr std::size_t max_rewritten_octets = 256 * 1024;  // of one that is rewritten

/// An address of ours that everybody can write.
standing_author author_for(const storage::mail_address& by) {
    standing_author made;
    const std::string domain(address::domain_of(by));
    auto text = smtp::to_text(delivery::path_of(by));
    const bool is_catch_all = by.front() == '@';
    if (is_catch_all || !utf8::is_ascii(text)) text = "postmaster@" + domain;
    made.address = std::move(text);
    made.via = address::shown(domain);
    return made;
}

leaving_form later(std::string why) {
    leaving_form made;
    made.is = leaving_form::kind::later;
    made.why = std::move(why);
    return made;
}

}  // namespace

storage::mail_address forwarder_of(const storage::queue_item& item) {
    const auto first = std::ranges::find_if(
        item.recipients, [](const auto& one) { return !one.forwarded_by.empty(); });
    return first == item.recipients.end() ? storage::mail_address() : first->forwarded_by;
}

bool forwarded_author::may_wait(const storage::queue_item& item) const {
    return std::chrono::system_clock::to_time_t(time_.now()) <
           item.created_at + std::chrono::seconds(patience).count();
}

awaitable<leaving_form> forwarded_author::find_form(const storage::queue_item& item) {
    leaving_form as_it_is;
    auto by = forwarder_of(item);
    if (by.empty()) co_return as_it_is;
    auto header = co_await read_header(item);
    auto author = header ? message::author_domain(*header) : std::string();
    if (author.empty()) co_return as_it_is;
    const auto policy = co_await look_up(author);
    if (policy.is == dmarc::findings::outcome::failed) {
        if (!may_wait(item)) co_return as_it_is;
        co_return later("the DMARC policy of " + author + " cannot be looked up");
    }
    // Also where it is only being tested: that it is there is for us to see (RFC 9989 4.7, t=).
    if (policy.wanted == dmarc::policy::none) co_return as_it_is;
    auto proving = find_proof(item, author, policy);
    const auto proven = co_await std::move(proving);
    if (proven == proof::found) co_return as_it_is;
    if (proven == proof::unknown && may_wait(item))
        co_return later("the DKIM signatures of " + author + " cannot be verified");
    auto rewriting = rewrite(item, std::move(*header), by);
    auto form = co_await std::move(rewriting);
    if (form.is == leaving_form::kind::rewritten)
        log::info("author queue={} author={} result=rewritten by={}", item.id.value(),
                  log_safe(author), log_safe(by));
    co_return form;
}

/// The fields of the stored message; nullopt: there are too many.
awaitable<std::optional<std::string>> forwarded_author::read_header(
    const storage::queue_item& item) {
    stored_message source(blobs_, item.blob, {});
    std::string octets;
    for (;;) {
        const auto piece = co_await source.next();
        if (!piece || piece->empty()) co_return std::nullopt;
        octets += *piece;
        const auto end = octets.find("\r\n\r\n");
        if (end != std::string::npos && end <= max_rewritten_octets) {
            octets.resize(end + 2);
            co_return octets;
        }
        if (octets.size() > max_rewritten_octets) co_return std::nullopt;
    }
}

awaitable<dmarc::findings> forwarded_author::look_up(std::string domain) {
    std::vector<dmarc::txt_answer> answers;
    for (const auto& name : dmarc::domains_to_ask(domain)) {
        auto question = dmarc::question_name(name);
        auto found = co_await resolver_.find_txt(std::move(question));
        dmarc::txt_answer one;
        one.has_failed = dns::is_temporary(found.what);
        one.texts = std::move(found.records);
        answers.push_back(std::move(one));
    }
    co_return dmarc::find_policy(domain, answers);
}

/// Whether a signature of the author's fits what leaves.
awaitable<forwarded_author::proof> forwarded_author::find_proof(const storage::queue_item& item,
                                                                std::string author,
                                                                dmarc::findings policy) {
    dkim::verifier verifier(std::chrono::system_clock::to_time_t(time_.now()));
    stored_message source(blobs_, item.blob, item.prefix);
    if (!co_await read_all(source, workers_, verifier)) co_return proof::unknown;
    auto best = proof::none;
    for (std::size_t n = 0; n < verifier.signatures().size(); ++n) {
        const auto& one = verifier.signatures()[n];
        if (one.known) continue;  // it can be no pass any more
        auto comparing = is_aligned(author, policy, one.signature->domain);
        const auto aligned = co_await std::move(comparing);
        if (aligned == proof::none) continue;
        auto question = one.key_question();
        const auto key = co_await find_key(resolver_, std::move(question));
        auto check = [&verifier, &key, n] { return verifier.check(n, key); };
        const auto verdict = co_await workers_.run(std::move(check));
        const bool is_right = verdict && verdict->is == dkim::verdict::pass;
        if (is_right && aligned == proof::found) co_return proof::found;
        if (is_right || !verdict || verdict->is == dkim::verdict::temperror) best = proof::unknown;
    }
    co_return best;
}

awaitable<forwarded_author::proof> forwarded_author::is_aligned(std::string author,
                                                                dmarc::findings policy,
                                                                std::string identifier) {
    switch (dmarc::compare(author, identifier, policy.dkim)) {
    case dmarc::comparison::aligned: co_return proof::found;
    case dmarc::comparison::not_aligned: co_return proof::none;
    case dmarc::comparison::needs_walk: break;
    }
    const auto other = co_await look_up(std::move(identifier));
    if (policy.organization.empty() || other.organization.empty()) co_return proof::unknown;
    co_return other.organization == policy.organization ? proof::found : proof::none;
}

/// In the name of who sends it on, with signatures of his domain where it has keys.
awaitable<leaving_form> forwarded_author::rewrite(const storage::queue_item& item,
                                                  std::string header,
                                                  storage::mail_address by) {
    leaving_form made;
    const auto written = with_standing_author(header, author_for(by));
    if (!written) co_return made;
    std::string domain(address::domain_of(by));
    const auto keys = co_await signer_.find_keys(std::move(domain));
    std::string signatures;
    if (keys) {
        dkim::message_digest digest;
        stored_message source(blobs_, item.blob, *written, header.size());
        if (!co_await read_all(source, workers_, digest))
            co_return later("it cannot be signed now");
        auto sign = [&keys, &digest] { return keys->sign(digest); };
        const auto fields = co_await workers_.run(std::move(sign));
        if (!fields) co_return later("it cannot be signed now");
        signatures = fields->text;
    }
    made.is = leaving_form::kind::rewritten;
    made.front = item.prefix + signatures + *written;
    made.skip = header.size();
    co_return made;
}

}  // namespace hauspost::outbound
