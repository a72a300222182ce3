#include "storage/expunged_message.hpp"

#include <charconv>

namespace hauspost::storage {
namespace {

/// Takes a number and the "." behind it off the front. False: there is none.
template <class Number>
bool take_number(std::string_view& text, Number& into, bool is_last = false) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), into);
    if (read.ec != std::errc() || text.empty() || text.front() == '-') return false;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (is_last) return text.empty();
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string to_text(const expunged_place& place) {
    return std::to_string(place.account.value()) + '.' + std::to_string(place.at) + '.' +
           std::to_string(place.mailbox.value()) + '.' + std::to_string(place.uid.value());
}

std::optional<expunged_place> parse_expunged_place(std::string_view text) {
    std::uint32_t account = 0, mailbox = 0, id = 0;
    expunged_place place;
    if (!take_number(text, account) || !take_number(text, place.at) ||
        !take_number(text, mailbox) || !take_number(text, id, true))
        return std::nullopt;
    place.account = account_id(account);
    place.mailbox = mailbox_id(mailbox);
    place.uid = hauspost::uid(id);
    return place;
}

}  // namespace hauspost::storage
