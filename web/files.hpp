#pragma once

#include "protocols/http/static_file.hpp"

#include <span>
#include <string_view>

namespace hauspost::web {

/// The admin page as the build made it: "/index.html", and below "/assets/" what it names, with
/// hashes in the names. Every path of the page that is no file of these is answered with
/// "/index.html": its addresses are read in the browser.
///
/// Lifetime: the program's. Any thread.
[[nodiscard]] std::span<const http::static_file> admin_files() noexcept;

/// Value of Content-Security-Policy for "/index.html" (W3C Content Security Policy Level 3): nothing
/// but the files above and the page's own API; its one inline script by its hash.
[[nodiscard]] std::string_view admin_content_security_policy() noexcept;

}  // namespace hauspost::web
