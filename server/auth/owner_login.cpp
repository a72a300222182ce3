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
    const auto row = co_await owners_.find_owner();
    auto phc = row.password_hash;
    const auto fits = co_await hashes_.verify_owner(std::move(phc), std::move(password));
    if (!fits) {
        throttle_.take_back(who.networks);
        co_return verdict(kind::busy);
    }
    if (!*fits) co_return note_wrong(who, kind::wrong, peer);
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
    case storage::sign_in_end::changed_meanwhile: co_return note_wrong(who, kind::wrong, peer);
    }
    note_right(who);
    log::info("owner_sign_in result=right network={} factor={}", log_safe(peer),
              is_recovery      ? "recovery_code"
              : row.is_totp_on ? "code"
                               : "none");
    co_return verdict(kind::right);
}

awaitable<owner_verdict> owner_login::check_password(secret password, std::string peer) {
    const auto who = describe(password, secret(), peer);
    if (auto refused = refuse_for_now(who)) co_return *refused;
    auto row = co_await owners_.find_owner();
    const auto fits =
        co_await hashes_.verify_owner(std::move(row.password_hash), std::move(password));
    if (fits && !*fits) co_return note_wrong(who, kind::wrong, peer);
    if (fits)
        note_right(who);
    else
        throttle_.take_back(who.networks);
    co_return verdict(fits ? kind::right : kind::busy);
}

attempt owner_login::describe(const secret& password,
                              const secret& code,
                              const std::string& peer) const {
    attempt who;
    const auto networks = networks_of(peer);
    for (const auto& network : networks)
        who.networks.push_back(digest_of_({"network", network}));
    who.account = digest_of_({"owner"});
    who.pair = digest_of_({"pair", networks.front()});
    who.password = digest_of_({"password", password.reveal(), code.reveal()});
    return who;
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
    const auto banned = lockout_.wrong(who, settings_.now());
    log::warn("owner_sign_in result={} network={} tries_left={}",
              of == kind::wrong        ? "wrong_password"
              : of == kind::wrong_code ? "wrong_code"
                                       : "used_code",
              log_safe(peer), made.tries_left);
    if (banned.of != new_ban::scope::none)
        log::warn("ban scope=owner network={} reason=wrong_passwords seconds={}", log_safe(peer),
                  settings_.lockout.ban.count());
    return made;
}

void owner_login::note_right(const attempt& who) {
    throttle_.right(who.networks);
    lockout_.right(who);
}

}  // namespace hauspost::auth
