#include "storage/lmdb/message_walk.hpp"

#include "storage/lmdb/flag_blocks.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/message_rows.hpp"

#include <bit>

namespace hauspost::storage::lmdb {

using namespace schema;

message_walk::message_walk(const txn& within,
                           mailbox_key box,
                           walk_detail detail,
                           std::uint64_t since)
    : within_(within),
      box_(box),
      detail_(detail),
      since_(since),
      has_extra_keywords_(
          within.get(table::keyword, keyword_key(box, mail::flags::in_word)).has_value()) {
    if (detail != walk_detail::flags_only) rows_.emplace(within, table::message);
}

uid message_walk::run(std::span<const mail::uid_range> ranges,
                      std::size_t max_messages,
                      visitor visit) {
    left_ = max_messages;
    walk_blocks(within_, box_, ranges,
                [&](std::uint32_t number, const flag_block_view& block, std::uint64_t bits) {
                    if (since_ != 0 && block.highest() <= since_) return true;
                    return visit_block(number, block, bits, visit);
                });
    return go_on_;
}

bool message_walk::visit_block(std::uint32_t number,
                               const flag_block_view& block,
                               std::uint64_t bits,
                               visitor visit) {
    for (; bits != 0; bits &= bits - 1) {
        const auto n = static_cast<unsigned>(std::countr_zero(bits));
        if (since_ != 0 && block.modseq(n) <= since_) continue;
        const uid id(number * 64 + n);
        if (left_ == 0) {
            go_on_ = id;
            return false;
        }
        look_at(id, n, block);
        // Whether anything follows shows only at the next message.
        left_ = visit(view_) ? left_ - 1 : 0;
    }
    return true;
}

void message_walk::look_at(uid id, unsigned n, const flag_block_view& block) {
    view_.uid = id;
    view_.flags = block.flags(n);
    view_.modseq = modseq(block.modseq(n));
    if (has_extra_keywords_) {
        extra_keywords_ = read_extra(within_, box_, id);
        view_.extra_keywords = extra_keywords_.empty() ? nullptr : &extra_keywords_;
    }
    if (rows_) look_at_row(id);
}

void message_walk::look_at_row(uid id) {
    // Usually the next row is the one: no search from the root for each message.
    const auto key = message_key(box_, id);
    const bool is_found = (is_positioned_ && rows_->next() && rows_->key() == key) ||
                          (rows_->seek(key) && rows_->key() == key);
    if (!is_found) throw fault("a message that has flags has no row");
    is_positioned_ = true;
    const auto row = decode_message(rows_->value());
    view_.octets = row.octets;
    view_.internal_date = row.internal_date;
    view_.save_date = row.save_date;
    view_.blob = row.blob;
    view_.thread = row.thread;
    view_.prefix = row.prefix;
    view_.summary = detail_ == walk_detail::rows ? whole_summary(within_, box_, id, row, summary_)
                                                 : row.summary;
}

}  // namespace hauspost::storage::lmdb
