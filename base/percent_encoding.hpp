#pragma once

#include <string>
#include <string_view>

namespace hauspost {

/// Appends a text as a part of a URL has it: what is neither unreserved nor among `kept` becomes
/// "%" and two digits. RFC 3986 2.1, 2.3
void append_percent_encoded(std::string& to, std::string_view text, std::string_view kept = {});

}  // namespace hauspost
