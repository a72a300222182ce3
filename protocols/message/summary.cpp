#include "protocols/message/summary.hpp"

#include "base/utf8.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/base_subject.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/message_id.hpp"
#include "protocols/message/parsed_message.hpp"
#include "protocols/message/preview.hpp"
#include "protocols/message/text_growth.hpp"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace hauspost::message {
namespace {

constexpr std::size_t max_sort_key_octets = 512;  // ours: texts that differ later sort as equal

std::string sort_key(std::string_view decoded) {
    // Cut before as well: a key is never shorter than a quarter of its text.
    const auto key = casemap_key(utf8::truncated(decoded, 4 * max_sort_key_octets));
    return std::string(utf8::truncated(key, max_sort_key_octets));
}

/// RFC 5256 3: the addr-mailbox of the first address; of a group that is its name.
std::string mailbox_key(const std::vector<address>& list) {
    if (list.empty()) return {};
    const auto& first = list.front();
    return sort_key(decode_encoded_words(first.type == address::kind::group_start ? first.display
                                                                                  : first.local));
}

/// RFC 5957 2: the display name, else local@domain.
std::string display_key(const std::vector<address>& list) {
    if (list.empty()) return {};
    const auto& first = list.front();
    auto text = decode_encoded_words(first.display);
    if (text.empty() && first.type == address::kind::mailbox)
        text = decode_encoded_words(first.local + '@' + first.domain);
    return sort_key(text);
}

std::vector<std::string> references_of(const envelope_fields& fields) {
    auto ids = parse_message_ids(fields.references);
    if (!ids.empty()) return ids;
    ids = parse_message_ids(fields.in_reply_to);
    if (ids.size() > 1) ids.resize(1);  // RFC 5256 3: the first of In-Reply-To
    return ids;
}

void fill_from_fields(const envelope_fields& fields, summary& value) {
    constexpr std::size_t max_subject_octets = 16 * 1024;  // ours: of them the key keeps 512
    const auto subject = decode_encoded_words(fields.subject.substr(0, max_subject_octets));
    value.base_subject = sort_key(base_subject(subject).text);

    const auto from = parse_address_list(fields.from);
    const auto to = parse_address_list(fields.to);
    value.from_mailbox = mailbox_key(from);
    value.from_display = display_key(from);
    value.to_mailbox = mailbox_key(to);
    value.to_display = display_key(to);
    value.cc_mailbox = mailbox_key(parse_address_list(fields.cc));

    if (const auto sent = parse_date(fields.date)) {
        value.sent_at = sent->unix_seconds;
        value.sent_zone_minutes = sent->zone_minutes;
    }
    auto ids = parse_message_ids(fields.message_id);
    if (!ids.empty()) value.message_id = std::move(ids.front());
    value.references = references_of(fields);
}

}  // namespace

parsed_message parse(std::string_view octets) {
    parsed_message parsed;
    parsed.tree = parse_mime_tree(octets);
    parsed.fields = find_envelope_fields(octets.substr(0, parsed.tree.front().span.body));
    return parsed;
}

summary summarize(std::string_view octets, parsed_message parsed) {
    summary value;
    value.octets = octets.size();
    value.growth = text_growth(octets);
    fill_from_fields(parsed.fields, value);
    value.preview = make_preview(octets, parsed.tree);
    value.parts.reserve(parsed.tree.size());
    for (auto& node : parsed.tree)
        value.parts.push_back(std::move(node.span));
    return value;
}

summary summarize(std::string_view octets) {
    return summarize(octets, parse(octets));
}

std::uint64_t thread_of(const summary& value) noexcept {
    const std::string_view root =
        value.references.empty() ? value.message_id : value.references.front();
    if (root.empty()) return 0;
    return std::max<std::uint64_t>(1, XXH3_64bits(root.data(), root.size()));
}

}  // namespace hauspost::message
