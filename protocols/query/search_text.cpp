#include "protocols/query/search_text.hpp"

#include "base/ascii.hpp"
#include "protocols/message/address.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/part_text.hpp"

#include <algorithm>

namespace hauspost::query {
namespace {

bool is_text(const message::part& part) {
    return part.type == message::part::kind::leaf && part.type_name.starts_with("text/");
}

}  // namespace

std::vector<text_range> body_ranges(const std::vector<message::part>& parts,
                                    std::size_t max_octets) {
    std::vector<text_range> ranges;
    std::uint64_t total = 0;
    for (const auto& part : parts) {
        if (total >= max_octets) break;
        if (part.depth > 0) {
            text_range header;
            header.is_header = true;
            header.offset = part.header;
            header.octets = std::min<std::uint64_t>(
                {part.body - part.header, message::header_limits::max_octets, max_octets - total});
            total += header.octets;
            ranges.push_back(std::move(header));
        }
        if (total >= max_octets) break;
        if (!is_text(part)) continue;
        text_range text;
        text.offset = part.body;
        text.octets = std::min<std::uint64_t>(part.end - part.body, max_octets - total);
        text.where = part;
        text.where.header = text.where.body = 0;
        text.where.end = text.octets;
        total += text.octets;
        ranges.push_back(std::move(text));
    }
    return ranges;
}

std::uint64_t header_octets(const std::vector<message::part>& parts) noexcept {
    if (parts.empty()) return 0;
    return std::min<std::uint64_t>(parts.front().body, message::header_limits::max_octets);
}

std::string searchable_header(std::string_view octets) {
    std::string text;
    for (message::header_reader reader(octets); reader.next();) {
        text.append(reader.field().name).append(": ");
        text.append(message::decode_encoded_words(reader.field().value)).push_back('\n');
    }
    return message::casemap_key(text);
}

std::string searchable_addresses(std::string_view header, std::string_view field) {
    std::string text;
    for (message::header_reader reader(header); reader.next();) {
        if (!ascii::equal_nocase(reader.field().name, field)) continue;
        for (const auto& one : message::parse_address_list(reader.field().value)) {
            if (one.type == message::address::kind::group_end) continue;
            text += message::decode_encoded_words(one.display);
            if (one.type == message::address::kind::mailbox) {
                if (!one.display.empty()) text += ' ';
                text += '<' + message::decode_encoded_words(one.local + '@' + one.domain) + '>';
            }
            text += '\n';
        }
    }
    return message::casemap_key(text);
}

std::string searchable_body(std::span<const text_range> ranges,
                            std::span<const std::string> octets) {
    std::string text;
    for (std::size_t n = 0; n < ranges.size(); ++n) {
        if (text.size() >= max_searched_octets_of_body) break;
        if (ranges[n].is_header) {
            text += searchable_header(octets[n]);
        } else {
            auto where = ranges[n].where;
            where.end = octets[n].size();
            text += message::casemap_key(
                message::decoded_text(octets[n], where, max_searched_octets_of_body));
        }
        text += '\n';
    }
    return text;
}

}  // namespace hauspost::query
