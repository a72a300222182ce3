#pragma once

#include "base/function_ref.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::dkim {

/// The "relaxed" form of a body, in one pass: white space at the ends of lines and empty lines at
/// the end of the body are ignored, all other white space is one space, and a last line without its
/// end gets one. The form of a body without text is empty. RFC 6376 3.4.4
///
/// Lines end with CRLF. A CR or LF alone is given on as it stands and has_bare_line_end() says so:
/// the way out has to make a whole line end of it, and a signature over anything else would not fit
/// what arrives.
///
/// Calling sequence: feed() as often as wanted, the octets cut anywhere; then finish(). Holds no
/// octets, whatever comes. Pure.
class relaxed_body {
public:
    using consumer = function_ref<void(std::string_view)>;

    /// out  called with the pieces of the form, in order; those that need no change are views of
    ///      `octets`
    void feed(std::string_view octets, consumer out);
    void finish(consumer out);

    [[nodiscard]] bool has_bare_line_end() const noexcept { return has_bare_line_end_; }

private:
    void pass_waiting(consumer out);
    [[nodiscard]] std::string_view special(std::string_view octets, consumer out);

    std::uint64_t waiting_lines_ = 0;  // line ends that may be the body's last
    bool waiting_space_ = false;       // may stand before a line end
    bool after_cr_ = false;
    bool has_text_ = false;
    bool has_bare_line_end_ = false;
};

}  // namespace hauspost::dkim
