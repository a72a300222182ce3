#include "admin/api/owner_commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/in_json.hpp"
#include "admin/api/overview_results.hpp"
#include "admin/api/owner_results.hpp"
#include "admin/api/password_argument.hpp"
#include "admin/audit.hpp"

#include <chrono>
#include <utility>

namespace hauspost::admin::api {
namespace {

awaitable<answer> owner_setup_link(const context& with, const arguments&) {
    return in_json(with, make_setup_link(with.at), link_json);
}
awaitable<answer> owner_reset(const context& with, const arguments&) {
    return in_json(with, reset_owner(with.at), link_json);
}
awaitable<answer> owner_show(const context& with, const arguments&) {
    return in_json(with, show_owner(with.at), owner_json);
}
awaitable<answer> owner_sessions(const context& with, const arguments&) {
    return in_json(with, list_owner_sessions(with.at), sessions_json);
}
awaitable<answer> owner_end_session(const context& with, const arguments& given) {
    return in_json(with, end_owner_session(with.at, given.text("id")), session_json);
}

/// The session that a browser goes on with never stands in an answer.
awaitable<answer> change_password(context with, caller who, new_owner_password wanted) {
    auto done = co_await set_owner_password(with.at, std::move(who), std::move(wanted));
    if (!done) co_return failure_of(done.error(), with.named);
    if (with.opened != nullptr) *with.opened = std::move(done->opened);
    co_return new_password_json(*done, with.named);
}
awaitable<answer> owner_password(const context& with, const arguments& given) {
    new_owner_password wanted;
    wanted.password = given.secret_or_none("password");
    wanted.present = given.secret_or_none("present_password").value_or(secret());
    auto who = with.who;
    return change_password(with, std::move(who), std::move(wanted));
}
awaitable<answer> owner_totp_begin(const context& with, const arguments&) {
    return in_json(with, begin_totp(with.at), totp_key_json);
}
awaitable<answer> owner_totp_enable(const context& with, const arguments& given) {
    return in_json(with, enable_totp(with.at, given.text("code")), recovery_codes_json);
}
awaitable<answer> owner_named(context with, awaitable<std::optional<refusal>> work) {
    const auto refused = co_await std::move(work);
    if (refused) co_return failure_of(*refused, with.named);
    co_return owner_name_json();
}
awaitable<answer> owner_totp_disable(const context& with, const arguments& given) {
    auto who = with.who;
    auto present = given.secret_or_none("present_password").value_or(secret());
    return owner_named(with, disable_totp(with.at, std::move(who), std::move(present)));
}
awaitable<answer> owner_language(const context& with, const arguments& given) {
    return owner_named(with, set_owner_language(with.at, given.text("language")));
}
awaitable<answer> password_check(const context& with, const arguments& given) {
    auto address = given.text("address");
    auto typed = given.secret_or_none("password").value_or(secret());
    return in_json(with, check_password(with.at, std::move(address), std::move(typed)),
                   checked_password_json);
}
awaitable<answer> audit_list_all(const context& with, const arguments& given) {
    audit_request wanted;
    wanted.filter = given.text("filter");
    wanted.subject = given.text("subject");
    wanted.since = given.text("since");
    wanted.until = given.text("until");
    wanted.after = given.text("after");
    wanted.limit = given.number_or_none("limit");
    return in_json(with, list_audit(with.at, std::move(wanted)), audit_json);
}

awaitable<answer> overview_show(const context& with, const arguments& given) {
    const auto day_ago = std::chrono::system_clock::to_time_t(with.at.time.now()) - 86'400;
    const auto since = given.number_or_none("since");
    return in_json(with, look_over(with.at, since ? static_cast<std::int64_t>(*since) : day_ago),
                   overview_json);
}

awaitable<answer> setup_data_show(const context& with, const arguments& given) {
    return in_json(with, show_setup_data(with.at, given.text("address")), setup_data_json);
}

// Of the owner at his page.
constexpr argument present_password{"present_password", argument::kind::secret};

}  // namespace

std::vector<command> owner_commands() {
    using kind = argument::kind;
    return {
        {.name = "owner setup-link",
         .help = "Print a link, good once and for a day, by which the owner chooses his password",
         .run = owner_setup_link,
         .shown_as = shape::link,
         .sees = owner_picture,
         .to = offered::on_console},
        {.name = "owner reset",
         .help = "Take the owner's password, second factor and sessions away, and print a new link",
         .run = owner_reset,
         .shown_as = shape::link,
         .removes = true,
         .sees = owner_picture,
         .to = offered::on_console},
        {.name = "owner show",
         .help = "Show whether the owner has a password and a second factor",
         .run = owner_show,
         .shown_as = shape::fields,
         .only_looks = true},
        {.name = "owner password",
         .help = "Set the owner's password; all who sit before his page have to sign in again",
         .run = owner_password,
         .takes = {password_argument, present_password},
         .sees = owner_picture,
         .in_setup = true},
        {.name = "owner language",
         .help = "Change the language of the owner's page",
         .run = owner_language,
         .takes = {{"language", kind::text, true, "language", "de or en"}},
         .sees = owner_picture},
        {.name = "owner sessions",
         .help = "Show who sits before the owner's page",
         .run = owner_sessions,
         .shown_as = shape::list,
         .list = "sessions",
         .columns = {"id", "made_at", "seen_at", "address", "agent", "is_setup"},
         .only_looks = true},
        {.name = "owner end-session",
         .help = "End one of them",
         .run = owner_end_session,
         .takes = {{"id", kind::text, true, "id", "What `owner sessions` says"}},
         .sees = owner_picture},
        {.name = "owner totp-begin",
         .help = "Make the key of a second factor, for an app that gives one-time codes",
         .run = owner_totp_begin,
         .shown_as = shape::fields,
         .sees = owner_picture},
        {.name = "owner totp-enable",
         .help = "Switch the second factor on, with the first code of the app",
         .run = owner_totp_enable,
         .takes = {{"code", kind::code, true, "code", "Six digits"}},
         .shown_as = shape::codes,
         .sees = owner_picture},
        {.name = "owner totp-disable",
         .help = "Switch the second factor off",
         .run = owner_totp_disable,
         .takes = {present_password},
         .sees = owner_picture},
        {.name = "password check",
         .help = "Say what is wrong with a password, and how hard it is to guess",
         .run = password_check,
         .takes = {{"address", kind::text}, {"password", kind::secret, true}},
         .shown_as = shape::fields,
         .only_looks = true,
         .to = offered::at_page,
         .in_setup = true},
    };
}

std::vector<command> audit_commands() {
    using kind = argument::kind;
    return {
        {.name = "setup-data show",
         .help = "Show what is typed into a mail program of this account",
         .run = setup_data_show,
         .takes = {{"address", kind::text, true, "address", "Address of an account"}},
         .shown_as = shape::list,
         .list = "services",
         .columns = {"protocol", "host", "port", "security"},
         .only_looks = true},
        {.name = "overview show",
         .help = "Show whether mail works, and what should be looked after",
         .run = overview_show,
         .takes = {{"since", kind::number, false, "--since",
                    "From when on traffic counts, in Unix seconds; without it a day ago"}},
         .shown_as = shape::overview,
         .only_looks = true},
        {.name = "audit list",
         .help = "Show what was done to the server, by whom, the newest first",
         .run = audit_list_all,
         .takes = {{"filter", kind::text, false, "filter",
                    "Show only entries that contain this text, in upper or lower case"},
                   {"subject", kind::text, false, "--subject",
                    "Only of this address, domain or number"},
                   {"since", kind::text, false, "--since",
                    "From then on: 2h (ago), 2026-03-31, \"2026-03-31 14:30\""},
                   {"until", kind::text, false, "--until", "Up to then"},
                   {"limit", kind::number, false, "--limit", "How many entries; without it 50"},
                   {"after", kind::text, false, "--after",
                    "Go on with older ones: what the list says"}},
         .shown_as = shape::list,
         .list = "entries",
         .columns = {"begun_at", "who", "from", "command", "subject", "end", "before", "after"},
         .only_looks = true},
    };
}

}  // namespace hauspost::admin::api
