#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::message {

/// What a header may cost. What lies beyond is not parsed; the stored octets
/// stay exact.
struct header_limits {
    static constexpr std::size_t max_field_octets = 256 * 1024;  // of one value, rest cut off
    static constexpr std::size_t max_octets = 2 * 1024 * 1024;   // of all fields together
    static constexpr std::size_t max_fields = 2000;
};

/// One header field. The views live as long as the message's octets.
struct header_field {
    std::string_view name;   // as written, without space before the colon; "" for a line that is
                             // no field (no colon, or an octet that no name may have)
    std::string_view value;  // after the colon, still folded, without the last line end
    std::string_view raw;    // whole, from the first octet of the name to the last line end
};

/// Where a header ends and the body begins: after the first empty line. Lines end with LF or CRLF.
struct header_span {
    std::size_t fields_end = 0;  // one past the last field's line end
    std::size_t body = 0;        // first octet of the body; octets.size() without an empty line
};
[[nodiscard]] header_span find_header_end(std::string_view octets) noexcept;

/// Goes through the fields of a header, in order, without copying.
///
///     for (header_reader reader(octets); reader.next();) use(reader.field());
class header_reader {
public:
    /// octets  a header, or a whole message: reading stops at the first empty line
    explicit header_reader(std::string_view octets) noexcept : rest_(octets) {}

    /// Moves to the next field; false at the end of the header or of a limit.
    [[nodiscard]] bool next() noexcept;
    [[nodiscard]] const header_field& field() const noexcept { return field_; }

private:
    std::string_view rest_;
    header_field field_;
    std::size_t fields_ = 0;
    std::size_t octets_ = 0;
};

/// The value of the first field of that name (without case), still folded; "" when there is none.
[[nodiscard]] std::string_view find_field(std::string_view header, std::string_view name) noexcept;

/// A value on one line: line ends before white space are taken out (RFC 5322 2.2.3), white space
/// around it is trimmed, other CR, LF and NUL octets become spaces.
[[nodiscard]] std::string unfolded(std::string_view value);

/// What follows white space and comments at the start of a structured value. A comment may be
/// nested to any depth; one that does not end takes the rest. RFC 5322 3.2.2
[[nodiscard]] std::string_view behind_comments(std::string_view value) noexcept;

/// A structured value without its comments, on one line: each comment is a space, those at the ends
/// are nothing. What stands in quotes stays. Linear. RFC 5322 3.2.2
[[nodiscard]] std::string without_comments(std::string_view value);

/// The first field's value of that name as people read it: unfolded, encoded words decoded,
/// UTF-8 without control characters.
[[nodiscard]] std::string decoded_field(std::string_view header, std::string_view name);

}  // namespace hauspost::message
