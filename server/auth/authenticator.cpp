#include "server/auth/authenticator.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "base/octets.hpp"
#include "protocols/message/opaque_string.hpp"
#include "server/auth/password_strength.hpp"

#include <algorithm>
#include <thread>
#include <utility>
#include <variant>

namespace hauspost::auth {
namespace {

authenticator_settings with_threads(authenticator_settings settings) {
    if (settings.hash_threads == 0)
        settings.hash_threads = std::max(1u, std::thread::hardware_concurrency());
    return settings;
}

// A verdict never changes as long as the stored hash stays; this only lets entries go.
constexpr std::chrono::hours wrong_age{24};
constexpr int max_looks = 3;  // at an account that changes again and again
constexpr std::size_t accounts_at_once = 100;
constexpr std::size_t owners_at_once = 2;

/// Room in the queue that only known pairs may take.
std::size_t kept_places(const authenticator_settings& settings) {
    return std::max<std::size_t>(1, settings.max_waiting / 4);
}

/// Some type a password where the name belongs; a word alone is therefore written down nowhere.
bool is_whole_address(const std::optional<std::string>& name) {
    return name && name->find('@') != std::string::npos;
}

/// As it is compared (RFC 8265 4.2). What no stored hash was made of is not worth a hash; the
/// answer is the same for every user. The typed form may be longer than the one that counts.
std::optional<secret> normal_form(const secret& password) {
    const auto text = password.reveal();
    if (text.size() > 4 * max_password_octets) return std::nullopt;
    auto form = message::opaque_string(text);
    if (!form) return std::nullopt;
    secret normal(std::move(*form));
    const auto octets = normal.reveal();
    if (octets.empty() || octets.size() > max_password_octets ||
        octets.find('\0') != std::string_view::npos)
        return std::nullopt;
    return normal;
}

}  // namespace

/// One attempt on its way to the verdict.
struct authenticator::login {
    std::string name;
    secret password;
    attempt who;
    std::vector<std::string> networks;
    digest key{};         // of name, account, stored hash and password
    std::string renewed;  // a hash of the same password at the configured cost, when it needs one
};

/// A place in the queue that one without a known pair takes.
class authenticator::stranger {
public:
    stranger(std::atomic<std::size_t>& all, std::size_t most) : all_(all) {
        has_place_ = all_.fetch_add(1) < most;
    }
    ~stranger() { --all_; }
    stranger(const stranger&) = delete;
    stranger& operator=(const stranger&) = delete;
    [[nodiscard]] bool has_place() const noexcept { return has_place_; }

private:
    std::atomic<std::size_t>& all_;
    bool has_place_;
};

authenticator::authenticator(storage::directory_store& directory,
                             authenticator_settings settings,
                             ban_book* bans)
    : directory_(directory),
      settings_(with_threads(std::move(settings))),
      bans_(bans),
      dummy_(settings_.argon2),
      lockout_(settings_.lockout),
      right_(settings_.cache_age, settings_.cache_entries),
      wrong_(wrong_age, settings_.cache_entries),
      pool_("hauspost-crypto", settings_.hash_threads, settings_.max_waiting) {}

awaitable<result<sasl::identity>> authenticator::check(std::string user,
                                                       secret password,
                                                       std::string peer,
                                                       function_ref<void(account_id)> listen) {
    const auto name = address::canonical(user);
    auto normal = normal_form(password);
    const bool is_possible = name && normal;
    auto who = describe(name.value_or(user), is_whole_address(name),
                        normal ? std::move(*normal) : std::move(password), peer);
    if (!lockout_.may_try(who.who, settings_.now())) co_return fail(sasl::errc::throttled);
    if (!is_possible) {
        note_wrong(who);
        co_return fail(sasl::errc::wrong);
    }
    for (int look = 0; look < max_looks; ++look) {
        const auto entry = co_await directory_.find_address(who.name);
        std::optional<storage::account> account;
        if (const auto* there = std::get_if<storage::account>(&entry)) account = *there;
        const auto found = co_await compare(who, account);
        if (found == verdict::busy) co_return fail(sasl::errc::busy);
        if (found == verdict::throttled) co_return fail(sasl::errc::throttled);
        if (found == verdict::wrong || !account) co_return fail(sasl::errc::wrong);
        if (!who.renewed.empty()) co_await renew(who, account->id, account->password_hash);
        // The hash took its time, in which the account may have changed; what changes from now on
        // the caller hears.
        listen(account->id);
        const auto now = co_await directory_.find_account(account->id);
        if (!now) co_return fail(sasl::errc::wrong);
        if (now->password_hash != account->password_hash || now->name != account->name) continue;
        if (!now->active) co_return fail(sasl::errc::disabled);
        co_return sasl::identity(now->id, now->name);
    }
    co_return fail(sasl::errc::busy);
}

/// account  none: as for one without a password
awaitable<authenticator::verdict> authenticator::compare(
    login& who, const std::optional<storage::account>& account) {
    std::string phc, id;
    if (account) append_be(id, account->id.value());
    if (account) phc = account->password_hash;
    who.key = digest_of_({"login", id, who.name, phc, who.password.reveal()});
    who.renewed.clear();
    const bool is_right = right_.contains(who.key, settings_.now());
    if (is_right) {
        lockout_.right(who.who);
        co_return verdict::right;
    }
    if (wrong_.contains(who.key, settings_.now())) {
        note_wrong(who);
        co_return verdict::wrong;
    }
    const auto places = settings_.max_waiting + settings_.hash_threads - kept_places(settings_);
    std::optional<stranger> place;
    if (!lockout_.is_known(who.who)) place.emplace(strangers_, places);
    if (place && !place->has_place()) co_return verdict::busy;
    auto work = [this, &who, &phc] { return compare_here(who, phc, !phc.empty()); };
    const auto done = co_await pool_.run(std::move(work));
    co_return done.value_or(verdict::busy);
}

/// On a crypto thread.
authenticator::verdict authenticator::compare_here(login& who,
                                                   const std::string& phc,
                                                   bool may_succeed) {
    // Another connection of the same client may have been quicker.
    const auto now = settings_.now();
    if (right_.contains(who.key, now)) return verdict::right;
    if (wrong_.contains(who.key, now)) return verdict::wrong;
    const auto place = lockout_.reserve(who.who, now);
    if (!place) return verdict::throttled;
    // Two that were hashed at the same time may have been the same.
    if (wrong_.contains(who.key, now)) return verdict::wrong;
    ++hashes_;
    const auto against = may_succeed ? phc : dummy_.get();
    const bool is_equal = verify_password(against, who.password.reveal()) && may_succeed;
    if (!is_equal) {
        wrong_.insert(who.key, settings_.now());
        note_wrong(who);
        return verdict::wrong;
    }
    right_.insert(who.key, settings_.now());
    lockout_.right(who.who);
    if (needs_rehash(phc, settings_.argon2)) {
        ++hashes_;
        who.renewed = hash_password(who.password.reveal(), settings_.argon2);
    }
    return verdict::right;
}

/// phc  the stored hash that the password fits; becomes the new one
awaitable<void> authenticator::renew(login& who, account_id account, std::string& phc) {
    auto old = phc;
    auto fresh = who.renewed;
    const auto done =
        co_await directory_.renew_password_hash(account, std::move(old), std::move(fresh));
    if (!done) {
        // The login is right all the same; the next one tries again.
        log::warn("rehash user={} result=refused reason=\"{}\"", log_safe(who.name),
                  done.error().message());
        co_return;
    }
    if (!*done) co_return;  // another password was set meanwhile, or the hash made anew
    dummy_.move(phc, who.renewed);
    phc = who.renewed;
    std::string id;
    append_be(id, account.value());
    right_.insert(digest_of_({"login", id, who.name, phc, who.password.reveal()}), settings_.now());
}

awaitable<void> authenticator::learn_costs() {
    std::string after;
    for (;;) {
        auto from = after;
        const auto page = co_await directory_.list_accounts(std::move(from), accounts_at_once);
        for (const auto& one : page)
            dummy_.add(one.password_hash);
        if (page.size() < accounts_at_once) break;
        after = page.back().name;
    }
    auto work = [this] { return !dummy_.get().empty(); };
    co_await pool_.run(std::move(work));  // when it is refused, the first unknown user waits for it
}

awaitable<std::optional<std::string>> authenticator::hash(secret password) {
    auto normal = normal_form(password);
    const secret form = normal ? std::move(*normal) : std::move(password);
    auto work = [this, &form] {
        ++hashes_;
        return hash_password(form.reveal(), settings_.argon2);
    };
    co_return co_await pool_.run(std::move(work));
}

awaitable<std::optional<owner_match>> authenticator::verify_owner(std::string phc,
                                                                  secret password) {
    auto normal = normal_form(password);
    const bool may_fit = normal.has_value() && !phc.empty();
    const secret form = normal ? std::move(*normal) : secret();
    const stranger place(owners_, owners_at_once);
    if (!place.has_place()) co_return std::nullopt;
    auto work = [this, &phc, &form, may_fit] {
        ++hashes_;
        owner_match found;
        found.fits = verify_password(may_fit ? phc : dummy_.get(), form.reveal()) && may_fit;
        if (found.fits && needs_rehash(phc, settings_.argon2)) {
            ++hashes_;
            found.renewed = hash_password(form.reveal(), settings_.argon2);
        }
        return found;
    };
    co_return co_await pool_.run(std::move(work));
}

awaitable<std::optional<std::uint32_t>> authenticator::score(secret password) {
    auto work = [&password] {
        auto form = message::opaque_string(password.reveal().substr(0, max_password_octets));
        const secret normal = form ? secret(std::move(*form)) : password;
        return measure(normal.reveal()).score;
    };
    co_return co_await pool_.run(std::move(work));
}

awaitable<std::optional<std::vector<password_fault>>> authenticator::judge(secret password,
                                                                           std::string address,
                                                                           password_rules rules) {
    auto work = [&password, &address, &rules] {
        auto form = message::opaque_string(password.reveal());
        const secret normal = form ? secret(std::move(*form)) : password;
        return find_faults(normal.reveal(), address, rules);
    };
    co_return co_await pool_.run(std::move(work));
}

authenticator::login authenticator::describe(std::string_view name,
                                             bool is_address,
                                             secret password,
                                             const std::string& peer) {
    login made;
    made.name = name;
    made.networks = networks_of(peer);
    for (const auto& network : made.networks)
        made.who.networks.push_back(digest_of_network(network));
    made.who.account = digest_of_account(name);
    made.who.pair = digest_of_pair(made.networks.front(), name);
    made.who.password = digest_of_({"password", name, password.reveal()});
    if (is_address) made.who.name = name;
    made.who.is_exempt = is_exempt(peer);
    made.password = std::move(password);
    return made;
}

void authenticator::exempt(network_list networks) {
    auto fresh = std::make_shared<const network_list>(std::move(networks));
    const std::lock_guard lock(exempt_mutex_);
    exempt_.swap(fresh);
}

bool authenticator::is_exempt(const std::string& peer) const {
    std::shared_ptr<const network_list> now;
    {
        const std::lock_guard lock(exempt_mutex_);
        now = exempt_;
    }
    return now && now->contains(peer);
}

digest authenticator::digest_of_network(std::string_view network) const {
    return digest_of_({"network", network});
}

digest authenticator::digest_of_account(std::string_view name) const {
    return digest_of_({"account", name});
}

digest authenticator::digest_of_pair(std::string_view network, std::string_view name) const {
    return digest_of_({"pair", network, name});
}

void authenticator::take_up(const known_ban& ban) {
    using scope = new_ban::scope;
    const auto& name = ban.row.name;
    const auto until = settings_.now() + ban.left;
    switch (name.of) {
    case storage::ban_kind::network:
        lockout_.shut(scope::network, digest_of_network(name.network), until, ban.row.times);
        break;
    case storage::ban_kind::account:
        lockout_.shut(scope::account, digest_of_account(name.account), until, ban.row.times);
        break;
    case storage::ban_kind::pair:
        lockout_.shut(scope::pair, digest_of_pair(name.network, name.account), until,
                      ban.row.times);
        break;
    case storage::ban_kind::ordered:
        lockout_.shut_out(digest_of_network(name.network), until);
        break;
    default: break;  // of the owner's page
    }
}

void authenticator::lift(const storage::ban_name& name) {
    using scope = new_ban::scope;
    switch (name.of) {
    case storage::ban_kind::network:
        lockout_.lift(scope::network, digest_of_network(name.network));
        break;
    case storage::ban_kind::account:
        lockout_.lift(scope::account, digest_of_account(name.account));
        break;
    case storage::ban_kind::pair:
        lockout_.lift(scope::pair, digest_of_pair(name.network, name.account));
        break;
    case storage::ban_kind::ordered: lockout_.let_in(digest_of_network(name.network)); break;
    default: break;
    }
}

void authenticator::know(std::string_view network, std::string_view account) {
    lockout_.know(digest_of_pair(network, account));
}

void authenticator::note_wrong(const login& who) {
    for (const auto& made : lockout_.wrong(who.who, settings_.now()))
        note_ban(who, made);
}

void authenticator::note_ban(const login& who, const new_ban& made) {
    const auto lasts = settings_.lockout.ban;
    const auto& network = who.networks[made.network];
    storage::ban_name name;
    switch (made.of) {
    case new_ban::scope::network:
        log::warn("ban scope=network network={} reason=wrong_passwords seconds={}",
                  log_safe(network), lasts.count());
        name = {storage::ban_kind::network, network, ""};
        break;
    case new_ban::scope::account:
        log::warn("ban scope=account user={} last_network={} reason=wrong_passwords seconds={}",
                  log_safe(who.name), log_safe(network), lasts.count());
        name = {storage::ban_kind::account, "", who.who.name};
        break;
    case new_ban::scope::pair:
        log::warn("ban scope=pair user={} network={} reason=wrong_passwords seconds={}",
                  log_safe(who.name), log_safe(network), lasts.count());
        name = {storage::ban_kind::pair, network, who.who.name};
        break;
    }
    // What is no address is nobody's account; it may be anything, a password too.
    const bool is_named = made.of == new_ban::scope::network || !who.who.name.empty();
    if (bans_ != nullptr && is_named) bans_->note(std::move(name), made, lasts);
}

}  // namespace hauspost::auth
