#pragma once

#include "protocols/dkim/signature.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::dkim {

/// Appends the "relaxed" form of one header field: its name in lower case, its value on one line
/// with single spaces and none at its ends. RFC 6376 3.4.2
///
/// field  whole, folded or not, with or without its last line end; the form has no line end
void append_relaxed_field(std::string& out, std::string_view field);

/// The fields of a header for looking up by name, the last one first, as signing takes them
/// (RFC 6376 5.4.2). Views of the octets.
class field_index {
public:
    /// header  fields up to the end or an empty line
    /// Returns nullopt when a line is no field, or there is more than message::header_limits allow:
    ///         other readers would disagree about what was signed
    [[nodiscard]] static std::optional<field_index> of(std::string_view header);

    /// How many of that name there are; case does not count.
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

    /// What is hashed of a header: for each name its next field counted from the end, nothing when
    /// there is none left, each with CRLF; then the signature's own field without CRLF. RFC 6376
    /// 3.7, 5.4.2
    ///
    /// names      as h= has them
    /// own_field  the DKIM-Signature field, its b= emptied
    [[nodiscard]] std::string signed_octets(
        const std::vector<std::string>& names,
        std::string_view own_field,
        canonicalization form = canonicalization::relaxed) const;

private:
    struct field {
        std::string name;  // in lower case
        std::string_view raw;
    };
    std::vector<field> fields_;  // the last first
};

/// A DKIM-Signature field without the value of its b=, as it was hashed before it was signed.
/// RFC 6376 3.5, 3.7
[[nodiscard]] std::string without_signature(std::string_view field);

}  // namespace hauspost::dkim
