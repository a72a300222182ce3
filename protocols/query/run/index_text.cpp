#include "protocols/query/run/index_text.hpp"

#include "base/ascii.hpp"
#include "protocols/message/charset.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/summary.hpp"
#include "protocols/message/summary_version.hpp"
#include "protocols/query/search_text.hpp"

namespace hauspost::query {
namespace {

std::vector<message::part> parts_of(std::string_view summary) {
    auto known = message::decode(summary);
    return known ? std::move(known->parts) : std::vector<message::part>();
}

/// What has an index of its own: subjects, decoded, one a line, and addresses.
void read_fields(std::string_view header, storage::indexed_text& text) {
    for (message::header_reader reader(header); reader.next();)
        if (ascii::equal_nocase(reader.field().name, "subject"))
            text.subject.append(message::decode_encoded_words(reader.field().value)).append("\n");
    text.subject = message::casemap_key(text.subject);
    text.from = searchable_addresses(header, "from");
    text.to = searchable_addresses(header, "to");
    text.cc = searchable_addresses(header, "cc");
}

}  // namespace

/// Raised with each change of what the functions of search_text.hpp give; a summary says where the
/// text is.
std::string index_text::version() const {
    return "imap 2, summary " + std::to_string(message::summary_version) + ", " +
           message::casemap_version();
}

std::optional<std::vector<storage::octet_range>> index_text::ranges(
    std::string_view summary) const {
    const auto parts = parts_of(summary);
    std::vector<storage::octet_range> wanted{{0, header_octets(parts)}};
    for (const auto& range : body_ranges(parts, max_searched_octets_of_body))
        wanted.push_back({range.offset, range.octets});
    return wanted;
}

storage::indexed_text index_text::make(std::string_view summary,
                                       std::span<const std::string> octets) const {
    storage::indexed_text text;
    const auto parts = parts_of(summary);
    const std::string_view header = octets.front();
    // It would go on with the last line that only a copy has, which is not known here.
    text.is_complete = !header.starts_with(' ') && !header.starts_with('\t');
    text.header = searchable_header(header);
    read_fields(header, text);
    text.body = searchable_body(body_ranges(parts, max_searched_octets_of_body), octets.subspan(1));
    return text;
}

}  // namespace hauspost::query
