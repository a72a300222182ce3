#include "admin/owner.hpp"

#include "admin/audit.hpp"
#include "admin/names.hpp"
#include "base/base32.hpp"
#include "base/random.hpp"
#include "base/recovery_code.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::admin {
namespace {

constexpr std::size_t secret_octets = 32;    // of links and sessions: 256 bits
constexpr std::size_t totp_key_octets = 20;  // RFC 4226 4, R6
constexpr std::size_t shown_id_digits = 16;  // hexadecimal
constexpr std::size_t max_typed_octets = 1024;

std::int64_t seconds_now(const clock& time) {
    return std::chrono::system_clock::to_time_t(time.now());
}

secret new_secret() {
    return secret(to_hex(secret(random::octets(secret_octets)).reveal()));
}

storage::session_limits limits_of(const ports& at) {
    const auto now = seconds_now(at.time);
    storage::session_limits limits;
    limits.made_before = now - at.page.session_longest.count();
    limits.seen_before = now - at.page.session_idle.count();
    return limits;
}

opened_session new_session(const ports& at, const std::string& address, const std::string& agent) {
    opened_session made;
    made.id = new_secret();
    made.row.key = sha256(made.id.reveal());
    made.row.made_at = made.row.seen_at = seconds_now(at.time);
    made.row.address = address;
    made.row.agent = agent;
    return made;
}

/// A link, and the row that knows it.
std::pair<made_setup_link, storage::setup_link> new_link(const ports& at) {
    const auto text = new_secret();
    storage::setup_link row;
    row.digest = sha256(text.reveal());
    row.made_at = seconds_now(at.time);
    row.expires_at = row.made_at + setup_link_seconds;
    made_setup_link made;
    made.url = secret(at.page.origin + "/setup#" + std::string(text.reveal()));
    made.expires_at = row.expires_at;
    made.is_page_off = !at.page.is_on;
    return {std::move(made), row};
}

/// The rules forbid the names of an account in its password; these are the owner's.
std::string owner_address(const ports& at) {
    return "owner@" + at.published.hostname;
}

/// nullopt: all is right.
std::optional<refusal> refusal_of_verdict(const door_verdict& seen) {
    using kind = door_verdict::kind;
    switch (seen.of) {
    case kind::right: return std::nullopt;
    case kind::wrong: return refuse_number(refusal_code::owner_wrong, seen.number);
    case kind::code_wanted: return refuse(refusal_code::code_wanted);
    case kind::wrong_code: return refuse_number(refusal_code::wrong_code, seen.number);
    case kind::used_code: return refuse_number(refusal_code::used_code, seen.number);
    case kind::wait: return refuse_number(refusal_code::owner_wait, seen.number);
    case kind::busy: return refuse(refusal_code::logins_busy);
    case kind::unsaved: break;
    }
    return refusal_of(seen.failed, "owner");
}

/// The owner at his page shows once more that it is he; others need not.
awaitable<std::optional<refusal>> check_present(ports& at, caller who, secret present) {
    if (who.who != storage::audit_actor::owner) co_return std::nullopt;
    const auto seen = co_await at.door.check_password(std::move(present), std::move(who.from));
    co_return refusal_of_verdict(seen);
}

/// Nothing was decided on a row that is another by now.
awaitable<std::optional<refusal>> save(ports& at,
                                       storage::owner row,
                                       std::optional<storage::web_session> opened) {
    if (const auto ec = co_await at.owner.change_owner(std::move(row), std::move(opened)))
        co_return refusal_of(ec, "owner");
    co_return std::nullopt;
}

/// What is wrong with a new password of the owner.
awaitable<std::optional<refusal>> judge(ports& at, std::string present_hash, secret password) {
    secret copy = password;
    auto faults = co_await at.passwords.find_faults(std::move(copy), owner_address(at));
    if (!faults) co_return refuse(refusal_code::logins_busy);
    if (!faults->empty()) {
        auto refused = refuse(refusal_code::password_refused);
        refused.password_faults = std::move(*faults);
        refused.rules = at.passwords.rules();
        co_return refused;
    }
    if (present_hash.empty()) co_return std::nullopt;
    const auto is_present =
        co_await at.door.is_present(std::move(present_hash), std::move(password));
    if (!is_present) co_return refuse(refusal_code::logins_busy);
    if (*is_present) co_return refuse(refusal_code::password_reused);
    co_return std::nullopt;
}

/// An entry for what has been done already.
awaitable<void> note_done(ports& at, storage::audit_entry entry) {
    entry.end = storage::audit_end::done;
    // Refused for want of room in the writer's queue: the session itself stands in a row of its own.
    (void)co_await at.audit.begin(std::move(entry));
}

storage::audit_entry entry_of(storage::audit_actor who,
                              const visitor& from,
                              const std::string& command) {
    caller by;
    by.who = who;
    by.from = from.address;
    return audit_of(by, command, "owner");
}

}  // namespace

awaitable<outcome<made_setup_link>> make_setup_link(ports& at) {
    auto [made, row] = new_link(at);
    const auto ec = co_await at.owner.put_setup_link(row);
    if (ec == storage::errc::not_allowed) co_return refuse(refusal_code::owner_is_set_up);
    if (ec) co_return refusal_of(ec, "owner");
    co_return std::move(made);
}

awaitable<outcome<made_setup_link>> reset_owner(ports& at) {
    auto [made, row] = new_link(at);
    if (const auto ec = co_await at.owner.reset_owner(row)) co_return refusal_of(ec, "owner");
    co_return std::move(made);
}

awaitable<std::optional<made_setup_link>> make_first_setup_link(ports& at) {
    const auto row = co_await at.owner.find_owner();
    if (row.has_password()) co_return std::nullopt;
    const auto waiting = co_await at.owner.find_setup_link();
    if (waiting && waiting->expires_at > seconds_now(at.time)) co_return std::nullopt;
    caller server;
    server.who = storage::audit_actor::server;
    auto entry = audit_of(server, "owner setup-link", "owner");
    auto copy = entry;
    const auto place = co_await at.audit.begin(std::move(copy));
    if (!place) co_return std::nullopt;  // busy: the next start makes one, or the command line
    auto made = co_await make_setup_link(at);
    entry.place = *place;
    entry.end = made ? storage::audit_end::done : storage::audit_end::refused;
    (void)co_await at.audit.complete(std::move(entry));  // else it says that nobody knows
    if (!made) co_return std::nullopt;
    co_return std::move(*made);
}

awaitable<shown_owner> show_owner(ports& at) {
    shown_owner shown;
    const auto row = co_await at.owner.find_owner();
    shown.has_password = row.has_password();
    shown.password_changed_at = row.password_changed_at;
    shown.is_totp_on = row.is_totp_on;
    shown.recovery_codes = row.recovery_codes.size();
    shown.language = row.language;
    shown.sessions = (co_await list_owner_sessions(at)).size();
    const auto link = co_await at.owner.find_setup_link();
    if (link && link->expires_at > seconds_now(at.time)) shown.link_expires_at = link->expires_at;
    co_return shown;
}

awaitable<std::vector<storage::web_session>> list_owner_sessions(ports& at) {
    auto all = co_await at.owner.list_sessions();
    const auto limits = limits_of(at);
    std::erase_if(all, [&limits](const auto& one) { return limits.is_over(one); });
    co_return all;
}

std::string id_of(const storage::web_session& one) {
    return to_hex(octets_of(one.key)).substr(0, shown_id_digits);
}

awaitable<outcome<std::string>> end_owner_session(ports& at, std::string id) {
    const auto all = co_await at.owner.list_sessions();
    const auto found =
        std::find_if(all.begin(), all.end(), [&id](const auto& one) { return id_of(one) == id; });
    if (found == all.end()) co_return refuse(refusal_code::no_such_session, std::move(id));
    const auto ended = co_await at.owner.end_session(found->key);
    if (!ended) co_return refusal_of(ended.error(), id);
    if (!*ended) co_return refuse(refusal_code::no_such_session, std::move(id));
    co_return std::move(id);
}

awaitable<outcome<opened_session>> open_setup(ports& at, secret link_secret, visitor who) {
    const auto digest = sha256(link_secret.reveal().substr(0, max_typed_octets));
    // Before anything is written for a stranger. A digest needs no comparison in constant time: who
    // knows some octets of it knows nothing of the secret.
    const auto waiting = co_await at.owner.find_setup_link();
    if (!waiting || waiting->digest != digest) co_return refuse(refusal_code::no_setup_link);
    auto entry = entry_of(storage::audit_actor::setup, who, "setup open");
    auto copy = entry;
    const auto place = co_await at.audit.begin(std::move(copy));
    if (!place) co_return refusal_of(place.error(), "owner");
    entry.place = *place;
    auto made = new_session(at, who.address, who.agent);
    made.row.is_setup = true;
    const auto ec = co_await at.owner.open_setup(digest, made.row, limits_of(at));
    entry.end = ec ? storage::audit_end::refused : storage::audit_end::done;
    if (ec == storage::errc::not_allowed) entry.reason = "no_setup_link";
    if (ec != storage::errc::unsure) (void)co_await at.audit.complete(std::move(entry));
    if (ec == storage::errc::not_allowed) co_return refuse(refusal_code::no_setup_link);
    if (ec) co_return refusal_of(ec, "owner");
    co_return std::move(made);
}

awaitable<outcome<opened_session>> sign_in(ports& at, owner_credentials given, visitor who) {
    auto made = new_session(at, who.address, who.agent);
    auto row = made.row;
    const auto seen = co_await at.door.sign_in(std::move(given.password), std::move(given.code),
                                               std::move(row), limits_of(at));
    if (auto refused = refusal_of_verdict(seen)) co_return std::move(*refused);
    // Afterwards: tries are strangers' and would fill the log. The session's own row has come with
    // the commit and tells the same, where the server is killed here.
    auto entry = entry_of(storage::audit_actor::owner, who, "session open");
    co_await note_done(at, std::move(entry));
    co_return std::move(made);
}

awaitable<std::optional<storage::web_session>> find_session(ports& at, secret id, bool is_used) {
    if (id.reveal().size() != 2 * secret_octets) co_return std::nullopt;
    const auto key = sha256(id.reveal());
    auto row = co_await at.owner.find_session(key);
    if (!row || limits_of(at).is_over(*row)) co_return std::nullopt;
    const auto now = seconds_now(at.time);
    // Refused where the server is busy: the next request notes it.
    if (is_used && now - row->seen_at >= seen_apart_seconds)
        (void)co_await at.owner.note_seen(key, now);
    co_return row;
}

awaitable<bool> is_session_open(ports& at, sha256_digest key) {
    const auto row = co_await at.owner.find_session(key);
    co_return row && !row->is_setup && !limits_of(at).is_over(*row);
}

awaitable<outcome<bool>> sign_out(ports& at, secret id) {
    const auto ended = co_await at.owner.end_session(sha256(id.reveal()));
    if (!ended) co_return refusal_of(ended.error(), "owner");
    co_return *ended;
}

awaitable<outcome<changed_owner_password>> set_owner_password(ports& at,
                                                              caller who,
                                                              new_owner_password wanted) {
    auto asking = who;
    if (auto refused = co_await check_present(at, std::move(asking), std::move(wanted.present)))
        co_return std::move(*refused);
    auto row = co_await at.owner.find_owner();
    // Who came with the link may make the first password, and change none.
    if (who.who == storage::audit_actor::setup && row.has_password())
        co_return refuse(refusal_code::not_signed_in);
    changed_owner_password done;
    secret password;
    if (wanted.password) {
        password = std::move(*wanted.password);
        secret copy = password;
        auto present_hash = row.password_hash;
        if (auto refused = co_await judge(at, std::move(present_hash), std::move(copy)))
            co_return std::move(*refused);
    } else {
        password = at.passwords.generate(owner_address(at));
        done.generated = password;
    }
    auto hash = co_await at.passwords.hash(std::move(password));
    if (!hash) co_return refuse(refusal_code::logins_busy);
    row.password_hash = std::move(*hash);
    row.password_changed_at = seconds_now(at.time);
    std::optional<storage::web_session> opened;
    if (who.is_browser()) {
        // A new id: whoever knew the one before, which was made for less, is out.
        done.opened = new_session(at, who.from, who.agent);
        opened = done.opened->row;
    }
    if (auto refused = co_await save(at, std::move(row), std::move(opened)))
        co_return std::move(*refused);
    co_return std::move(done);
}

awaitable<outcome<begun_totp>> begin_totp(ports& at) {
    auto row = co_await at.owner.find_owner();
    if (row.is_totp_on) co_return refuse(refusal_code::totp_is_on);
    row.totp_key = secret(random::octets(totp_key_octets));
    row.totp_step = 0;
    begun_totp done;
    done.key = secret(base32::encode(row.totp_key.reveal()));
    done.uri = secret("otpauth://totp/Hauspost:" + at.published.hostname +
                      "?secret=" + std::string(done.key.reveal()) + "&issuer=Hauspost");
    if (auto refused = co_await save(at, std::move(row), std::nullopt))
        co_return std::move(*refused);
    co_return std::move(done);
}

awaitable<outcome<enabled_totp>> enable_totp(ports& at, std::string code) {
    auto row = co_await at.owner.find_owner();
    if (row.is_totp_on) co_return refuse(refusal_code::totp_is_on);
    if (row.totp_key.empty()) co_return refuse(refusal_code::no_totp_begun);
    const auto step = at.door.find_step(row.totp_key, code);
    if (!step) co_return refuse(refusal_code::wrong_code);
    row.is_totp_on = true;
    row.totp_step = *step;  // this code is spent
    row.recovery_codes.clear();
    enabled_totp done;
    while (done.recovery_codes.size() < recovery_code_count) {
        done.recovery_codes.push_back(recovery_code::make());
        row.recovery_codes.push_back(
            recovery_code::digest(done.recovery_codes.back().reveal()).value());
    }
    if (auto refused = co_await save(at, std::move(row), std::nullopt))
        co_return std::move(*refused);
    co_return std::move(done);
}

awaitable<std::optional<refusal>> disable_totp(ports& at, caller who, secret present) {
    if (auto refused = co_await check_present(at, std::move(who), std::move(present)))
        co_return refused;
    auto row = co_await at.owner.find_owner();
    if (!row.is_totp_on) co_return refuse(refusal_code::totp_is_off);
    row.is_totp_on = false;
    row.totp_key = secret();
    row.totp_step = 0;
    row.recovery_codes.clear();
    co_return co_await save(at, std::move(row), std::nullopt);
}

awaitable<std::optional<refusal>> set_owner_language(ports& at, std::string language) {
    if (!language.empty() && language != "de" && language != "en")
        co_return refuse(refusal_code::not_a_language, std::move(language));
    auto row = co_await at.owner.find_owner();
    row.language = std::move(language);
    co_return co_await save(at, std::move(row), std::nullopt);
}

awaitable<outcome<checked_password>> check_password(ports& at, std::string address, secret typed) {
    auto whose = owner_address(at);
    if (!address.empty()) {
        const auto name = parse_address(address);
        if (!name) co_return name.error();
        whose = *name;
    }
    checked_password done;
    done.rules = at.passwords.rules();
    secret copy = typed;
    auto faults = co_await at.passwords.find_faults(std::move(copy), std::move(whose));
    const auto score = co_await at.passwords.score(std::move(typed));
    if (!faults || !score) co_return refuse(refusal_code::logins_busy);
    done.faults = std::move(*faults);
    done.score = *score;
    co_return done;
}

}  // namespace hauspost::admin
