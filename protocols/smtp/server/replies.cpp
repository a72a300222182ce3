#include "protocols/smtp/server/replies.hpp"

namespace hauspost::smtp {
namespace {

/// RFC 5321 4.5.3.1.5: a reply line has 512 octets.
constexpr std::size_t max_address_octets = 150;

std::string printable(std::string_view text) {
    std::string out(text.substr(0, max_address_octets));
    for (char& c : out)
        if (c < ' ' || c > '~') c = '?';
    return out;
}

}  // namespace

namespace replies {

reply for_recipient(recipient_verdict verdict) noexcept {
    switch (verdict) {
    case recipient_verdict::accepted: return recipient_ok;
    case recipient_verdict::no_such_user: return no_such_user;
    case recipient_verdict::relay_denied: return relay_denied;
    case recipient_verdict::account_disabled: return account_disabled;
    case recipient_verdict::over_quota: return mailbox_full;
    case recipient_verdict::loop: return mail_loop;
    case recipient_verdict::too_many_targets: return too_many_targets;
    case recipient_verdict::too_many_recipients: return too_many_recipients;
    case recipient_verdict::try_again: return local_fault;
    }
    return local_fault;
}

reply for_delivery(delivery_verdict verdict) noexcept {
    switch (verdict) {
    case delivery_verdict::accepted: return ok;
    case delivery_verdict::over_quota: return mailbox_full;
    case delivery_verdict::disk_full: return no_space;
    case delivery_verdict::loop: return mail_loop;
    case delivery_verdict::busy: return busy;
    case delivery_verdict::try_again: return local_fault;
    case delivery_verdict::foreign_author: return foreign_author;
    case delivery_verdict::bad_header: return bad_header;
    case delivery_verdict::over_sending_limit: return over_sending_limit;
    case delivery_verdict::sending_frozen: return sending_frozen;
    }
    return local_fault;
}

std::string foreign_address(std::string_view address, std::string_view login) {
    return '<' + printable(address) + "> is not an address of " + printable(login) +
           "; allowed are the login's own address, its aliases, and addresses that nobody else has "
           "in a domain whose catch-all it is";
}

}  // namespace replies

void append_greeting(std::string& out, std::string_view hostname) {
    out += "220 ";
    out += hostname;
    out += " ESMTP\r\n";
}

void append_hello(std::string& out,
                  std::string_view hostname,
                  const std::vector<std::string>& extensions) {
    out += extensions.empty() ? "250 " : "250-";
    out += hostname;
    out += "\r\n";
    for (std::size_t i = 0; i < extensions.size(); ++i) {
        out += i + 1 == extensions.size() ? "250 " : "250-";
        out += extensions[i];
        out += "\r\n";
    }
}

void append_message_stored(std::string& out, std::string_view id) {
    out += "250 2.6.0 stored as ";
    out += id;
    out += "\r\n";
}

}  // namespace hauspost::smtp
