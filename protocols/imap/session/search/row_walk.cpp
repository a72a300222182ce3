#include "protocols/imap/session/search/row_walk.hpp"

#include "protocols/imap/session/core/pace.hpp"

namespace hauspost::imap {
namespace {

constexpr std::size_t sorted_slice_rows = 1'024;
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
    std::span<mail::uid_range> rest = ranges;
    bool is_too_much = false;
    std::uint32_t shown = 0;
    pace walk(session_, "The search takes too long", began_);
    while (!rest.empty()) {
        mailbox_view::cursor cursor(box.view);
        unsigned seen = 0;
        const auto visitor = [&](const storage::message_view& message) {
            const auto sequence = cursor.sequence_of(message.uid);
            shown = sequence;
            if (sequence != 0 && !visit(sequence, message)) is_too_much = true;
            if (is_too_much) return false;
            return ++seen % keys_between_looks != 0 || !session_.is_turn_over();
        };
        const auto next = co_await session_.ports.mail.walk(
            box.key, rest, storage::walk_detail::rows, sorted_slice_rows, visitor);
        if (!next) co_return replies::refused(next.error());
        if (is_too_much) co_return replies::no(code::limit, "There are too many messages for this");
        rest = rest_from(rest, *next);
        if (const auto may = co_await walk.may_go_on(shown, box.view.size()); !may)
            co_return may.end();
    }
    co_return go_on;
}

}  // namespace hauspost::imap
