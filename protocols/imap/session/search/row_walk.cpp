#include "protocols/imap/session/search/row_walk.hpp"

#include "protocols/imap/session/core/pace.hpp"

namespace hauspost::imap {
namespace {

constexpr unsigned keys_between_looks = 16;

}  // namespace

mail::uid_ranges to_ranges(const mailbox_view& view, std::span<const uid> ids) {
    mail::uid_ranges ranges;
    mailbox_view::cursor cursor(view);
    std::uint32_t before = 0;
    for (const auto id : ids) {
        const auto sequence = cursor.sequence_of(id);
        if (sequence == 0) continue;
        if (!ranges.empty() && sequence == before + 1)
            ranges.back().last = id;
        else if (ranges.empty() || sequence != before)
            ranges.push_back({id, id});
        before = sequence;
    }
    return ranges;
}

awaitable<or_answer<>> row_walk::run(
    mail::uid_ranges ranges,
    function_ref<bool(std::uint32_t, const storage::message_view&)> visit) {
    const auto& box = *session_.state.selected;
    const auto rows =
        session_.ports.mail.walk(box.key, std::move(ranges), storage::walk_detail::rows);
    bool is_too_much = false;
    std::uint32_t shown = 0;
    pace walk(session_, "The search takes too long", began_);
    while (!rows->is_done()) {
        mailbox_view::cursor cursor(box.view);
        unsigned seen = 0;
        const auto visitor = [&](const storage::message_view& message) {
            const auto sequence = cursor.sequence_of(message.uid);
            shown = sequence;
            if (sequence != 0 && !visit(sequence, message)) is_too_much = true;
            if (is_too_much) return false;
            return ++seen % keys_between_looks != 0 || !session_.is_turn_over();
        };
        const auto refused = co_await rows->next(visitor);
        if (refused) co_return replies::refused(refused);
        if (is_too_much) co_return replies::no(code::limit, "There are too many messages for this");
        if (const auto may = co_await walk.may_go_on(shown, box.view.size()); !may)
            co_return may.end();
    }
    co_return go_on;
}

}  // namespace hauspost::imap
