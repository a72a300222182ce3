#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::http {

/// The fields of a request, in the order in which they came. Names are compared without case
/// (RFC 9110 5.1).
///
/// Views that it gives are valid until add().
class field_list {
public:
    struct field {
        std::string_view name;
        std::string_view value;
    };

    /// name and value as they came, without the white space around the value.
    void add(std::string_view name, std::string_view value);

    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }
    [[nodiscard]] bool is_empty() const noexcept { return places_.empty(); }
    [[nodiscard]] field at(std::size_t index) const noexcept;

    /// The first one of this name.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    /// All of this name as one list, with ", " between (RFC 9110 5.2). nullopt: there is none.
    [[nodiscard]] std::optional<std::string> joined(std::string_view name) const;

private:
    struct place {
        std::uint32_t name_at;
        std::uint32_t name_octets;
        std::uint32_t value_at;
        std::uint32_t value_octets;
    };

    std::string octets_;
    std::vector<place> places_;
};

/// Goes over a list with commas (RFC 9110 5.6.1), empty elements left out. Commas in quoted strings
/// count as commas: no field that we read as a list has any.
class list_reader {
public:
    explicit list_reader(std::string_view list) noexcept : rest_(list) {}
    /// The next element without the white space around it. False: there is none.
    [[nodiscard]] bool next(std::string_view& element) noexcept;

private:
    std::string_view rest_;
};

/// RFC 9110 5.6.2
[[nodiscard]] bool is_token(std::string_view text) noexcept;

}  // namespace hauspost::http
