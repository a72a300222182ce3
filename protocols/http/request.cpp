#include "protocols/http/request.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hauspost::http {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 7> method_names = {"GET",   "HEAD",   "POST",   "PUT",
                                                          "PATCH", "DELETE", "OPTIONS"};

}  // namespace

std::string_view name_of(method what) noexcept {
    return method_names[static_cast<std::size_t>(what)];
}

std::optional<method> find_method(std::string_view name) noexcept {
    const auto found = std::find(method_names.begin(), method_names.end(), name);
    if (found == method_names.end()) return std::nullopt;
    return static_cast<method>(found - method_names.begin());
}

const std::string* request_head::parameter(std::string_view name) const noexcept {
    for (const auto& one : query)
        if (one.name == name) return &one.value;
    return nullptr;
}

}  // namespace hauspost::http
