#include "protocols/message/message_id.hpp"

namespace hauspost::message {
namespace {

/// Keeps the newest ids without ever holding more than twice as many.
void keep(std::vector<std::string>& ids, std::string id) {
    if (ids.size() >= 2 * max_references)
        ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(max_references));
    ids.push_back(std::move(id));
}

}  // namespace

std::vector<std::string> parse_message_ids(std::string_view value) {
    std::vector<std::string> ids;
    std::string id;
    bool inside = false, quoted = false, too_long = false;
    std::size_t comment_depth = 0;  // RFC 5322 4.5.4: comments may stand in an id
    for (std::size_t i = 0; i < value.size(); ++i) {
        char c = value[i];
        if (comment_depth > 0) {
            if (c == '\\') ++i;
            if (c == '(') ++comment_depth;
            if (c == ')') --comment_depth;
        } else if (c == '(' && inside && !quoted) {
            comment_depth = 1;
        } else if (c == '<' && !quoted) {
            inside = true;
            too_long = false;
            id.assign(1, '<');
        } else if (inside && c == '>' && !quoted) {
            inside = false;
            if (id.size() > 1 && !too_long) keep(ids, id + '>');
        } else if (inside && c == '"') {
            quoted = !quoted;
        } else if (inside && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\0') {
            if (c == '\\' && quoted && i + 1 < value.size()) c = value[++i];
            too_long = too_long || id.size() + 2 > max_message_id_octets;
            if (!too_long) id.push_back(c);
        }
    }
    if (ids.size() > max_references)
        ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(max_references));
    return ids;
}

}  // namespace hauspost::message
