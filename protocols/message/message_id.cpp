#include "protocols/message/message_id.hpp"

#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"

#include <algorithm>

namespace hauspost::message {
namespace {

constexpr std::string_view white_space = " \t\r\n";

/// Keeps the newest ids without ever holding more than twice as many.
void keep(std::vector<std::string>& ids, std::string id) {
    if (id.size() < 3 || id.size() > max_message_id_octets) return;  // "<>" is none
    if (ids.size() >= 2 * max_references)
        ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(max_references));
    ids.push_back(std::move(id));
}

/// What "<" begins: an id, and how many octets it takes.
struct found_id {
    std::string text;
    std::size_t length = 0;
    bool ends = false;
};

/// As RFC 5322 3.6.4 and 4.5.4 have it, with quotes and comments. Another "<" ends it, even within
/// them and behind a backslash: then they were none. So no octet is read more than twice.
found_id read_strictly(std::string_view value) {
    found_id id{"<", 1};
    bool is_quoted = false;
    std::size_t depth = 0;
    for (; id.length < value.size() && value[id.length] != '<'; ++id.length) {
        char c = value[id.length];
        const auto next = value.substr(id.length + 1, 1);
        if (c == '\\' && (is_quoted || depth > 0) && !next.empty() && next != "<") {
            c = value[++id.length];
        } else if (depth > 0 || (c == '(' && !is_quoted)) {
            depth += c == '(' ? 1u : 0u;
            depth -= c == ')' ? 1u : 0u;
            continue;
        } else if (c == '"') {
            is_quoted = !is_quoted;
            continue;
        } else if (c == '>' && !is_quoted) {
            id.ends = true;
            ++id.length;
            break;
        }
        const bool is_kept =
            depth == 0 && c != '\0' && white_space.find(c) == std::string_view::npos;
        if (is_kept && id.text.size() <= max_message_id_octets) id.text += c;
    }
    id.text += '>';
    return id;
}

/// Up to the next ">" or "<", whatever stands between: for ids with half a quote or comment.
found_id read_plainly(std::string_view value) {
    found_id id{"<", 1};
    id.length = std::min(value.find_first_of("<>", 1), value.size());
    id.ends = value.substr(id.length).starts_with('>');
    for (const char c : value.substr(1, std::min(id.length - 1, 2 * max_message_id_octets)))
        if (c != '\0' && white_space.find(c) == std::string_view::npos) id.text += c;
    id.length += id.ends ? 1 : 0;
    id.text += '>';
    return id;
}

/// Ids that lost their "<" and ">": only when nothing else stands there.
std::vector<std::string> bare_ids(std::string_view value) {
    std::vector<std::string> ids;
    for (value = behind_comments(value); !value.empty(); value = behind_comments(value)) {
        const auto word = value.substr(0, value.find_first_of(" \t\r\n,;("));
        if (word.find('@') == std::string_view::npos) return {};
        keep(ids, '<' + std::string(word) + '>');
        value.remove_prefix(word.size());
        while (value.starts_with(',') || value.starts_with(';'))
            value.remove_prefix(1);
    }
    return ids;
}

/// Octets of the comment that value begins with; 0 when it does not end.
std::size_t comment_length(std::string_view value) {
    std::size_t depth = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\') {
            ++i;
        } else if (value[i] == '(') {
            ++depth;
        } else if (value[i] == ')' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

std::vector<std::string> ids_in_brackets(std::string_view value) {
    std::vector<std::string> ids;
    std::string_view marks = "<(";  // what words between ids are passed over for
    for (;;) {
        value.remove_prefix(std::min(value.find_first_of(marks), value.size()));
        if (value.empty()) return ids;
        if (value.front() == '(') {
            const auto length = comment_length(value);
            if (length == 0) marks = "<";  // a sad face is no comment
            value.remove_prefix(length);
            continue;
        }
        auto id = read_strictly(value);
        if (!id.ends) id = read_plainly(value);
        if (id.ends) keep(ids, std::move(id.text));
        value.remove_prefix(id.length);
    }
}

}  // namespace

std::vector<std::string> parse_message_ids(std::string_view value) {
    // Some programs encode long ids as if they were text (RFC 2047 5 forbids it).
    std::string decoded;
    if (value.find('<') == std::string_view::npos && value.find("=?") != std::string_view::npos)
        value = decoded = decode_encoded_words(value);
    auto ids = value.find('<') == std::string_view::npos ? bare_ids(value) : ids_in_brackets(value);
    if (ids.size() > max_references)
        ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(max_references));
    return ids;
}

}  // namespace hauspost::message
