#include "protocols/http/header_block.hpp"

#include "base/ascii.hpp"
#include "protocols/http/field_list.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hauspost::http {
namespace {

constexpr std::string_view between = ": ";
constexpr std::string_view line_end = "\r\n";

bool is_field_value(std::string_view value) noexcept {
    return value == ascii::trimmed(value) && std::none_of(value.begin(), value.end(), [](char c) {
               return ascii::is_control(c) && c != '\t';
           });
}

}  // namespace

header_block& header_block::add(std::string_view name, std::string_view value) {
    if (!is_token(name)) throw std::logic_error("a field of a response has no proper name");
    if (!is_field_value(value))
        throw std::logic_error("the value of the field " + std::string(name) +
                               " holds what no field may hold");
    line made{std::string(name), name.size()};
    made.octets += between;
    made.octets += value;
    made.octets += line_end;
    lines_.push_back(std::move(made));
    return *this;
}

header_block& header_block::set(std::string_view name, std::string_view value) {
    std::erase_if(lines_,
                  [name](const line& one) { return ascii::equal_nocase(one.name(), name); });
    return add(name, value);
}

bool header_block::has(std::string_view name) const noexcept {
    return std::any_of(lines_.begin(), lines_.end(),
                       [name](const line& one) { return ascii::equal_nocase(one.name(), name); });
}

std::string_view header_block::value_of(std::string_view name) const noexcept {
    for (const auto& one : lines_) {
        if (!ascii::equal_nocase(one.name(), name)) continue;
        auto value = std::string_view(one.octets).substr(one.name_octets + between.size());
        value.remove_suffix(line_end.size());
        return value;
    }
    return {};
}

void header_block::append_to(std::string& out) const {
    for (const auto& one : lines_)
        out += one.octets;
}

void header_block::append_rest_to(std::string& out, const header_block& first) const {
    for (const auto& one : lines_)
        if (!first.has(one.name())) out += one.octets;
}

}  // namespace hauspost::http
