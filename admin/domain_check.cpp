#include "admin/domain_check.hpp"

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

}  // namespace

awaitable<outcome<checked_domain>> check_domain_records(ports& at, std::string domain) {
    const auto all = co_await show_domain_records(at, std::move(domain));
    if (!all) co_return all.error();
    if (at.others == nullptr) co_return refuse(refusal_code::not_running);
    checked_domain made;
    made.domain = all->domain;
    for (const auto& wanted : all->records) {
        auto name = wanted.name.substr(0, wanted.name.size() - 1);
        auto type = wanted.type;
        const auto seen = co_await at.others->look_up(std::move(name), std::move(type));
        if (wanted.type == "MX") made.is_signed = seen.is_secure;
        auto one = compare(wanted, seen);
        made.is_good = made.is_good && one.how != state::missing && one.how != state::other;
        made.records.push_back(std::move(one));
    }
    co_return made;
}

}  // namespace hauspost::admin
