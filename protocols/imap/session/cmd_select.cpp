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
    const auto info = co_await ports_.mail.find(user_.account, std::move(name));
    if (!info) co_return replies::refused(info.error());
    const storage::mailbox_key key{user_.account, info->id};
    auto opened = co_await ports_.mail.open(key);
    if (!opened) co_return replies::refused(opened.error());

    auto box = std::make_unique<selected_mailbox>();
    box->key = key;
    box->name = opened->info.name;
    box->read_only = wanted.read_only;
    box->keywords = std::move(opened->keywords);
    box->synced = opened->info.counters.highest_modseq;
    const auto blocks = to_presence(opened->uids);
    box->view.reset(blocks);

    const auto& counters = opened->info.counters;
    write_flag_lines(out_, box->keywords, box->read_only);
    writer().numbered(box->view.size(), "EXISTS").numbered(0, "RECENT");
    if (const auto first = box->view.sequence_of(opened->first_unseen))
        writer().untagged(status::ok, "UNSEEN " + std::to_string(*first), "First unseen message");
    writer().untagged(status::ok, "UIDVALIDITY " + std::to_string(counters.uid_validity.value()),
                      "UIDs stay valid");
    writer().untagged(status::ok, "UIDNEXT " + std::to_string(counters.uid_next.value()),
                      "Next UID");
    writer().untagged(status::ok, mailbox_id_words(key.account, key.mailbox), "Object id");
    selected_ = std::move(box);
    phase_ = phase::selected;
    co_return answer(status::ok, wanted.read_only ? code::read_only : code::read_write,
                     "Mailbox is open");
}

/// RFC 9051 6.4.1: expunges without telling.
awaitable<answer> connection::on(const cmd::close&) {
    if (!selected_->read_only) {
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
