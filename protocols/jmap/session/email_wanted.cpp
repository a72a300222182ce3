#include "protocols/jmap/json_text.hpp"
#include "protocols/jmap/session/email_view.hpp"

#include <algorithm>
#include <array>

namespace hauspost::jmap {
namespace {

constexpr std::array<std::string_view, 6> row_properties{"blobId",   "threadId", "mailboxIds",
                                                         "keywords", "size",     "receivedAt"};
constexpr std::array<std::string_view, 8> read_properties{
    "preview",  "hasAttachment", "bodyStructure", "bodyValues",
    "textBody", "htmlBody",      "attachments",   "headers"};

constexpr std::array<std::string_view, 24> default_properties{
    "blobId",    "threadId",   "mailboxIds", "keywords", "size",       "receivedAt",
    "messageId", "inReplyTo",  "references", "sender",   "from",       "to",
    "cc",        "bcc",        "replyTo",    "subject",  "sentAt",     "hasAttachment",
    "preview",   "bodyValues", "textBody",   "htmlBody", "attachments"};

constexpr std::array<std::string_view, 13> part_properties{
    "partId",      "blobId", "size",     "headers",  "name",     "type", "charset",
    "disposition", "cid",    "language", "location", "subParts", ""};
constexpr std::array<std::string_view, 10> default_part_properties{
    "partId",  "blobId",      "size", "name",     "type",
    "charset", "disposition", "cid",  "language", "location"};

template <class List>
bool is_among(const List& list, std::string_view name) noexcept {
    return std::find(list.begin(), list.end(), name) != list.end();
}

/// False: there is no such property.
bool add_property(std::string_view name, bool is_of_part, std::vector<asked_property>& into) {
    asked_property made;
    made.name = name;
    made.header = parse_header_property(name);
    if (!made.header && !is_of_part) made.header = find_short_name(name);
    const bool is_known = is_of_part
                              ? !name.empty() && is_among(part_properties, name)
                              : is_among(row_properties, name) || is_among(read_properties, name);
    if (!made.header && !is_known) return false;
    if (std::none_of(into.begin(), into.end(), [&](const auto& one) { return one.name == name; }))
        into.push_back(std::move(made));
    return true;
}

template <class List>
void read_properties_of(const json::object& arguments,
                        std::string_view argument,
                        const List& defaults,
                        bool is_of_part,
                        std::vector<asked_property>& into,
                        std::optional<method_error>& wrong) {
    const auto* given = find_in(arguments, argument);
    if (given == nullptr || given->is_null()) {
        for (const auto name : defaults)
            if (!name.empty()) add_property(name, is_of_part, into);
        return;
    }
    constexpr std::size_t most = 200;
    const auto* list = given->if_array();
    if (list == nullptr || list->size() > most) {
        wrong =
            wrong_argument("\"" + std::string(argument) + "\" is a list of names, at most 200.");
        return;
    }
    for (const auto& one : *list) {
        const bool is_text = one.is_string();
        if (is_text && !is_of_part && one.get_string() == "id") continue;
        if (!is_text || !add_property(view_of(one.get_string()), is_of_part, into)) {
            wrong = wrong_argument("\"" + std::string(argument) +
                                   "\" names a property that there is not, or a form that its "
                                   "field is not read in.");
            return;
        }
    }
}

bool read_fetch_flag(const json::object& arguments,
                     std::string_view name,
                     std::optional<method_error>& wrong) {
    const auto* given = find_in(arguments, name);
    if (given == nullptr) return false;
    if (!given->is_bool()) wrong = wrong_argument("\"" + std::string(name) + "\" is a boolean.");
    return given->is_bool() && given->get_bool();
}

}  // namespace

bool email_wanted::needs_row() const noexcept {
    return std::any_of(properties.begin(), properties.end(), [](const asked_property& one) {
        return one.header || is_among(read_properties, one.name);
    });
}

bool email_wanted::needs_octets() const noexcept {
    return std::any_of(properties.begin(), properties.end(), [](const asked_property& one) {
        return one.header || (one.name != "preview" && is_among(read_properties, one.name));
    });
}

email_wanted parse_wanted(const json::object& arguments, std::optional<method_error>& wrong) {
    email_wanted made;
    read_properties_of(arguments, "properties", default_properties, false, made.properties, wrong);
    read_properties_of(arguments, "bodyProperties", default_part_properties, true,
                       made.body_properties, wrong);
    made.text_values = read_fetch_flag(arguments, "fetchTextBodyValues", wrong);
    made.html_values = read_fetch_flag(arguments, "fetchHTMLBodyValues", wrong);
    made.all_values = read_fetch_flag(arguments, "fetchAllBodyValues", wrong);
    const auto* most = arguments.if_contains("maxBodyValueBytes");
    if (most != nullptr && (!most->is_int64() || most->get_int64() < 0))
        wrong = wrong_argument("\"maxBodyValueBytes\" is an integer that is not negative.");
    else if (most != nullptr)
        made.max_value_octets = static_cast<std::size_t>(most->get_int64());
    return made;
}

}  // namespace hauspost::jmap
