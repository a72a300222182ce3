#pragma once

#include "admin/api/commands.hpp"
#include "base/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin::api {

/// The arguments of a request, each by its key.
///
/// Calling sequence: construct, find_wrong(); when that finds nothing, take them out. All throw
/// std::logic_error for a key that the command does not declare.
class arguments {
public:
    /// Both outlive this object.
    arguments(const command& of, const json::object& request) : of_(of), request_(request) {}

    /// The first that is missing or of a wrong kind; null: none.
    [[nodiscard]] const argument* find_wrong() const;

    /// What is missing is empty, 0 or false.
    [[nodiscard]] std::string text(const char* key) const;
    [[nodiscard]] std::vector<std::string> texts(const char* key) const;
    [[nodiscard]] std::uint64_t number(const char* key) const;
    [[nodiscard]] bool yes(const char* key) const;
    /// What is missing is nullopt.
    [[nodiscard]] std::optional<std::string> text_or_none(const char* key) const;
    [[nodiscard]] std::optional<std::uint64_t> number_or_none(const char* key) const;
    [[nodiscard]] std::optional<bool> yes_or_none(const char* key) const;
    [[nodiscard]] std::optional<secret> secret_or_none(const char* key) const;

private:
    [[nodiscard]] const json::value* find(const char* key) const;

    const command& of_;
    const json::object& request_;
};

}  // namespace hauspost::admin::api
