#include "server/auth/authenticator.hpp"

#include "base/log.hpp"
#include "base/octets.hpp"
#include "base/random.hpp"
#include "protocols/message/canonical_name.hpp"

#include <utility>
#include <variant>

namespace hauspost::auth {
namespace {

/// What no stored hash was made of is not worth a hash; the answer is the same for every user.
bool may_be_a_password(const secret& password) {
    const auto text = password.reveal();
    return !text.empty() && text.size() <= max_password_octets &&
           text.find('\0') == std::string_view::npos;
}

}  // namespace

authenticator::authenticator(storage::directory_store& directory, authenticator_settings settings)
    : directory_(directory),
      settings_(std::move(settings)),
      dummy_hash_(hash_password(random::octets(16), settings_.argon2)),
      lockout_(settings_.lockout),
      cache_(settings_.cache_age, settings_.cache_entries),
      pool_("hauspost-crypto", settings_.hash_threads, settings_.max_waiting) {}

awaitable<result<sasl::identity>> authenticator::check(std::string user,
                                                       secret password,
                                                       std::string peer) {
    const auto network = network_of(peer);
    auto name = message::canonical_name(user);
    const auto who = describe(name.value_or(user), password, network);
    if (!lockout_.may_try(who, settings_.now())) co_return fail(sasl::errc::throttled);
    if (!name || !may_be_a_password(password)) {
        note_wrong(who, network);
        co_return fail(sasl::errc::wrong);
    }
    const auto entry = co_await directory_.find_address(*name);
    const auto* account = std::get_if<storage::account>(&entry);
    const bool has_password = account != nullptr && !account->password_hash.empty();
    auto phc = has_password ? account->password_hash : dummy_hash_;
    std::string id;
    if (account != nullptr) append_be(id, account->id.value());
    const auto login = digest_of_({"login", id, *name, phc, password.reveal()});
    auto comparison = compare(std::move(phc), std::move(password), login, has_password);
    switch (co_await std::move(comparison)) {
    case verdict::busy: co_return fail(sasl::errc::busy);
    case verdict::wrong: note_wrong(who, network); co_return fail(sasl::errc::wrong);
    case verdict::right: break;
    }
    lockout_.right(who);
    if (!account->active) co_return fail(sasl::errc::disabled);
    co_return sasl::identity(account->id, account->name);
}

awaitable<authenticator::verdict> authenticator::compare(std::string phc,
                                                         secret password,
                                                         digest login,
                                                         bool may_succeed) {
    if (cache_.contains(login, settings_.now())) co_return verdict::right;
    auto work = [this, &phc, &password, &login, may_succeed]() -> bool {
        // Another connection of the same client may have been quicker.
        if (cache_.contains(login, settings_.now())) return true;
        ++hashes_;
        const bool equal = verify_password(phc, password.reveal()) && may_succeed;
        if (equal) cache_.insert(login, settings_.now());
        return equal;
    };
    const auto equal = co_await pool_.run(std::move(work));
    if (!equal) co_return verdict::busy;
    co_return *equal ? verdict::right : verdict::wrong;
}

awaitable<std::optional<std::string>> authenticator::hash(secret password) {
    auto work = [this, &password] {
        ++hashes_;
        return hash_password(password.reveal(), settings_.argon2);
    };
    co_return co_await pool_.run(std::move(work));
}

attempt authenticator::describe(std::string_view name,
                                const secret& password,
                                const std::string& network) const {
    return {digest_of_({"network", network}), digest_of_({"account", name}),
            digest_of_({"pair", network, name}), digest_of_({"password", name, password.reveal()})};
}

void authenticator::note_wrong(const attempt& who, const std::string& network) {
    switch (lockout_.wrong(who, settings_.now())) {
    case new_ban::none: break;
    case new_ban::network:
        spdlog::warn("ban network={} reason=wrong_passwords seconds={}", log_safe(network),
                     settings_.lockout.ban.count());
        break;
    case new_ban::account:
        spdlog::warn("ban scope=account reason=wrong_passwords last_network={} seconds={}",
                     log_safe(network), settings_.lockout.ban.count());
        break;
    }
}

}  // namespace hauspost::auth
