#pragma once

#include <string>
#include <string_view>

namespace hauspost::message {

struct base_subject_result {
    std::string text;  // UTF-8, white space joined
    bool is_reply_or_forward = false;
};

/// The subject without "Re:", "Fwd:", "[list]" and the like. Linear. RFC 5256 2.1.
///
/// subject  decoded (decode_encoded_words)
[[nodiscard]] base_subject_result base_subject(std::string_view subject);

}  // namespace hauspost::message
