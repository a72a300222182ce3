#include "protocols/imap/session/connection.hpp"
#include "protocols/imap/session/flag_writer.hpp"
#include "protocols/imap/session/mailbox_lines.hpp"

#include <utility>

namespace hauspost::imap {

/// RFC 9051 6.3.2, RFC 3501 6.3.1: SELECT, and EXAMINE with read_only.
awaitable<answer> connection::on(const cmd::select& wanted) {
    if (phase_ == phase::selected) {
        // RFC 9051 7.1 CLOSED: what follows speaks of the new mailbox.
        writer().untagged(status::ok, code::closed, "The mailbox before is closed");
        deselect();
    }
    std::string name = wanted.mailbox;
    const auto found = co_await permit(std::move(name), right_bits::read);
    if (!found.mailbox) co_return found.refused;
    const auto key = found.mailbox->key();
    auto opened = co_await ports_.mail.open(key);
    if (!opened) co_return replies::refused(opened.error());

    auto box = std::make_unique<selected_mailbox>();
    box->key = key;
    box->name = found.mailbox->info.name;
    box->rights = found.mailbox->rights;
    // RFC 4314 5.2.
    box->read_only = wanted.read_only || !found.mailbox->may_any(writing_rights);
    box->keywords = std::move(opened->keywords);
    box->synced = opened->info.counters.highest_modseq;
    const auto blocks = to_presence(opened->uids);
    box->view.reset(blocks);

    const auto& counters = opened->info.counters;
    write_flag_lines(out_, box->keywords, box->changeable());
    writer().numbered(box->view.size(), "EXISTS").numbered(0, "RECENT");
    if (const auto first = box->view.sequence_of(opened->first_unseen))
        writer().untagged(status::ok, "UNSEEN " + std::to_string(*first), "First unseen message");
    writer().untagged(status::ok, "UIDVALIDITY " + std::to_string(counters.uid_validity.value()),
                      "UIDs stay valid");
    writer().untagged(status::ok, "UIDNEXT " + std::to_string(counters.uid_next.value()),
                      "Next UID");
    writer().untagged(status::ok, mailbox_id_words(key.account, key.mailbox), "Object id");
    const bool is_read_only = box->read_only;
    selected_ = std::move(box);
    if (key.account != user_.account) co_await watch(key.account);
    phase_ = phase::selected;
    co_return answer(status::ok, is_read_only ? code::read_only : code::read_write,
                     "Mailbox is open");
}

/// RFC 9051 6.4.1: expunges without telling.
awaitable<answer> connection::on(const cmd::close&) {
    // RFC 4314 4: without the right to expunge it is only closed.
    if (selected_->may(right_bits::expunge)) {
        auto all = to_store(selected_->view.all());
        const auto key = selected_->key;
        const auto gone = co_await ports_.mail.expunge(key, std::move(all));
        if (!gone && gone.error() != storage::errc::no_such_mailbox)
            co_return replies::refused(gone.error());
    }
    deselect();
    co_return replies::ok("Closed");
}

/// RFC 3691.
awaitable<answer> connection::on(const cmd::unselect&) {
    deselect();
    co_return replies::ok("Closed");
}

}  // namespace hauspost::imap
