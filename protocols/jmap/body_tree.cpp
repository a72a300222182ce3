#include "protocols/jmap/body_tree.hpp"

#include "base/utf8.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/part_text.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::jmap {
namespace {

using message::part;

bool is_inline_media(std::string_view type) noexcept {
    return type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/");
}

std::string name_of(const message::content_type& type, const message::content_type& disposition) {
    auto name = disposition.find("filename");
    if (name.empty()) name = type.find("name");
    return message::decode_encoded_words(name);
}

body_part read_part(const part& where, std::string_view prefix, octet_reader read) {
    body_part made;
    made.where = where;
    made.header = prefix;
    const auto octets =
        std::min<std::uint64_t>(where.body - where.header, message::header_limits::max_octets);
    made.header += read(where.header, octets);
    made.type = message::parse_content_type(message::find_field(made.header, "content-type"));
    made.disposition =
        message::parse_content_disposition(message::find_field(made.header, "content-disposition"));
    made.name = name_of(made.type, made.disposition);
    return made;
}

/// The same part with offsets that count from its own first octet.
part alone(const part& where) {
    part made = where;
    made.header = made.body = 0;
    made.end = where.end - where.body;
    return made;
}

/// RFC 8621 4.1.4, as it is written there; nested no deeper than a message is taken apart.
class list_maker {
public:
    explicit list_maker(const body_tree& tree) : tree_(tree) {}
    body_lists lists;

    void run() { go({0}, "mixed", false, true, true); }

private:
    void go(const std::vector<std::size_t>& parts,
            std::string_view multipart,
            bool is_in_alternative,
            bool takes_text,
            bool takes_html) {
        const auto texts = lists.text.size(), htmls = lists.html.size();
        const bool takes_both = takes_text && takes_html;
        for (std::size_t n = 0; n < parts.size(); ++n) {
            const auto& one = tree_[parts[n]];
            const std::string_view type = one.where.type_name;
            if (one.is_multipart()) {
                const auto below = type.substr(std::min(type.find('/') + 1, type.size()));
                go(one.parts, below, is_in_alternative || below == "alternative", takes_text,
                   takes_html);
                continue;
            }
            if (!is_shown(one, n, multipart)) {
                lists.attachments.push_back(parts[n]);
                continue;
            }
            if (multipart == "alternative") {
                if (type == "text/plain" && takes_text)
                    lists.text.push_back(parts[n]);
                else if (type == "text/html" && takes_html)
                    lists.html.push_back(parts[n]);
                else if (type != "text/plain" && type != "text/html")
                    lists.attachments.push_back(parts[n]);
                continue;
            }
            if (is_in_alternative && type == "text/plain") takes_html = false;
            if (is_in_alternative && type == "text/html") takes_text = false;
            if (takes_text) lists.text.push_back(parts[n]);
            if (takes_html) lists.html.push_back(parts[n]);
            if ((!takes_text || !takes_html) && is_inline_media(type))
                lists.attachments.push_back(parts[n]);
        }
        if (multipart == "alternative" && takes_both) share(texts, htmls);
    }

    static bool is_shown(const body_part& one, std::size_t place, std::string_view multipart) {
        const std::string_view type = one.where.type_name;
        if (one.disposition.type == "attachment") return false;
        if (type != "text/plain" && type != "text/html" && !is_inline_media(type)) return false;
        return place == 0 ||
               (multipart != "related" && (is_inline_media(type) || one.name.empty()));
    }

    /// A part that there is in one form alone stands in both lists.
    void share(std::size_t texts, std::size_t htmls) {
        const auto append = [](std::vector<std::size_t>& to, const std::vector<std::size_t>& from,
                               std::size_t begin) {
            to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin), from.end());
        };
        const bool has_text = lists.text.size() != texts, has_html = lists.html.size() != htmls;
        if (!has_text && has_html) append(lists.text, lists.html, htmls);
        if (has_text && !has_html) append(lists.html, lists.text, texts);
    }

    const body_tree& tree_;
};

}  // namespace

body_tree make_body_tree(const std::vector<part>& parts,
                         std::string_view prefix,
                         octet_reader read) {
    body_tree tree;
    std::vector<std::size_t> above;  // places of the multiparts around
    std::size_t closed_below = SIZE_MAX;
    for (const auto& where : parts) {
        if (where.depth > closed_below) continue;
        closed_below = where.type == part::kind::message ? where.depth : SIZE_MAX;
        const auto at = tree.size();
        tree.push_back(read_part(where, at == 0 ? prefix : std::string_view(), read));
        above.resize(std::min<std::size_t>(above.size(), where.depth));
        auto& made = tree.back();
        if (!above.empty()) tree[above.back()].parts.push_back(at);
        for (std::size_t n = 1; n < above.size(); ++n)
            made.id += std::to_string(tree[above[n]].where.number) + '.';
        made.id += std::to_string(at == 0 ? 1 : where.number);
        above.push_back(at);
    }
    for (auto& one : tree)
        if (one.is_multipart()) one.id.clear();
    return tree;
}

body_lists make_body_lists(const body_tree& tree) {
    if (tree.empty()) return {};
    list_maker maker(tree);
    maker.run();
    return std::move(maker.lists);
}

bool has_attachment(const body_tree& tree, const body_lists& lists) {
    return std::any_of(lists.attachments.begin(), lists.attachments.end(), [&](std::size_t at) {
        const auto& one = tree[at];
        const bool is_in_text = is_inline_media(one.where.type_name) &&
                                (one.disposition.type == "inline" ||
                                 !message::find_field(one.header, "content-id").empty());
        return !is_in_text && one.disposition.type != "inline";
    });
}

std::uint64_t decoded_size(const part& where, octet_reader read) {
    constexpr std::uint64_t short_octets = 64 * 1024;
    const auto octets = where.end - where.body;
    const auto how = message::transfer_encoding_of(where.encoding);
    using message::transfer_encoding;
    if (how == transfer_encoding::identity || how == transfer_encoding::unknown) return octets;
    if (how == transfer_encoding::base64 && octets > short_octets) {
        const auto line_ends = std::min(octets, std::uint64_t{where.lines} * 2);
        const auto tail = read(where.end - 8, 8);
        const auto padding = static_cast<std::uint64_t>(std::count(tail.begin(), tail.end(), '='));
        const auto whole = (octets - line_ends) / 4 * 3;
        return whole - std::min(whole, padding);
    }
    return decoded_part(where, read).size();
}

std::string decoded_part(const part& where, octet_reader read) {
    const auto octets = read(where.body, where.end - where.body);
    return message::decoded_octets(octets, alone(where), SIZE_MAX);
}

body_value read_body_value(const part& where, std::size_t most, octet_reader read) {
    // Twice as much, since line ends are made one octet of two, and UTF-16 takes two for a letter;
    // more, so that what is cut is seen.
    constexpr std::size_t more = 8;
    const auto decoded = most * 2 + more;
    // No encoding makes more than six octets of one, but line ends and base64's blanks are free.
    const auto octets = read(where.body, std::min<std::uint64_t>(where.end - where.body,
                                                                 std::uint64_t{most} * 6 + 65'536));
    auto place = alone(where);
    place.end = octets.size();
    body_value made;
    made.text = message::decoded_text(octets, place, decoded);
    std::erase(made.text, '\r');
    made.is_truncated = made.text.size() > most || octets.size() < where.end - where.body;
    // Of line ends alone, or of a charset that shrinks, little may be left of a text that was cut.
    if (!made.is_truncated && octets.size() >= decoded)
        made.is_truncated = message::decoded_octets(octets, place, decoded).size() >= decoded;
    if (made.text.size() > most) made.text.resize(utf8::truncated(made.text, most).size());
    if (made.is_truncated && where.type_name == "text/html") {
        const auto open = made.text.rfind('<');
        if (open != std::string::npos && made.text.find('>', open) == std::string::npos)
            made.text.resize(open);
    }
    made.has_problem =
        message::transfer_encoding_of(where.encoding) == message::transfer_encoding::unknown ||
        made.text.find("\xEF\xBF\xBD") != std::string::npos;
    return made;
}

}  // namespace hauspost::jmap
