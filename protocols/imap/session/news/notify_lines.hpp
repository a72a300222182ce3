#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/response/response_writer.hpp"
#include "protocols/imap/session/core/context.hpp"
#include "protocols/imap/view/notify.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// "* METADATA Sent /private/comment": names of annotations alone. RFC 5464 4.4.2
void write_entries(response_writer& writer,
                   std::string_view mailbox,
                   const std::vector<std::string>& names);

/// What NOTIFY has to tell. Precondition: the session's notify_watch shows the picture that the
/// lines were made from.
awaitable<void> tell_news(context& session, const std::vector<notify_line>& lines);

}  // namespace hauspost::imap
