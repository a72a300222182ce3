#include "protocols/jmap/session/call.hpp"

#include "protocols/jmap/json_text.hpp"
#include "protocols/jmap/limits.hpp"
#include "storage/errc.hpp"

#include <algorithm>
#include <unordered_set>

namespace hauspost::jmap {

const visible_account* find_account(const call_context& with,
                                    const json::object& arguments,
                                    std::optional<method_error>& wrong) {
    const auto* given = arguments.if_contains("accountId");
    if (given == nullptr || !given->is_string()) {
        wrong = wrong_argument("\"accountId\" is the id of an account.");
        return nullptr;
    }
    const auto id = view_of(given->get_string());
    const auto found = std::find_if(with.accounts.begin(), with.accounts.end(),
                                    [&](const auto& one) { return one.id == id; });
    if (found != with.accounts.end()) return &*found;
    wrong.emplace(errors::account_not_found, "The session lists the accounts that there are.");
    return nullptr;
}

namespace {

bool read_texts(const json::value& given, std::vector<std::string>& into) {
    const auto* list = given.if_array();
    if (list == nullptr) return false;
    std::unordered_set<std::string_view> known;
    for (const auto& one : *list) {
        if (!one.is_string()) return false;
        const auto text = view_of(one.get_string());
        if (known.insert(text).second) into.emplace_back(text);
    }
    return true;
}

}  // namespace

get_arguments parse_get(const json::object& arguments, std::optional<method_error>& wrong) {
    get_arguments made;
    const auto* ids = arguments.if_contains("ids");
    made.is_all = ids == nullptr || ids->is_null();
    if (!made.is_all && !read_texts(*ids, made.ids))
        wrong = wrong_argument("\"ids\" is a list of ids, or null.");
    if (made.ids.size() > request_limits::max_objects_in_get)
        wrong.emplace(errors::request_too_large, "A /get may name 1,000 ids.");
    const auto* properties = arguments.if_contains("properties");
    made.has_properties = properties != nullptr && !properties->is_null();
    if (made.has_properties && !read_texts(*properties, made.properties))
        wrong = wrong_argument("\"properties\" is a list of names, or null.");
    std::erase(made.properties, "id");
    return made;
}

bool get_arguments::wants(std::string_view property) const noexcept {
    return !has_properties ||
           std::find(properties.begin(), properties.end(), property) != properties.end();
}

state_digest& state_digest::add(std::string_view text) noexcept {
    for (const char c : text)
        value_ = (value_ ^ static_cast<unsigned char>(c)) * 1'099'511'628'211u;
    return add(text.size());
}

state_digest& state_digest::add(std::uint64_t number) noexcept {
    for (int n = 0; n < 8; ++n, number >>= 8)
        value_ = (value_ ^ (number & 0xff)) * 1'099'511'628'211u;
    return *this;
}

std::string state_digest::text() const {
    static constexpr std::string_view hex = "0123456789abcdef";
    std::string made;
    for (int shift = 60; shift >= 0; shift -= 4)
        made += hex[value_ >> shift & 15];
    return made;
}

std::string email_state(const visible_account& of) {
    state_digest digest;
    for (const auto& info : of.readable())
        digest.add(info.id.value())
            .add(info.counters.uid_validity.value())
            .add(info.counters.highest_modseq.value());
    return digest.text();
}

method_error to_method_error(error_code refused) {
    if (refused == make_error_code(storage::errc::busy))
        return {errors::server_unavailable, "The server is busy. Try again in some seconds."};
    if (refused == make_error_code(storage::errc::no_such_account))
        return {errors::account_not_found, ""};
    return {errors::server_fail, "The store refused: " + refused.message()};
}

}  // namespace hauspost::jmap
