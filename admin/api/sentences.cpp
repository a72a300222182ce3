#include "admin/api/sentences.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <array>

namespace hauspost::admin::api {
namespace {

struct wording {
    refusal_code code;
    std::string_view name;
    // {subject} and {other} are names, {typed} is what somebody typed; {number}, {text}, and the
    // places by their names.
    std::string_view sentence;
};

using enum refusal_code;
constexpr std::array wordings{
    wording{not_an_address, "not_an_address",
            "{typed} is not a valid address: write it in full, for example anna@example.org."},
    wording{bad_local_part, "bad_local_part",
            "{typed} is not an address that can be used: before the @ come 1 to 64 letters, "
            "digits, or marks as . _ - +, with no dot at either end."},
    wording{bad_address_domain, "bad_address_domain",
            "{typed} is not an address that can be used: after the @ comes a domain, for example "
            "example.org."},
    wording{not_a_domain, "not_a_domain",
            "{typed} is not a valid domain: write it, for example, as example.org."},
    wording{text_too_long, "text_too_long",
            "Display name and note may be {number} octets long at most."},
    wording{text_not_one_line, "text_not_one_line",
            "Display name and note are one line of text, without control characters."},
    wording{no_such_account, "no_such_account",
            "There is no account {subject}: {account_list} shows all."},
    wording{no_such_address, "no_such_address", "There is no address {subject}."},
    wording{no_such_alias, "no_such_alias", "There is no alias {subject}: {alias_list} shows all."},
    wording{no_such_domain, "no_such_domain",
            "There is no domain {subject}: {domain_list} shows all."},
    wording{domain_not_here, "domain_not_here",
            "The domain of {subject} is not here: add it with {domain_add} first."},
    wording{nothing_to_purge, "nothing_to_purge",
            "There is no account {subject}, and no deleted mail of a removed one is kept."},
    wording{address_taken, "address_taken",
            "{subject} is already taken by an account or an alias."},
    wording{domain_exists, "domain_exists", "The domain {subject} is already here."},
    wording{domain_in_use, "domain_in_use",
            "{subject} still has accounts or aliases: remove them first, {account_list} and "
            "{alias_list} show them."},
    wording{invalid_name, "invalid_name", "{subject} cannot be used as a name."},
    wording{is_account, "is_account",
            "{subject} is an account: use {forward_set} to send its mail on."},
    wording{is_alias, "is_alias", "{subject} is an alias, not an account."},
    wording{same_address, "same_address", "{subject} is the account's address already."},
    wording{changed_meanwhile, "changed_meanwhile",
            "Somebody else has just changed {subject}: look at it, then try again."},
    wording{no_targets, "no_targets", "Name at least one address to send to."},
    wording{too_many_targets, "too_many_targets", "At most {number} targets are possible."},
    wording{own_target, "own_target", "{subject} cannot send to itself."},
    wording{not_a_target, "not_a_target", "{subject} does not send to {other}."},
    wording{not_suspended, "not_suspended",
            "No forward from {subject} to {other} is suspended: {suspended_list} shows all."},
    wording{nothing_suspended, "nothing_suspended",
            "No forward of {subject} is suspended: {suspended_list} shows all."},
    wording{no_catch_all_there, "no_catch_all_there",
            "There is no account or alias {subject} in {other}."},
    wording{no_such_message, "no_such_message",
            "No message with the number {number} waits: {queue_list} shows all."},
    wording{
        message_gone, "message_gone",
        "The message {typed} is not in the store any more: it was deleted for good, or has left."},
    wording{
        mail_refused, "mail_refused",
        "No mail is taken for {subject} now: its account is switched off or full, or it leads in "
        "circles. A delivery test shows where."},
    wording{no_such_place, "no_such_place",
            "{subject} is not a place in this list: give what \"next\" of the page before says."},
    wording{nothing_to_trace, "nothing_to_trace",
            "{typed} is nothing that can be traced: give an address, a domain as @example.org, or "
            "the id of a message (13 letters and digits, as in its Received line)."},
    wording{not_a_time, "not_a_time",
            "{typed} is not a time: write how long ago, for example 2h or 7d, or when, for example "
            "2026-03-31 or \"2026-03-31 14:30\"."},
    wording{trace_is_off, "trace_is_off",
            "Nothing is recorded: trace.keep_days is 0, by the configuration file or in "
            "{setting_list}."},
    wording{not_a_network, "not_a_network",
            "{typed} is not a network: give an address, for example 192.0.2.1, or an IPv6 network "
            "of 64, 56 or 48 bits, for example 2001:db8:1:2::/64."},
    wording{own_machine, "own_machine",
            "{typed} is this machine itself, which is never banned: give another address."},
    wording{not_a_ban, "not_a_ban",
            "{typed} is neither a network nor an address: give what {ban_list} shows."},
    wording{nothing_banned, "nothing_banned", "{subject} is not banned: {ban_list} shows all."},
    wording{not_a_ban_time, "not_a_ban_time",
            "A ban lasts a second at least and {number} days at most: write, for example, 2h or "
            "1d."},
    wording{no_such_setting, "no_such_setting",
            "{typed} is not a setting of the owner: {setting_list} shows all."},
    wording{setting_fixed, "setting_fixed",
            "{subject} is fixed by the configuration file, line {number}: take it out there and "
            "reload the server, then it can be set here."},
    wording{setting_no_count, "setting_no_count", "{subject} must be a whole number."},
    wording{setting_no_size, "setting_no_size",
            "{subject} must be a size: write, for example, 50 MiB or 2 GiB."},
    wording{setting_no_time, "setting_no_time",
            "{subject} must be a length of time: write, for example, 90s, 15min, 2h or 14d."},
    wording{setting_no_flag, "setting_no_flag", "{subject} must be on or off."},
    wording{setting_none_of_words, "setting_none_of_words",
            "{subject} must be one of these: {text}."},
    wording{setting_too_long, "setting_too_long",
            "The text for {subject} is too long, or no UTF-8: write a shorter one."},
    wording{setting_out_of_range, "setting_out_of_range", "{subject} must be within {text}."},
    wording{setting_clash, "setting_clash",
            "{subject} does not go with what else is configured: {text}."},
    wording{not_networks, "not_networks",
            "{typed} does not name networks: write addresses and networks with blanks between, for "
            "example 192.0.2.7 198.51.100.0/24 2001:db8:1::/48; none wider than a /8, or a /32 of "
            "IPv6, and at most 50."},
    wording{certificate_unusable, "certificate_unusable",
            "The certificate was not taken, and the one in use stays: {text}."},
    wording{password_refused, "password_refused", "{password_faults}"},
    wording{password_reused, "password_reused",
            "This is the present password: choose a new one, or have one generated."},
    wording{no_such_deleted_mail, "no_such_deleted_mail",
            "{typed} is not the id of deleted mail: give what {deleted_mail} shows."},
    wording{no_such_restore, "no_such_restore",
            "{typed} does not say what is to be taken back: give the \"undo\" of the restore."},
    wording{too_many_chosen, "too_many_chosen",
            "At most {number} messages can be chosen at once: choose fewer, or all of a time."},
    wording{nothing_to_restore, "nothing_to_restore",
            "What was chosen of {subject} is not kept any more: it is back already, or gone for "
            "good. {deleted_mail} shows what there is."},
    wording{nobody_to_restore_to, "nobody_to_restore_to",
            "There is no account {subject} that could get the mail: bring the account back with "
            "{account_undelete}, or name another one that gets it."},
    wording{no_such_removed_account, "no_such_removed_account",
            "No removed account {subject} is kept: {deleted_accounts} shows all."},
    wording{removal_running, "removal_running",
            "The mail of {subject} is still being taken out: try again in a moment."},
    wording{owner_is_set_up, "owner_is_set_up",
            "The owner has a password already; {owner_reset} takes it away and makes a new link."},
    wording{
        no_setup_link, "no_setup_link",
        "This set-up link is no longer valid. Run {owner_setup_link} on the server; it prints a "
        "new one."},
    wording{owner_wrong, "owner_wrong",
            "The password or the code is wrong. Check capitals. After {number} more tries there is "
            "a pause of one minute or more."},
    wording{owner_wait, "owner_wait",
            "Too many wrong tries from here. Wait {number} seconds. At once: run {owner_reset} on "
            "the server."},
    wording{code_wanted, "code_wanted", "A code of the second factor is needed, too."},
    wording{
        wrong_code, "wrong_code",
        "This code does not match. Set the phone's clock to automatic and enter the next code."},
    wording{used_code, "used_code",
            "This code has been used. Wait for the next one (at most 30 seconds)."},
    wording{no_totp_begun, "no_totp_begun",
            "There is no key yet that a code could be of: begin with {owner_totp_begin}."},
    wording{totp_is_on, "totp_is_on", "The second factor is on already."},
    wording{totp_is_off, "totp_is_off", "The second factor is off."},
    wording{not_signed_in, "not_signed_in", "Sign in again: the session has ended."},
    wording{no_such_session, "no_such_session",
            "There is no session {typed}: {owner_sessions} shows all."},
    wording{not_a_language, "not_a_language", "{typed} is not a language: give de or en."},
    wording{console_only, "console_only", "{text} works on the server's command line only."},
    wording{disk_full, "disk_full", "The disk is full: make room, then try again."},
    wording{busy, "busy", "The server is busy or stopping: try again in a moment."},
    wording{unsure, "unsure", "It is not known whether this was done: look before you try again."},
    wording{logins_busy, "logins_busy", "The server is busy with logins: try again in a moment."},
    wording{check_running, "check_running", "A check is running: try again later."},
    wording{store_refused, "store_refused", "The store refuses: {text} ({subject})."},
    wording{not_running, "not_running",
            "The server does not run, or sends no mail: only a running server asks others. Set "
            "delivery.resolver or delivery.relay, and start it."},
    wording{sending_off, "sending_off",
            "Mail for other servers waits here: set delivery.resolver or delivery.relay, and start "
            "the server anew."},
    wording{index_off, "index_off",
            "The server does not run, or search.index is false: start it with the full-text index "
            "switched on. What stands in the folder index/ may be removed while it does not run."},
};

constexpr bool stand_in_order() {
    for (std::size_t i = 0; i < wordings.size(); ++i)
        if (static_cast<std::size_t>(wordings[i].code) != i) return false;
    return true;
}
static_assert(stand_in_order(), "one row for each code, in the order of the codes");

const wording& wording_of(refusal_code code) {
    return wordings.at(static_cast<std::size_t>(code));
}

/// What was typed: short and without control characters.
std::string quoted(std::string_view typed) {
    std::string text;
    for (const char c : typed.substr(0, 100))
        text += ascii::is_control(c) ? '?' : c;
    return "\"" + text + (typed.size() > 100 ? "...\"" : "\"");
}

std::string sentences_of(const refusal& why) {
    std::string text;
    for (const auto fault : why.password_faults) {
        if (!text.empty()) text += ' ';
        text += sentence_of(fault, why.rules);
    }
    return text;
}

std::string value_of(std::string_view key, const refusal& why, const places& named) {
    if (key == "subject") return address::shown(why.subject);
    if (key == "other") return address::shown(why.other);
    if (key == "text") return why.other;
    if (key == "typed") return quoted(why.subject);
    if (key == "number") return std::to_string(why.number);
    if (key == "password_faults") return sentences_of(why);
    if (key == "account_list") return std::string(named.account_list);
    if (key == "alias_list") return std::string(named.alias_list);
    if (key == "domain_list") return std::string(named.domain_list);
    if (key == "queue_list") return std::string(named.queue_list);
    if (key == "suspended_list") return std::string(named.suspended_list);
    if (key == "ban_list") return std::string(named.ban_list);
    if (key == "setting_list") return std::string(named.setting_list);
    if (key == "deleted_mail") return std::string(named.deleted_mail);
    if (key == "deleted_accounts") return std::string(named.deleted_accounts);
    if (key == "account_undelete") return std::string(named.account_undelete);
    if (key == "domain_add") return std::string(named.domain_add);
    if (key == "forward_set") return std::string(named.forward_set);
    if (key == "owner_setup_link") return std::string(named.owner_setup_link);
    if (key == "owner_reset") return std::string(named.owner_reset);
    if (key == "owner_totp_begin") return std::string(named.owner_totp_begin);
    if (key == "owner_sessions") return std::string(named.owner_sessions);
    return {};
}

}  // namespace

std::string_view name_of(refusal_code code) {
    return wording_of(code).name;
}

bool tells_number(refusal_code code) {
    return wording_of(code).sentence.find("{number}") != std::string_view::npos;
}

std::string_view name_of(sasl::password_fault fault) {
    using sasl::password_fault;
    switch (fault) {
    case password_fault::no_text: return "no_text";
    case password_fault::too_short: return "too_short";
    case password_fault::too_long: return "too_long";
    case password_fault::holds_user_name: return "holds_user_name";
    case password_fault::holds_domain_name: return "holds_domain_name";
    case password_fault::repeats: return "repeats";
    case password_fault::rows: return "rows";
    case password_fault::known_words: return "known_words";
    case password_fault::dates: return "dates";
    case password_fault::guessable: return "guessable";
    }
    return {};
}

std::string sentence_of(const refusal& why, const places& named) {
    std::string text;
    for (auto rest = wording_of(why.code).sentence; !rest.empty();) {
        const auto open = rest.find('{');
        text += rest.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = rest.find('}', open);
        text += value_of(rest.substr(open + 1, close - open - 1), why, named);
        rest.remove_prefix(close + 1);
    }
    return text;
}

std::string sentence_of(sasl::password_fault fault, const sasl::password_rules& rules) {
    const auto least = std::to_string(rules.min_characters);
    const auto most = std::to_string(rules.max_characters);
    const std::string remedy = " Four words that have nothing to do with each other are better.";
    using sasl::password_fault;
    switch (fault) {
    case password_fault::no_text:
        return "The password contains control characters or is not valid UTF-8 text.";
    case password_fault::too_short:
        return "The password is too short: it needs at least " + least + " characters.";
    case password_fault::too_long:
        return "The password is too long: at most " + most + " characters and 512 octets.";
    case password_fault::holds_user_name:
        return "The password contains the name before the @ of the address: choose one without "
               "it.";
    case password_fault::holds_domain_name:
        return "The password contains the name of the domain: choose one without it.";
    case password_fault::repeats:
        return "The password mostly repeats the same characters." + remedy;
    case password_fault::rows:
        return "The password mostly follows a row of keys, letters or digits." + remedy;
    case password_fault::known_words:
        return "The password consists mostly of well-known passwords, words or names." + remedy;
    case password_fault::dates: return "The password consists mostly of a date." + remedy;
    case password_fault::guessable: return "The password is easy to guess." + remedy;
    }
    return {};
}

std::string words_of(const reference& one) {
    const auto name = address::shown(one.name);
    switch (one.of) {
    case reference::kind::alias: return "alias " + name;
    case reference::kind::forward: return "forward of " + name;
    case reference::kind::catch_all: return "catch-all of " + name;
    }
    return name;
}

std::string warning_of(const target_doubts& found, const places& named) {
    const auto shown = [](std::vector<std::string> names) {
        std::transform(names.begin(), names.end(), names.begin(),
                       [](const auto& one) { return address::shown(one); });
        return listed(names);
    };
    std::string text;
    if (!found.missing.empty())
        text = "Nobody here has (yet): " + shown(found.missing) + ". Mail to it is refused.";
    if (!found.outside.empty())
        text += (text.empty() ? "" : " ") + ("At another server: " + shown(found.outside)) + '.';
    if (!found.outside.empty() && found.must_wait)
        text += " Mail to other servers waits, since it is not set how to send it; " +
                std::string(named.queue_list) + " shows it.";
    return text;
}

std::string catchall_warning(const std::string& address) {
    return address::shown(address) +
           " gets all mail of its domain that is addressed to nobody else, as a catch-all does: "
           "choose another name if you do not want that.";
}

std::string listed(const std::vector<std::string>& texts) {
    constexpr std::size_t most = 20;
    std::string text;
    for (std::size_t i = 0; i < texts.size() && i < most; ++i)
        text += (i == 0 ? "" : ", ") + texts[i];
    if (texts.size() > most) text += " and " + std::to_string(texts.size() - most) + " more";
    return text;
}

}  // namespace hauspost::admin::api
