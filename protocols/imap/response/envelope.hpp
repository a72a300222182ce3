#pragma once

#include <string_view>

namespace hauspost::imap {

/// Is the subject of this envelope that of a reply or forward? RFC 5256 2.1
/// base_subject  as the summary has it
[[nodiscard]] bool is_reply_or_forward(std::string_view envelope, std::string_view base_subject);

}  // namespace hauspost::imap
