#pragma once

#include <string>
#include <string_view>

namespace hauspost::message {

/// Decodes quoted-printable. Broken escapes stay as they are written; white space before a line end
/// is dropped. Input may be cut anywhere. RFC 2045 6.7.
class quoted_printable_decoder {
public:
    /// Appends what can be decoded so far to `out`.
    void feed(std::string_view octets, std::string& out);
    /// The end of input: what was held back is settled.
    void finish(std::string& out);

private:
    [[nodiscard]] static std::size_t feed_lines(std::string_view octets, std::string& out);
    [[nodiscard]] bool escape(char c, std::string& out);  // false: c was not taken
    std::string spaces_;   // white space that is dropped when a line end follows
    std::string escaped_;  // an escape that is not complete, from its "="
};

}  // namespace hauspost::message
