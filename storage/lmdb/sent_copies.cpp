#include "storage/lmdb/sent_copies.hpp"

#include "base/octets.hpp"
#include "storage/fault.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"

#include <xxhash.h>

#include <array>
#include <cstdlib>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// A mail program brings its copy within seconds, and one that was without a network within hours.
constexpr std::int64_t seconds_to_merge = 24 * 60 * 60;
constexpr std::size_t max_message_id_octets = 255;
/// Of an account's oldest mailboxes: Sent is made with the account.
constexpr std::size_t mailboxes_looked_at = 200;

constexpr std::size_t filed_row_head = 25;

bool is_recent(std::int64_t at, std::int64_t now) {
    return std::abs(now - at) <= seconds_to_merge;
}

std::optional<mailbox_id> find_sent(const txn& within, account_id account) {
    cursor at(within, table::mailbox);
    bool more = at.seek(account_key(account));
    for (std::size_t n = 0; more && n < mailboxes_looked_at; ++n, more = at.next()) {
        const auto box = mailbox_of(at.key());
        if (box.account != account) break;
        const auto row = decode_mailbox(at.value());
        if (row.use == mail::special_use::sent && row.selectable && !row.removing)
            return box.mailbox;
    }
    return std::nullopt;
}

std::optional<filed_copy> find_filed(const txn& within,
                                     account_id account,
                                     std::string_view message_id) {
    const auto key = filed_key(account, message_id);
    if (key.empty()) return std::nullopt;
    const auto stored = within.get(table::filed, key);
    if (!stored) return std::nullopt;
    auto found = decode_filed(*stored);
    if (found.message_id != message_id) return std::nullopt;
    return found;
}

/// The message stands where it was filed: nobody has moved or expunged it.
bool stands(const txn& within, account_id account, const filed_copy& filed) {
    const mailbox_key box{account, filed.mailbox};
    if (!is_selectable(within, box)) return false;
    const auto row = within.get(table::message, message_key(box, filed.uid));
    return row && decode_message(*row).blob == filed.blob;
}

/// A copy of what was sent, and not a draft or a message that somebody sorts.
bool may_be_sent_copy(const txn& within, const append_request& request) {
    if ((request.flags.system & mail::flags::draft) != 0) return false;
    const auto row = find_mailbox_row(within, request.mailbox);
    if (!row) return false;
    switch (row->use) {
    case mail::special_use::drafts:
    case mail::special_use::junk:
    case mail::special_use::trash: return false;
    default: return true;
    }
}

mail::flag_names flags_of(const txn& within, mailbox_key box, uid id) {
    const auto row = within.get(table::flags, flag_block_key(box, id.value() / 64));
    if (!row) throw fault("a message has no flags");
    numbered_flags numbers;
    numbers.bits = flag_block_view(*row).flags(id.value() % 64);
    numbers.extra = read_extra(within, box, id);
    return name_flags(numbers, read_keywords(within, box));
}

trace_event step_of_owner(const txn& within, trace_step what, account_id account) {
    trace_event step;
    step.step = what;
    step.account = account;
    if (const auto row = find_account_row(within, account)) step.target = row->name;
    return step;
}

}  // namespace

std::string encode(const filed_copy& row) {
    std::string out;
    append_le(out, row.at);
    append_le(out, row.mailbox.value());
    append_le(out, row.uid.value());
    append_le(out, row.blob.value());
    out.push_back(static_cast<char>(row.by));
    out += row.message_id;
    return out;
}

filed_copy decode_filed(std::string_view octets) {
    if (octets.size() <= filed_row_head) throw fault("damaged row in table filed");
    filed_copy row;
    row.at = load_le<std::int64_t>(octets.data());
    row.mailbox = mailbox_id(load_le<std::uint32_t>(octets.data() + 8));
    row.uid = uid(load_le<std::uint32_t>(octets.data() + 12));
    row.blob = blob_id(load_le<std::uint64_t>(octets.data() + 16));
    row.by = static_cast<filed_by>(octets[filed_row_head - 1]);
    row.message_id = octets.substr(filed_row_head);
    return row;
}

std::string filed_key(account_id account, std::string_view message_id) {
    if (message_id.empty() || message_id.size() > max_message_id_octets) return {};
    const auto slot = XXH3_64bits(message_id.data(), message_id.size()) % filed_slots;
    return std::string(std::string_view(
        key_buffer<6>().add(account.value()).add(static_cast<std::uint16_t>(slot))));
}

new_message delivered_message(const write_context& context,
                              const delivery_request& request,
                              const placed_blob& blob) {
    new_message message;
    message.blob = blob.blob;
    message.blob_octets = blob.octets;
    message.internal_date = request.internal_date;
    message.save_date = context.now;
    message.thread = request.thread;
    message.summary = request.summary;
    return message;
}

std::optional<mailbox_key> place_of_sent_copy(const txn& within, const delivery_request& request) {
    if (!request.copy_in_sent) return std::nullopt;
    const auto account = request.copy_in_sent->account;
    const auto row = find_account_row(within, account);
    if (!row || !row->files_sent) return std::nullopt;
    if (!has_room(within, account, request.copy_in_sent->prefix.size() + request.blob->octets()))
        return std::nullopt;
    const auto filed = find_filed(within, account, request.message_id);
    // Of the server's own the message is another one that was sent under the same Message-ID.
    if (filed && filed->by == filed_by::mail_program && stands(within, account, *filed))
        return std::nullopt;
    const auto sent = find_sent(within, account);
    if (!sent) return std::nullopt;
    return mailbox_key{account, *sent};
}

void file_sent_copy(write_context& context,
                    mailbox_key box,
                    const delivery_request& request,
                    const placed_blob& blob) {
    account_edit edit(context, box.account);
    auto message = delivered_message(context, request, blob);
    message.prefix = request.copy_in_sent->prefix;
    message.flags.bits = mail::flags::seen;
    const auto id = insert_message(context, edit, box, message);
    edit.save();
    const auto key = filed_key(box.account, request.message_id);
    if (key.empty()) return;
    context.tx.put(
        table::filed, key,
        encode({context.now, box.mailbox, id, blob.blob, filed_by::server, request.message_id}));
}

void note_sent_copy(write_context& context, const delivery_request& request, blob_id blob) {
    if (request.trace.empty()) return;
    auto step = step_of_owner(context.tx, trace_step::filed, request.copy_in_sent->account);
    step.id = request.trace.front().id;
    step.blob = blob;
    context.trace.push_back(std::move(step));
}

void pair_with_brought_copy(write_context& context, const delivery_request& request) {
    const auto key = filed_key(request.copy_in_sent->account, request.message_id);
    const auto filed = find_filed(context.tx, request.copy_in_sent->account, request.message_id);
    if (filed && filed->by == filed_by::mail_program) context.tx.remove(table::filed, key);
}

std::optional<copy_to_merge> find_copy_to_merge(const txn& within, const append_request& request) {
    const auto account = request.mailbox.account;
    const auto filed = find_filed(within, account, request.message_id);
    if (!filed || filed->by != filed_by::server || !stands(within, account, *filed) ||
        !may_be_sent_copy(within, request))
        return std::nullopt;
    const mailbox_key box{account, filed->mailbox};
    return copy_to_merge{box, filed->uid, filed->blob, flags_of(within, box, filed->uid)};
}

void take_merged_copy(write_context& context,
                      account_edit& edit,
                      const append_request& request,
                      const copy_to_merge& copy) {
    const std::array<uid, 1> old{copy.uid};
    expunge_messages(context, edit, copy.box, old);
    context.tx.remove(table::filed, filed_key(copy.box.account, request.message_id));
}

void free_merged_copy(write_context& context, const copy_to_merge& copy) {
    const auto key = expunged_key(copy.box.account, context.now, copy.box.mailbox, copy.uid);
    if (const auto row = context.tx.get(table::expunged, key))
        purge_expunged(context, {std::string(key), std::string(*row)}, trace_door::none);
    auto step = step_of_owner(context.tx, trace_step::replaced, copy.box.account);
    step.blob = copy.blob;
    context.trace.push_back(std::move(step));
}

void note_brought_copy(write_context& context,
                       const append_request& request,
                       uid id,
                       blob_id blob) {
    const auto key = filed_key(request.mailbox.account, request.message_id);
    // Who moves his old mail here brings thousands that were sent long ago.
    if (key.empty() || !is_recent(request.internal_date.unix_seconds, context.now)) return;
    if (find_mailbox_row(context.tx, request.mailbox)->use != mail::special_use::sent) return;
    context.tx.put(table::filed, key,
                   encode({context.now, request.mailbox.mailbox, id, blob, filed_by::mail_program,
                           request.message_id}));
}

std::vector<std::string> old_filed_keys(const txn& within, std::int64_t now, std::size_t limit) {
    std::vector<std::string> old;
    cursor at(within, table::filed);
    for (bool more = at.first(); more && old.size() < limit; more = at.next())
        if (!is_recent(decode_filed(at.value()).at, now)) old.emplace_back(at.key());
    return old;
}

}  // namespace hauspost::storage::lmdb
