#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/search_run.hpp"

#include <utility>

namespace hauspost::imap {

/// RFC 9051 6.4.4, RFC 3501 6.4.4; UID SEARCH 6.4.9.
awaitable<answer> connection::on(const cmd::search& wanted) {
    auto program = wanted.program;
    search_run searching(*this, std::move(program));
    auto refused = co_await searching.run();
    if (refused) co_return std::move(*refused);
    mailbox_view::cursor cursor(selected_->view);
    writer().raw("* SEARCH");
    for (const auto id : searching.found()) {
        writer().raw(' ').number(wanted.by_uid ? id.value() : cursor.sequence_of(id));
        if (!co_await make_room()) co_return replies::connection_lost();
    }
    writer().crlf();
    co_return replies::ok("Searched");
}

}  // namespace hauspost::imap
