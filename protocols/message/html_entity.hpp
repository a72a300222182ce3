#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::message {

/// Decodes the character reference that html begins with ("&eacute;", "&#233;", "&#xe9;") to UTF-8
/// and appends it: all names of HTML, and those without a semicolon that browsers take. What is
/// none is appended as "&".
///
/// html     begins with "&"
/// Returns  octets taken, at least 1; looks at no more than the longest name
/// Source   HTML Living Standard 13.5 and 13.2.5.72 to 80
std::size_t take_html_entity(std::string_view html, std::string& out);

}  // namespace hauspost::message
