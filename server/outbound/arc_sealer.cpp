#include "server/outbound/arc_sealer.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "protocols/arc/seal.hpp"
#include "server/outbound/key_question.hpp"
#include "server/outbound/read_stored.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace hauspost::outbound {
namespace {

/// RFC 8601 2.7.1
std::string_view word_of(dkim::verdict is) {
    switch (is) {
    case dkim::verdict::pass: return "pass";
    case dkim::verdict::fail: return "fail";
    case dkim::verdict::policy: return "policy";
    case dkim::verdict::neutral: return "neutral";
    case dkim::verdict::temperror: return "temperror";
    case dkim::verdict::permerror: break;
    }
    return "permerror";
}

/// Both kinds of signatures in one pass.
struct both_verifiers {
    explicit both_verifiers(std::int64_t now) : signatures(now) {}
    void feed(std::string_view octets) {
        signatures.feed(octets);
        chain.feed(octets);
    }
    void finish() {
        signatures.finish();
        chain.finish();
    }
    dkim::verifier signatures;
    arc::verifier chain;
};

}  // namespace

/// A message as it came.
struct arc_sealer::checked {
    explicit checked(std::int64_t now) : is(now) {}
    both_verifiers is;
    std::string results;
};

awaitable<void> arc_sealer::seal(const storage::queue_item& item, leaving_form& form) {
    const auto by = forwarder_of(item);
    if (by.empty()) co_return;
    std::string domain(address::domain_of(by));
    const auto keys = co_await signer_.find_keys(std::move(domain));
    if (!keys) co_return;
    checked came(std::chrono::system_clock::to_time_t(time_.now()));
    if (!co_await check(item, came)) co_return;
    const bool is_as_it_is = form.is == leaving_form::kind::as_it_is;
    const auto front = is_as_it_is ? item.prefix : form.front;
    const auto skip = is_as_it_is ? 0 : form.skip;
    dkim::message_digest digest;
    stored_message source(blobs_, item.blob, front, skip);
    if (!co_await read_all(source, workers_, digest)) co_return;
    arc::sealing_terms terms;
    terms.who = keys->sealing_signer();
    terms.results = hostname_ + "; " + came.results;
    terms.signed_at = std::chrono::system_clock::to_time_t(time_.now());
    auto make = [&] { return arc::seal_message(digest, came.is.chain.sets(), terms); };
    const auto made = co_await workers_.run(std::move(make));
    if (!made || !*made) co_return;
    form.is = leaving_form::kind::rewritten;
    form.front = **made + front;
    form.skip = skip;
    log::info("arc queue={} by={} instance={}", item.id.value(), log_safe(by),
              came.is.chain.sets().size() + 1);
}

/// False: it cannot be read now, or there is a chain that no set may follow.
awaitable<bool> arc_sealer::check(const storage::queue_item& item, checked& into) {
    stored_message source(blobs_, item.blob, {});
    if (!co_await read_all(source, workers_, into.is)) co_return false;
    arc::key_answers keys;
    for (const auto& name : into.is.chain.key_questions()) {
        auto question = name;
        auto found = co_await find_key(resolver_, std::move(question));
        // Somebody else's DNS is no reason to wait for each of its answers.
        if (found.is == dkim::key_answer::kind::failed) co_return false;
        keys.emplace(name, std::move(found));
    }
    auto judge = [&into, &keys] { return into.is.chain.check(keys); };
    const auto chain = co_await workers_.run(std::move(judge));
    if (!chain || (*chain != arc::validation::none && *chain != arc::validation::pass))
        co_return false;
    into.results = co_await results_of(into.is.signatures);
    into.results += *chain == arc::validation::none ? "; arc=none" : "; arc=pass";
    co_return true;
}

/// RFC 8601 2.2, 2.7.1
awaitable<std::string> arc_sealer::results_of(const dkim::verifier& verifier) {
    std::string text;
    bool is_answered = true;  // else nothing more is asked, as above
    for (std::size_t n = 0; n < verifier.signatures().size(); ++n) {
        const auto& one = verifier.signatures()[n];
        if (!one.signature) continue;
        dkim::key_answer key;
        if (!one.known && is_answered) {
            auto question = one.key_question();
            key = co_await find_key(resolver_, std::move(question));
            is_answered = key.is != dkim::key_answer::kind::failed;
        }
        auto check = [&verifier, &key, n] { return verifier.check(n, key); };
        const auto verdict = co_await workers_.run(std::move(check));
        text += text.empty() ? "" : "; ";
        text += "dkim=";
        text += word_of(verdict ? verdict->is : dkim::verdict::temperror);
        text += " header.d=" + one.signature->domain + " header.s=" + one.signature->selector;
    }
    co_return text.empty() ? std::string("dkim=none") : text;
}

}  // namespace hauspost::outbound
