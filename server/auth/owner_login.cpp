#include "server/auth/owner_login.hpp"

#include "base/log.hpp"
#include "base/recovery_code.hpp"
#include "server/auth/totp.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace hauspost::auth {
namespace {

using kind = owner_verdict::kind;

/// Of the owner's row, when it changes while a password is hashed.
constexpr int owner_looks = 2;

owner_verdict verdict(kind of) {
    owner_verdict made;
    made.of = of;
    return made;
}

std::int64_t unix_seconds(const clock& time) {
    return std::chrono::system_clock::to_time_t(time.now());
}

/// What the code proves. False: nothing.
bool find_factor(const storage::owner& row,
                 const secret& code,
                 std::int64_t now,
                 storage::owner_proof& proof) {
    if (const auto step = totp::find_step(row.totp_key.reveal(), code.reveal(), now)) {
        proof.totp_step = *step;
        return true;
    }
    proof.recovery_code = recovery_code::digest(code.reveal());
    return proof.recovery_code.has_value() &&
           std::find(row.recovery_codes.begin(), row.recovery_codes.end(), *proof.recovery_code) !=
               row.recovery_codes.end();
}

}  // namespace

owner_login::owner_login(storage::owner_store& owners,
                         authenticator& hashes,
                         const clock& time,
                         settings config)
    : owners_(owners),
      hashes_(hashes),
      time_(time),
      settings_(std::move(config)),
      lockout_(settings_.lockout) {}

awaitable<owner_verdict> owner_login::sign_in(secret password,
                                              secret code,
                                              storage::web_session opened,
                                              storage::session_limits limits) {
    const auto peer = opened.address;
    const auto who = describe(password, code, peer);
    if (auto refused = refuse_for_now(who)) co_return *refused;
    for (int look = 1;; ++look) {
        auto tried = password;
        auto session = opened;
        const auto seen =
            co_await look_once(who, std::move(tried), code, std::move(session), limits);
        // Another sign-in may have renewed the hash while this one was looked at.
        if (seen) co_return *seen;
        if (look == owner_looks) co_return note_wrong(who, kind::wrong, peer);
    }
}

awaitable<std::optional<owner_verdict>> owner_login::look_once(const attempt& who,
                                                               secret password,
                                                               const secret& code,
                                                               storage::web_session opened,
                                                               storage::session_limits limits) {
    const auto peer = opened.address;
    const auto row = co_await owners_.find_owner();
    auto phc = row.password_hash;
    const auto match = co_await hashes_.verify_owner(std::move(phc), std::move(password));
    if (!match) {
        throttle_.take_back(who.networks);
        co_return verdict(kind::busy);
    }
    if (!match->fits) co_return note_wrong(who, kind::wrong, peer);
    storage::owner_proof proof;
    proof.password_hash = row.password_hash;
    if (row.is_totp_on) {
        if (code.empty()) {
            throttle_.take_back(who.networks);
            co_return verdict(kind::code_wanted);
        }
        if (!find_factor(row, code, unix_seconds(time_), proof))
            co_return note_wrong(who, kind::wrong_code, peer);
    }
    const bool is_recovery = proof.recovery_code.has_value();
    const auto end = co_await owners_.sign_in(std::move(proof), std::move(opened), limits);
    if (!end) {
        throttle_.take_back(who.networks);
        auto unsaved = verdict(kind::unsaved);
        unsaved.failed = end.error();
        co_return unsaved;
    }
    switch (*end) {
    case storage::sign_in_end::opened: break;
    case storage::sign_in_end::code_used: co_return note_wrong(who, kind::used_code, peer);
    case storage::sign_in_end::changed_meanwhile: co_return std::nullopt;
    }
    note_right(who, peer);
    if (!match->renewed.empty()) co_await renew(row.password_hash, match->renewed);
    log::info("owner_sign_in result=right network={} factor={}", log_safe(peer),
              is_recovery      ? "recovery_code"
              : row.is_totp_on ? "code"
                               : "none");
    co_return verdict(kind::right);
}

/// The password is right whatever comes of it: the next sign-in tries again.
awaitable<void> owner_login::renew(std::string old_hash, std::string fresh) {
    const auto done = co_await owners_.renew_password_hash(std::move(old_hash), std::move(fresh));
    if (!done) log::warn("rehash user=owner result=refused reason=\"{}\"", done.error().message());
}

awaitable<owner_verdict> owner_login::check_password(secret password, std::string peer) {
    const auto who = describe(password, secret(), peer);
    if (auto refused = refuse_for_now(who)) co_return *refused;
    auto row = co_await owners_.find_owner();
    const auto match =
        co_await hashes_.verify_owner(std::move(row.password_hash), std::move(password));
    if (match && !match->fits) co_return note_wrong(who, kind::wrong, peer);
    if (match)
        note_right(who, peer);
    else
        throttle_.take_back(who.networks);
    co_return verdict(match ? kind::right : kind::busy);
}

digest owner_login::digest_of_network(std::string_view network) const {
    return digest_of_({"network", network});
}

digest owner_login::digest_of_pair(std::string_view network) const {
    return digest_of_({"pair", network});
}

digest owner_login::digest_of_owner() const {
    return digest_of_({"owner"});
}

attempt owner_login::describe(const secret& password,
                              const secret& code,
                              const std::string& peer) const {
    attempt who;
    const auto networks = networks_of(peer);
    for (const auto& network : networks)
        who.networks.push_back(digest_of_network(network));
    who.account = digest_of_owner();
    who.pair = digest_of_pair(networks.front());
    who.password = digest_of_({"password", password.reveal(), code.reveal()});
    return who;
}

void owner_login::take_up(const known_ban& ban) {
    using scope = new_ban::scope;
    const auto& network = ban.row.name.network;
    const auto until = settings_.now() + ban.left;
    switch (ban.row.name.of) {
    case storage::ban_kind::owner_network:
        lockout_.shut(scope::network, digest_of_network(network), until, ban.row.times);
        break;
    case storage::ban_kind::owner_account:
        lockout_.shut(scope::account, digest_of_owner(), until, ban.row.times);
        break;
    case storage::ban_kind::owner_pair:
        lockout_.shut(scope::pair, digest_of_pair(network), until, ban.row.times);
        break;
    case storage::ban_kind::owner_pause:
        throttle_.take_up(digest_of_network(network), ban.row.passwords, until);
        break;
    default: break;  // of mail
    }
}

void owner_login::take_up(const std::vector<storage::web_session>& sessions) {
    for (const auto& one : sessions)
        if (!one.is_setup) lockout_.know(digest_of_pair(networks_of(one.address).front()));
}

void owner_login::lift(const storage::ban_name& name) {
    using scope = new_ban::scope;
    switch (name.of) {
    case storage::ban_kind::owner_network:
        lockout_.lift(scope::network, digest_of_network(name.network));
        break;
    case storage::ban_kind::owner_account: lockout_.lift(scope::account, digest_of_owner()); break;
    case storage::ban_kind::owner_pair:
        lockout_.lift(scope::pair, digest_of_pair(name.network));
        break;
    case storage::ban_kind::owner_pause: throttle_.lift(digest_of_network(name.network)); break;
    default: break;
    }
}

std::optional<owner_verdict> owner_login::refuse_for_now(const attempt& who) {
    const auto now = settings_.now();
    auto refused = verdict(kind::wait);
    if (!lockout_.may_try(who, now)) {
        refused.pause = settings_.lockout.ban;
        return refused;
    }
    refused.pause = throttle_.begin(who.networks, now);
    if (refused.pause.count() > 0) return refused;
    return std::nullopt;
}

owner_verdict owner_login::note_wrong(const attempt& who, kind of, const std::string& peer) {
    auto made = verdict(of);
    made.tries_left = throttle_.tries_left(who.networks);
    log::warn("owner_sign_in result={} network={} tries_left={}",
              of == kind::wrong        ? "wrong_password"
              : of == kind::wrong_code ? "wrong_code"
                                       : "used_code",
              log_safe(peer), made.tries_left);
    note_bans(who, peer);
    return made;
}

void owner_login::note_bans(const attempt& who, const std::string& peer) {
    const auto networks = networks_of(peer);
    const auto lasts = settings_.lockout.ban;
    for (const auto& made : lockout_.wrong(who, settings_.now())) {
        log::warn("ban scope=owner network={} reason=wrong_passwords seconds={}", log_safe(peer),
                  lasts.count());
        if (settings_.bans == nullptr) continue;
        const bool is_of_all = made.of == new_ban::scope::account;
        const auto what = is_of_all                            ? storage::ban_kind::owner_account
                          : made.of == new_ban::scope::network ? storage::ban_kind::owner_network
                                                               : storage::ban_kind::owner_pair;
        storage::ban_name name(what, is_of_all ? "" : networks[made.network], "");
        settings_.bans->note(std::move(name), made, lasts);
    }
    if (settings_.bans == nullptr) return;
    for (const auto& one : throttle_.pauses(who.networks, settings_.now())) {
        storage::ban row;
        row.name = {storage::ban_kind::owner_pause, networks[one.network], ""};
        row.passwords = one.tries;
        settings_.bans->note(std::move(row), one.left);
    }
}

void owner_login::note_right(const attempt& who, const std::string& peer) {
    lockout_.right(who);
    if (!throttle_.right(who.networks) || settings_.bans == nullptr) return;
    for (auto& network : networks_of(peer))
        settings_.bans->note_end({storage::ban_kind::owner_pause, std::move(network), ""});
}

}  // namespace hauspost::auth
