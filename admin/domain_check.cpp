#include "admin/domain_check.hpp"

#include "admin/dns_watch.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace hauspost::admin {
namespace {

using state = checked_record::state;

/// The strings of a TXT record put together: "\"v=DKIM1; \" \"p=x\"" is "v=DKIM1; p=x".
std::string unquoted(std::string_view value) {
    std::string text;
    bool is_inside = false;
    for (const char c : value) {
        if (c == '"')
            is_inside = !is_inside;
        else if (is_inside)
            text.push_back(c);
    }
    return text;
}

std::string without_blanks(std::string text) {
    std::erase(text, ' ');
    while (text.ends_with(';'))
        text.pop_back();
    return text;
}

/// "v=spf1": records of the same name and type that say something else are no concern of ours.
std::string_view kind_of(std::string_view text) {
    return text.substr(0, text.find_first_of("; "));
}

bool is_same_kind(const dns_record& wanted, const std::string& found) {
    return wanted.type != "TXT" || kind_of(unquoted(wanted.value)) == kind_of(unquoted(found));
}

/// The part behind the first blank: an MX record's host without its preference.
std::string_view host_of(std::string_view mx) {
    return mx.substr(mx.find(' ') + 1);
}

/// An SRV record's port and host: among one record its priority and weight mean nothing.
std::string_view port_and_host(std::string_view srv) {
    return host_of(host_of(srv));
}

bool has_word(std::string_view text, std::string_view word) {
    while (!text.empty()) {
        const auto one = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        if (one == word) return true;
    }
    return false;
}

bool is_right(const dns_record& wanted, const std::string& found) {
    if (wanted.type == "MX") return host_of(wanted.value) == host_of(found);
    if (wanted.type == "SRV") return port_and_host(wanted.value) == port_and_host(found);
    // An owner may allow others as well, by an SPF record of his own.
    if (const auto text = unquoted(wanted.value); text.starts_with("v=spf1 "))
        return has_word(unquoted(found), text == "v=spf1 a -all" ? "a" : "mx");
    if (wanted.type == "TXT")
        return without_blanks(unquoted(wanted.value)) == without_blanks(unquoted(found));
    return wanted.value == found;
}

/// The owner may have written his own.
bool may_differ(const dns_record& wanted) {
    const auto text = unquoted(wanted.value);
    return text.starts_with("v=DMARC1") || text.starts_with("v=TLSRPTv1") ||
           text.starts_with("v=STSv1") || wanted.type == "CAA";
}

std::string advice_for(const dns_record& wanted, state how) {
    switch (how) {
    case state::right:
    case state::optional: return "";
    case state::unknown: return "Try again: the DNS does not answer for this name now.";
    case state::missing: return "Add this record at the provider of your DNS.";
    case state::other: break;
    }
    if (wanted.type == "MX")
        return "Add this MX record, and remove those of servers that shall not get the mail.";
    if (unquoted(wanted.value).starts_with("v=spf1"))
        return "There may be only one SPF record: make it allow this server too, by \"mx\".";
    if (unquoted(wanted.value).starts_with("v=DKIM1"))
        return "Replace it: signatures with this key do not verify.";
    return "Replace it.";
}

checked_record compare(const dns_record& wanted, const seen_records& seen) {
    checked_record made;
    made.wanted = wanted;
    if (!seen.is_known) {
        made.how = state::unknown;
    } else {
        for (const auto& one : seen.values)
            if (is_same_kind(wanted, one)) made.found.push_back(one);
        const bool is_there = std::ranges::any_of(
            made.found, [&wanted](const auto& one) { return is_right(wanted, one); });
        const bool is_twice = made.found.size() > 1 && unquoted(wanted.value).starts_with("v=spf1");
        if ((is_there && !is_twice) || (!made.found.empty() && may_differ(wanted)))
            made.how = state::right;
        else if (!made.found.empty())
            made.how = state::other;
        else
            made.how = wanted.note.empty() ? state::missing : state::optional;
    }
    if (made.how == state::right) made.found.clear();
    made.advice = advice_for(wanted, made.how);
    return made;
}

/// Without the dot at its end.
std::string asked_name(std::string_view name) {
    return std::string(name.substr(0, name.size() - 1));
}

awaitable<seen_records> look_up(outside& at, std::string_view name, std::string type) {
    auto asked = asked_name(name);
    co_return co_await at.look_up(std::move(asked), std::move(type));
}

/// In place of an alias a name may have addresses of its own: the alias is right when they are its
/// host's.
awaitable<seen_records> look_up_alias(outside& at, const dns_record& wanted) {
    auto seen = co_await look_up(at, wanted.name, "CNAME");
    if (!seen.is_known || !seen.values.empty()) co_return seen;
    auto own = co_await look_up(at, wanted.name, "A");
    if (!own.is_known || own.values.empty()) co_return own;
    auto hosts = co_await look_up(at, wanted.value, "A");
    if (!hosts.is_known) co_return hosts;
    std::ranges::sort(own.values);
    std::ranges::sort(hosts.values);
    if (std::ranges::includes(hosts.values, own.values)) own.values = {wanted.value};
    co_return own;
}

awaitable<seen_records> look_up_wanted(outside& at, const dns_record& wanted) {
    if (wanted.type == "CNAME") return look_up_alias(at, wanted);
    return look_up(at, wanted.name, wanted.type);
}

}  // namespace

awaitable<outcome<checked_domain>> check_domain_records(ports& at, std::string domain) {
    const auto all = co_await show_domain_records(at, std::move(domain));
    if (!all) co_return all.error();
    if (at.others == nullptr) co_return refuse(refusal_code::not_running);
    checked_domain made;
    made.domain = all->domain;
    for (const auto& wanted : all->records) {
        const auto seen = co_await look_up_wanted(*at.others, wanted);
        if (wanted.type == "MX") made.is_signed = seen.is_secure;
        auto one = compare(wanted, seen);
        made.is_good = made.is_good && one.how != state::missing && one.how != state::other;
        made.records.push_back(std::move(one));
    }
    auto noted = note_checked(at, made);
    co_await std::move(noted);
    co_return made;
}

}  // namespace hauspost::admin
