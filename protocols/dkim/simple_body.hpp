#pragma once

#include "base/function_ref.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::dkim {

/// The "simple" form of a body, in one pass: empty lines at its end are ignored, and it ends with a
/// line end, also when there is nothing else. RFC 6376 3.4.3
///
/// Calling sequence: feed() as often as wanted, the octets cut anywhere; then finish(). Holds no
/// octets, whatever comes. Pure.
class simple_body {
public:
    using consumer = function_ref<void(std::string_view)>;

    /// out  called with the pieces of the form, in order, most of them views of `octets`
    void feed(std::string_view octets, consumer out);
    void finish(consumer out);

private:
    void pass_waiting(consumer out);

    std::uint64_t waiting_lines_ = 0;  // line ends that may be the body's last
    bool after_cr_ = false;
};

}  // namespace hauspost::dkim
