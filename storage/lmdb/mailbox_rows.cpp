#include "storage/lmdb/mailbox_rows.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/gone_rows.hpp"
#include "storage/lmdb/name_form.hpp"
#include "storage/lmdb/rights_rows.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::string_view inbox_name = "INBOX";

void put_mailbox(write_context& context, mailbox_key box, const mailbox_row& row) {
    context.tx.put(table::mailbox, mailbox_row_key(box), encode(row));
}

void put_name(write_context& context, mailbox_key box, std::string_view name) {
    std::string value;
    append_le(value, box.mailbox.value());
    context.tx.put(table::mailbox_name, name_key(box.account, name), value);
}

mailbox_id add(write_context& context,
               account_edit& edit,
               account_id account,
               const std::string& name,
               mail::special_use use) {
    const mailbox_key box{account, mailbox_id(edit.totals().next_mailbox++)};
    mailbox_row row;
    row.name = name;
    row.use = use;
    put_mailbox(context, box, row);
    put_name(context, box, name);
    edit.add_mailbox(box.mailbox);
    if (const auto slash = name.rfind('/'); slash != std::string::npos)
        if (const auto parent = find_mailbox(context.tx, account, name.substr(0, slash)))
            inherit_rights(context, {account, *parent}, box);
    return box.mailbox;
}

/// (name, id) of all mailboxes whose name begins so, in name order.
std::vector<std::pair<std::string, mailbox_id>> names_below(const txn& within,
                                                            account_id account,
                                                            std::string_view prefix) {
    std::vector<std::pair<std::string, mailbox_id>> found;
    cursor at(within, table::mailbox_name);
    const auto first = name_key(account, prefix);
    for (bool more = at.seek(first); more && at.key().starts_with(first); more = at.next())
        found.emplace_back(std::string(at.key().substr(4)),
                           mailbox_id(load_le<std::uint32_t>(at.value().data())));
    return found;
}

bool has_names_below(const txn& within, account_id account, std::string_view name) {
    cursor at(within, table::mailbox_name);
    const auto first = name_key(account, std::string(name) + "/");
    return at.seek(first) && at.key().starts_with(first);
}

std::size_t count_names(const txn& within, account_id account) {
    cursor at(within, table::mailbox_name);
    const auto prefix = account_key(account);
    std::size_t count = 0;
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        ++count;
    return count;
}

/// Marks a mailbox as going and takes its name away; its messages go in slices of their own.
void begin_going(write_context& context, mailbox_key box, mailbox_row row) {
    row.removing = true;
    put_mailbox(context, box, row);
    context.tx.remove(table::mailbox_name, name_key(box.account, row.name));
    drop_rights(context, box);
    drop_annotations(context, box);
}

/// Names that were left only as parents go with the last mailbox below them.
void drop_empty_parents(write_context& context, account_id account, std::string name) {
    for (auto slash = name.rfind('/'); slash != std::string::npos; slash = name.rfind('/')) {
        name.resize(slash);
        const auto id = find_mailbox(context.tx, account, name);
        if (!id || has_names_below(context.tx, account, name)) return;
        const auto row = find_mailbox_row(context.tx, {account, *id});
        if (row->selectable) return;
        begin_going(context, {account, *id}, *row);
    }
}

std::size_t depth(std::string_view name) {
    return static_cast<std::size_t>(std::count(name.begin(), name.end(), '/')) + 1;
}

/// The parents of a name that are no mailboxes yet, outermost first.
std::vector<std::string> missing_parents(const txn& within,
                                         account_id account,
                                         const std::string& name) {
    std::vector<std::string> missing;
    for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1))
        if (!find_mailbox(within, account, name.substr(0, slash)))
            missing.push_back(name.substr(0, slash));
    return missing;
}

/// Mailboxes take the rights of the one above `top`, the first that is made: are there enough left?
bool may_make_below(const txn& within,
                    account_id account,
                    const std::string& top,
                    std::size_t mailboxes) {
    const auto slash = top.rfind('/');
    if (slash == std::string::npos) return true;
    const auto parent = find_mailbox(within, account, top.substr(0, slash));
    return !parent || may_inherit(within, {account, *parent}, mailboxes);
}

}  // namespace

std::string canonical_name(std::string name) {
    name = composed(std::move(name));
    const auto slash = name.find('/');
    const auto first = std::string_view(name).substr(0, slash);
    if (ascii::equal_nocase(first, inbox_name)) name.replace(0, first.size(), inbox_name);
    return name;
}

bool is_valid_name(std::string_view name) {
    return !name.empty() && name.size() <= max_mailbox_name_octets && utf8::is_valid(name) &&
           std::none_of(name.begin(), name.end(), ascii::is_control) && name.front() != '/' &&
           name.back() != '/' && name.find("//") == std::string_view::npos &&
           depth(name) <= max_mailbox_depth;
}

std::optional<mailbox_id> find_mailbox(const txn& within,
                                       account_id account,
                                       std::string_view name) {
    const auto found = within.get(table::mailbox_name, name_key(account, name));
    if (!found || found->size() != sizeof(std::uint32_t)) return std::nullopt;
    return mailbox_id(load_le<std::uint32_t>(found->data()));
}

std::optional<mailbox_row> find_mailbox_row(const txn& within, mailbox_key box) {
    const auto found = within.get(table::mailbox, mailbox_row_key(box));
    if (!found) return std::nullopt;
    return decode_mailbox(*found);
}

mailbox_info describe_mailbox(const txn& within, mailbox_key box, const mailbox_row& row) {
    mailbox_info info;
    info.id = box.mailbox;
    info.name = row.name;
    info.use = row.use;
    info.selectable = row.selectable;
    info.subscribed = within.get(table::subscription, name_key(box.account, row.name)).has_value();
    if (const auto counters = find_counters(within, box)) info.counters = *counters;
    return info;
}

bool is_mailbox(const txn& within, mailbox_key box) {
    const auto row = find_mailbox_row(within, box);
    return row && !row->removing;
}

bool is_selectable(const txn& within, mailbox_key box) {
    const auto row = find_mailbox_row(within, box);
    return row && row->selectable && !row->removing;
}

mailbox_info describe_mailbox(const txn& within, mailbox_key box) {
    const auto row = find_mailbox_row(within, box);
    if (!row) throw fault("a mailbox has a name and no row");
    return describe_mailbox(within, box, *row);
}

std::vector<named_mailbox> list_names(const txn& within, account_id account) {
    std::vector<named_mailbox> all;
    for (auto& [name, id] : names_below(within, account, ""))
        all.push_back({id, std::move(name)});
    const auto inbox_at = std::find_if(all.begin(), all.end(),
                                       [](const auto& box) { return box.name == inbox_name; });
    if (inbox_at != all.end()) std::rotate(all.begin(), inbox_at, inbox_at + 1);
    return all;
}

std::vector<mailbox_info> list_mailboxes(const txn& within, account_id account) {
    std::vector<mailbox_info> all;
    for (const auto& one : list_names(within, account))
        all.push_back(describe_mailbox(within, {account, one.id}));
    return all;
}

void make_first_mailboxes(write_context& context, account_edit& edit, account_id account) {
    const std::pair<const char*, mail::special_use> first[] = {
        {"INBOX", mail::special_use::none},  {"Drafts", mail::special_use::drafts},
        {"Sent", mail::special_use::sent},   {"Junk", mail::special_use::junk},
        {"Trash", mail::special_use::trash}, {"Archive", mail::special_use::archive},
    };
    for (const auto& [name, use] : first) {
        add(context, edit, account, name, use);
        context.tx.put(table::subscription, name_key(account, name), "");
    }
}

result<mailbox_id> create_mailbox(write_context& context,
                                  account_edit& edit,
                                  account_id account,
                                  const std::string& name,
                                  mail::special_use use,
                                  std::size_t max_mailboxes) {
    if (!is_valid_name(name)) return fail(errc::invalid_name);
    if (context.is_room_low) return fail(errc::disk_full);
    if (const auto there = find_mailbox(context.tx, account, name)) {
        auto row = *find_mailbox_row(context.tx, {account, *there});
        if (row.selectable) return fail(errc::already_exists);
        row.selectable = true;
        row.use = use;
        put_mailbox(context, {account, *there}, row);
        context.touched[account] = modseq(edit.modseq());
        return *there;
    }
    const auto parents = missing_parents(context.tx, account, name);
    if (count_names(context.tx, account) + parents.size() >= max_mailboxes)
        return fail(errc::too_many_mailboxes);
    const auto& top = parents.empty() ? name : parents.front();
    if (!may_make_below(context.tx, account, top, parents.size() + 1))
        return fail(errc::too_many_grants);
    for (const auto& parent : parents)
        add(context, edit, account, parent, mail::special_use::none);
    return add(context, edit, account, name, use);
}

result<mailbox_id> begin_removal(write_context& context,
                                 account_edit& edit,
                                 account_id account,
                                 const std::string& name) {
    const auto id = find_mailbox(context.tx, account, name);
    if (!id) return fail(errc::no_such_mailbox);
    if (name == inbox_name) return fail(errc::not_allowed);
    const mailbox_key box{account, *id};
    const auto row = *find_mailbox_row(context.tx, box);
    const bool has_children = has_names_below(context.tx, account, name);
    if (has_children && !row.selectable) return fail(errc::not_allowed);
    begin_going(context, box, row);
    if (has_children) {
        const auto parent = add(context, edit, account, name, mail::special_use::none);
        mailbox_row empty;
        empty.name = name;
        empty.selectable = false;
        put_mailbox(context, {account, parent}, empty);
    } else {
        drop_empty_parents(context, account, name);
    }
    context.touched[account] = modseq(edit.modseq());
    return *id;
}

bool has_mailboxes(const txn& within, account_id account) {
    cursor at(within, table::mailbox);
    const auto prefix = account_key(account);
    return at.seek(prefix) && at.key().starts_with(prefix);
}

bool begin_some_removals(write_context& context, account_id account, std::size_t most) {
    auto names = names_below(context.tx, account, "");
    if (names.size() <= most) return false;
    names.resize(most);
    for (const auto& [name, id] : names)
        if (name != inbox_name)
            begin_going(context, {account, id}, *find_mailbox_row(context.tx, {account, id}));
    return true;
}

void begin_account_removal(write_context& context, account_id account) {
    for (const auto& [name, id] : names_below(context.tx, account, "")) {
        begin_going(context, {account, id}, *find_mailbox_row(context.tx, {account, id}));
    }
    drop_annotations(context, {account, mailbox_id()});
    drop_grants_to(context, account);
    std::vector<std::string> keys;
    {
        cursor at(context.tx, table::subscription);
        const auto prefix = account_key(account);
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
            keys.emplace_back(at.key());
    }
    for (const auto& key : keys)
        context.tx.remove(table::subscription, key);
}

void finish_removal(write_context& context, account_edit& edit, mailbox_key box) {
    std::vector<std::string> keys;
    const auto collect = [&](table which) {
        cursor at(context.tx, which);
        const auto key = mailbox_row_key(box);
        const std::string_view prefix = key;
        keys.clear();
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
            keys.emplace_back(at.key());
    };
    note_gone_mailbox(context, edit, box);
    for (const auto which : {table::keyword, table::vanished}) {
        collect(which);
        for (const auto& key : keys)
            context.tx.remove(which, key);
    }
    context.tx.remove(table::mailbox, mailbox_row_key(box));
    edit.drop_mailbox(box.mailbox);
}

error_code rename_mailboxes(write_context& context,
                            account_edit& edit,
                            account_id account,
                            const std::string& from,
                            const std::string& to,
                            std::size_t max_mailboxes) {
    const auto id = find_mailbox(context.tx, account, from);
    if (!id) return make_error_code(errc::no_such_mailbox);
    if (!is_valid_name(to)) return make_error_code(errc::invalid_name);
    if (to.starts_with(from + "/")) return make_error_code(errc::not_allowed);
    if (context.is_room_low) return make_error_code(errc::disk_full);
    if (find_mailbox(context.tx, account, to)) return make_error_code(errc::already_exists);
    auto moving = names_below(context.tx, account, from + "/");
    moving.emplace_back(from, *id);
    const bool may_clash = has_names_below(context.tx, account, to);
    for (const auto& [name, box] : moving) {
        const auto renamed = to + name.substr(from.size());
        if (!is_valid_name(renamed)) return make_error_code(errc::invalid_name);
        if (may_clash && find_mailbox(context.tx, account, renamed))
            return make_error_code(errc::already_exists);
    }
    const auto parents = missing_parents(context.tx, account, to);
    if (count_names(context.tx, account) + parents.size() > max_mailboxes)
        return make_error_code(errc::too_many_mailboxes);
    if (!parents.empty() && !may_make_below(context.tx, account, parents.front(), parents.size()))
        return make_error_code(errc::too_many_grants);
    for (const auto& parent : parents)
        add(context, edit, account, parent, mail::special_use::none);
    for (const auto& [name, box] : moving) {
        auto row = *find_mailbox_row(context.tx, {account, box});
        row.name = to + name.substr(from.size());
        put_mailbox(context, {account, box}, row);
        context.tx.remove(table::mailbox_name, name_key(account, name));
        put_name(context, {account, box}, row.name);
    }
    drop_empty_parents(context, account, from);
    context.touched[account] = modseq(edit.modseq());
    return {};
}

}  // namespace hauspost::storage::lmdb
