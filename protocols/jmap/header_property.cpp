#include "protocols/jmap/header_property.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/jmap/email_filter.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/message_id.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace hauspost::jmap {
namespace {

using form = header_property::form;

constexpr std::array<std::pair<std::string_view, form>, 7> form_names{{
    {"asRaw", form::raw},
    {"asText", form::text},
    {"asAddresses", form::addresses},
    {"asGroupedAddresses", form::grouped_addresses},
    {"asMessageIds", form::message_ids},
    {"asDate", form::date},
    {"asURLs", form::urls},
}};

struct short_name {
    std::string_view property;
    std::string_view field;
    form as;
};
constexpr std::array short_names{
    short_name{"messageId", "message-id", form::message_ids},
    short_name{"inReplyTo", "in-reply-to", form::message_ids},
    short_name{"references", "references", form::message_ids},
    short_name{"sender", "sender", form::addresses},
    short_name{"from", "from", form::addresses},
    short_name{"to", "to", form::addresses},
    short_name{"cc", "cc", form::addresses},
    short_name{"bcc", "bcc", form::addresses},
    short_name{"replyTo", "reply-to", form::addresses},
    short_name{"subject", "subject", form::text},
    short_name{"sentAt", "date", form::date},
};

/// What is written down in RFC 5322 and 2369 for these; any other field may be read in all forms.
constexpr std::array<std::pair<std::string_view, form>, 31> known_fields{{
    {"from", form::addresses},
    {"sender", form::addresses},
    {"reply-to", form::addresses},
    {"to", form::addresses},
    {"cc", form::addresses},
    {"bcc", form::addresses},
    {"resent-from", form::addresses},
    {"resent-sender", form::addresses},
    {"resent-reply-to", form::addresses},
    {"resent-to", form::addresses},
    {"resent-cc", form::addresses},
    {"resent-bcc", form::addresses},
    {"message-id", form::message_ids},
    {"in-reply-to", form::message_ids},
    {"references", form::message_ids},
    {"resent-message-id", form::message_ids},
    {"date", form::date},
    {"resent-date", form::date},
    {"subject", form::text},
    {"comments", form::text},
    {"keywords", form::text},
    {"list-id", form::text},
    {"list-help", form::urls},
    {"list-unsubscribe", form::urls},
    {"list-subscribe", form::urls},
    {"list-post", form::urls},
    {"list-owner", form::urls},
    {"list-archive", form::urls},
    {"return-path", form::raw},
    {"received", form::raw},
    {"resent-subject", form::text},
}};

/// RFC 8621 4.1.2.1 to 4.1.2.7
bool may_be_read(std::string_view field, form as) noexcept {
    if (as == form::raw) return true;
    const auto known = std::find_if(known_fields.begin(), known_fields.end(),
                                    [&](const auto& one) { return one.first == field; });
    if (known == known_fields.end()) return true;
    return known->second == as ||
           (as == form::grouped_addresses && known->second == form::addresses);
}

std::string without_nul(std::string_view text) {
    std::string made = utf8::repaired(text);
    std::erase(made, '\0');
    return made;
}

json::object to_json(const message::address& one) {
    json::object made;
    const auto name = message::decode_encoded_words(one.display);
    made["name"] = name.empty() ? json::value(nullptr) : json::value(name);
    auto email = utf8::repaired(one.local);
    if (!one.domain.empty()) email += '@' + utf8::repaired(one.domain);
    made["email"] = std::move(email);
    return made;
}

json::array to_addresses(std::string_view value) {
    json::array all;
    for (const auto& one : message::parse_address_list(value))
        if (one.type == message::address::kind::mailbox) all.push_back(to_json(one));
    return all;
}

json::array to_groups(std::string_view value) {
    json::array all;
    bool is_in_group = false, is_in_none = false;
    const auto begin_group = [&](json::value name) {
        json::object group;
        group["name"] = std::move(name);
        group["addresses"] = json::array();
        all.push_back(std::move(group));
    };
    for (const auto& one : message::parse_address_list(value)) {
        if (one.type == message::address::kind::group_start) {
            begin_group(json::value(message::decode_encoded_words(one.display)));
            is_in_group = true;
            is_in_none = false;
        } else if (one.type == message::address::kind::group_end) {
            is_in_group = false;
        } else {
            // Addresses outside of groups are gathered in one without a name (4.1.2.4).
            if (!is_in_group && !is_in_none) begin_group(nullptr);
            is_in_none = !is_in_group;
            all.back().get_object()["addresses"].get_array().push_back(to_json(one));
        }
    }
    return all;
}

json::value to_message_ids(std::string_view value) {
    json::array all;
    for (std::string_view one : message::parse_message_ids(value)) {
        if (one.starts_with('<')) one.remove_prefix(1);
        if (one.ends_with('>')) one.remove_suffix(1);
        all.emplace_back(utf8::repaired(one));
    }
    if (all.empty()) return nullptr;
    return all;
}

json::value to_date(std::string_view value) {
    const auto at = message::parse_date(value);
    if (!at) return nullptr;
    return json::value(write_date(at->unix_seconds, at->zone_minutes));
}

/// "<https://a.example/>, <mailto:b@a.example>" (RFC 2369 2).
json::value to_urls(std::string_view value) {
    json::array all;
    const auto text = message::without_comments(value);
    for (std::size_t begin = text.find('<'); begin != text.npos; begin = text.find('<', begin)) {
        const auto end = text.find('>', begin);
        if (end == text.npos) break;
        std::string url = utf8::repaired(text.substr(begin + 1, end - begin - 1));
        std::erase_if(url, [](char c) { return c == ' ' || c == '\t'; });
        all.emplace_back(std::move(url));
        begin = end;
    }
    if (all.empty()) return nullptr;
    return all;
}

json::value read_as(form how, std::string_view value) {
    switch (how) {
    case form::raw: return json::value(without_nul(value));
    case form::text:
        return json::value(
            std::string(ascii::trimmed(message::decode_encoded_words(message::unfolded(value)))));
    case form::addresses: return to_addresses(value);
    case form::grouped_addresses: return to_groups(value);
    case form::message_ids: return to_message_ids(value);
    case form::date: return to_date(value);
    case form::urls: return to_urls(value);
    }
    return nullptr;
}

}  // namespace

std::optional<header_property> parse_header_property(std::string_view property) {
    constexpr std::string_view prefix = "header:";
    constexpr std::size_t most = 255;  // of a field's name; ours, it comes back with each email
    if (!property.starts_with(prefix)) return std::nullopt;
    property.remove_prefix(prefix.size());
    header_property made;
    const auto end = std::min(property.find(':'), property.size());
    made.name = ascii::lowered(property.substr(0, end));
    if (made.name.empty() || made.name.size() > most ||
        std::any_of(made.name.begin(), made.name.end(), [](char c) { return c <= ' ' || c > '~'; }))
        return std::nullopt;
    auto rest = property.substr(end);
    const auto found = std::find_if(form_names.begin(), form_names.end(), [&](const auto& one) {
        return rest == ':' + std::string(one.first) ||
               rest == ':' + std::string(one.first) + ":all";
    });
    if (found != form_names.end()) {
        made.as = found->second;
        rest.remove_prefix(1 + found->first.size());
    }
    made.is_all = rest == ":all";
    if (!rest.empty() && !made.is_all) return std::nullopt;
    if (!may_be_read(made.name, made.as)) return std::nullopt;
    return made;
}

std::optional<header_property> find_short_name(std::string_view property) {
    const auto found = std::find_if(short_names.begin(), short_names.end(),
                                    [&](const auto& one) { return one.property == property; });
    if (found == short_names.end()) return std::nullopt;
    header_property made;
    made.name = found->field;
    made.as = found->as;
    return made;
}

json::value value_of(std::string_view header, const header_property& property) {
    json::array all;
    std::optional<std::string_view> last;
    for (message::header_reader reader(header); reader.next();) {
        const auto& field = reader.field();
        if (!ascii::equal_nocase(field.name, property.name)) continue;
        if (property.is_all)
            all.push_back(read_as(property.as, field.value));
        else
            last = field.value;
    }
    if (property.is_all) return all;
    return last ? read_as(property.as, *last) : json::value(nullptr);
}

json::array all_headers(std::string_view header) {
    json::array all;
    for (message::header_reader reader(header); reader.next();) {
        const auto& field = reader.field();
        if (field.name.empty()) continue;
        json::object made;
        made["name"] = without_nul(field.name);
        made["value"] = without_nul(field.value);
        all.push_back(std::move(made));
    }
    return all;
}

}  // namespace hauspost::jmap
