#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hauspost::http {

enum class coding : std::uint8_t { identity, gzip, br };

/// "br", "gzip"; "" for identity
[[nodiscard]] std::string_view name_of(coding what) noexcept;

/// Which forms there are beside the octets as they are.
struct codings {
    bool gzip = false;
    bool br = false;
};

/// The form that a client likes best; the smallest one where it does not care.
///
/// accepted  Accept-Encoding; nullopt: it said nothing, and gets the octets as they are
/// Returns   nullopt: it takes none of them (406)
/// RFC       9110 12.5.3, 12.4.2 (weights; an element that is none is passed over)
[[nodiscard]] std::optional<coding> choose_coding(std::optional<std::string_view> accepted,
                                                  codings there);

}  // namespace hauspost::http
