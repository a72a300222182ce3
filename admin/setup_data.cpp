#include "admin/setup_data.hpp"

#include "admin/accounts.hpp"
#include "base/percent_encoding.hpp"

#include <utility>

namespace hauspost::admin {

awaitable<outcome<setup_data>> show_setup_data(ports& at, std::string address) {
    auto found = show_account(at, std::move(address));
    const auto shown = co_await std::move(found);
    if (!shown) co_return shown.error();
    setup_data made;
    made.address = shown->account.account.name;
    made.host = at.published.hostname;
    const auto add = [&made](mail_service::protocol of, std::uint16_t port, bool is_starttls) {
        if (port != 0) made.services.push_back({of, port, is_starttls});
    };
    using enum mail_service::protocol;
    add(imap, at.published.imaps_port, false);
    add(imap, at.published.imap_port, true);
    add(pop3, at.published.pop3s_port, false);
    add(pop3, at.published.pop3_port, true);
    add(smtp, at.published.submissions_port, false);
    add(smtp, at.published.submission_port, true);
    made.profile_url = at.published.profile_url;
    if (!made.profile_url.empty()) append_percent_encoded(made.profile_url, made.address);
    co_return made;
}

}  // namespace hauspost::admin
