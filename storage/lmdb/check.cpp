#include "storage/lmdb/check.hpp"

#include "storage/ban_store.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/ban_rows.hpp"
#include "storage/lmdb/check_account.hpp"
#include "storage/lmdb/check_octets.hpp"
#include "storage/lmdb/check_owner.hpp"
#include "storage/lmdb/check_references.hpp"
#include "storage/lmdb/check_senders.hpp"
#include "storage/lmdb/check_sharing.hpp"
#include "storage/lmdb/forward_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/secret_rows.hpp"
#include "storage/lmdb/sent_copies.hpp"
#include "storage/lmdb/setting_rows.hpp"
#include "storage/lmdb/sign_in_rows.hpp"
#include "storage/lmdb/tls_rows.hpp"
#include "storage/lmdb/trace_rows.hpp"
#include "storage/lmdb/traffic_rows.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

void add(check_report& report, std::string finding) {
    constexpr std::size_t enough = 1000;  // a store this broken needs a backup, not a list
    if (report.findings.size() < enough) report.findings.push_back(std::move(finding));
}

/// Each account in a snapshot of its own. Returns how many of its rows point to each blob.
blob_counts check_accounts(environment& env,
                           check_report& report,
                           function_ref<void(std::string)> find) {
    blob_counts references;
    account_id account;
    do {
        const read_txn tx(env);
        account = next_account_of_rows(tx, account_id(account.value() + 1));
        if (!account) break;
        const auto figures = check_account(tx, account, references, find);
        report.mailboxes += figures.mailboxes;
        report.messages += figures.messages;
    } while (account.value() != UINT32_MAX);
    return references;
}

/// nullopt: it is an alias.
std::optional<account_id> account_of_address(std::string_view value) {
    octet_reader in(value);
    if (in.number<char>() != static_cast<char>(address_kind::account)) return std::nullopt;
    return account_id(in.number<std::uint32_t>());
}

void check_directory(const txn& tx, check_report& report, function_ref<void(std::string)> find) {
    cursor at(tx, table::account);
    for (bool more = at.first(); more; more = at.next()) {
        const account_id id(load_be<std::uint32_t>(at.key().data()));
        const auto row = decode_account(id, at.value());
        ++report.accounts;
        if (!tx.get(table::address, row.name))
            find(
                fmt::format("account {} \"{}\" is not found by its address", id.value(), row.name));
        if (find_mailbox(tx, id, "INBOX") != inbox)
            find(fmt::format("account {} has no INBOX", id.value()));
    }
    cursor names(tx, table::address);
    for (bool more = names.first(); more; more = names.next()) {
        const auto owner = account_of_address(names.value());
        if (owner && !find_account_row(tx, *owner))
            find(fmt::format("the address \"{}\" refers to no account", names.key()));
    }
}

void check_removed(const txn& tx, function_ref<void(std::string)> find) {
    cursor at(tx, table::removed);
    for (bool more = at.first(); more; more = at.next()) {
        const account_id id(load_be<std::uint32_t>(at.key().data()));
        if (find_account_row(tx, id) || !find_totals(tx, id))
            find(fmt::format("account {} \"{}\" is kept as a removed one and is none", id.value(),
                             decode_removed(at.value()).name));
    }
}

void check_secrets(const txn& tx, function_ref<void(std::string)> find) {
    cursor at(tx, table::secret);
    for (bool more = at.first(); more; more = at.next()) {
        try {
            (void)decode_secret(at.key(), at.value());
        } catch (const fault&) {
            find(fmt::format("the secret \"{}\" is damaged", at.key()));
        }
    }
}

/// The form of its rows; what they name may be long gone. In short snapshots.
void check_traffic(environment& env, function_ref<void(std::string)> find) {
    try {
        const read_txn tx(env);
        (void)traffic_rows::read(tx, 0);
    } catch (const fault&) {
        find("a row of the traffic counters is damaged");
    }
}

void check_bans(environment& env, function_ref<void(std::string)> find) {
    try {
        const read_txn tx(env);
        if (tx.count(table::ban) > ban_store::max_bans) find("there are too many bans");
        (void)ban_rows::read(tx);
    } catch (const fault&) {
        find("a row of the bans is damaged");
    }
}

/// The form of its rows: which values an item may have the configuration knows.
void check_settings(const txn& tx, function_ref<void(std::string)> find) {
    cursor at(tx, table::setting);
    for (bool more = at.first(); more; more = at.next()) {
        try {
            (void)setting_rows::decode(at.key(), at.value());
        } catch (const fault&) {
            find(fmt::format("the setting \"{}\" is damaged", at.key()));
        }
    }
}

/// Each belongs to an account that is there.
void check_sign_ins(const txn& tx, function_ref<void(std::string)> find) {
    cursor at(tx, table::sign_in);
    for (bool more = at.first(); more; more = at.next()) {
        try {
            const auto row = sign_in_rows::decode(at.key(), at.value());
            if (!find_account_row(tx, row.seen.account))
                find(fmt::format("there is a sign-in to account {}, which is gone",
                                 row.seen.account.value()));
        } catch (const fault&) {
            find("a row of the sign-ins is damaged");
        }
    }
}

void check_trace(environment& env, function_ref<void(std::string)> find) {
    constexpr std::size_t rows_of_a_slice = 20'000;
    std::string from;
    for (bool more = true; more;) {
        const read_txn tx(env);
        cursor at(tx, table::trace);
        more = from.empty() ? at.first() : at.seek(from) && (at.key() != from || at.next());
        for (std::size_t n = 0; more && n < rows_of_a_slice; ++n, more = at.next()) {
            from = at.key();
            try {
                (void)trace_rows::decode(trace_rows::place_of(at.key()), at.value());
            } catch (const fault&) {
                find("a row of the trace is damaged");
            }
        }
    }
}

/// What a row refers to may be gone since; the row itself must be readable.
void check_filed(const txn& tx, function_ref<void(std::string)> find) {
    cursor at(tx, table::filed);
    for (bool more = at.first(); more; more = at.next()) {
        try {
            (void)decode_filed(at.value());
        } catch (const fault&) {
            find(fmt::format("what is remembered of a message in Sent of account {} is damaged",
                             load_be<std::uint32_t>(at.key().data())));
        }
    }
}

void check_forward_states(const txn& tx, function_ref<void(std::string)> find) {
    cursor at(tx, table::forward_state);
    for (bool more = at.first(); more; more = at.next()) {
        try {
            const auto row = decode_forward_state(at.key(), at.value());
            if (!leads_to(tx, row.way))
                find(fmt::format("\"{}\" is kept as a target of \"{}\" and is none", row.way.target,
                                 row.way.by));
        } catch (const fault&) {
            find(fmt::format("the forward state \"{}\" is damaged", at.key()));
        }
    }
}

/// What sending remembers of secure ways to other domains.
void check_tls(const txn& tx, function_ref<void(std::string)> find) {
    cursor policy(tx, table::tls_policy);
    for (bool more = policy.first(); more; more = policy.next()) {
        try {
            (void)tls_rows::decode_policy(policy.key(), policy.value());
        } catch (const fault&) {
            find(fmt::format("the MTA-STS policy of \"{}\" is damaged", policy.key()));
        }
    }
    cursor result(tx, table::tls_result);
    for (bool more = result.first(); more; more = result.next()) {
        try {
            (void)tls_rows::decode_result(result.key(), result.value());
        } catch (const fault&) {
            find("a count of TLS sessions is damaged");
        }
    }
}

}  // namespace

check_report check_store(environment& env,
                         segment_files& files,
                         function_ref<void()> before_each_body) {
    check_report report;
    const auto find = [&report](std::string finding) { add(report, std::move(finding)); };
    auto references = check_accounts(env, report, find);
    const auto figures = check_references(env, std::move(references), find);
    report.blobs = figures.blobs;
    report.octets = figures.octets;
    {
        const read_txn tx(env);
        check_directory(tx, report, find);
        check_removed(tx, find);
        check_rights(tx, find);
        check_secrets(tx, find);
        check_filed(tx, find);
        check_forward_states(tx, find);
        check_tls(tx, find);
        check_sign_ins(tx, find);
        check_settings(tx, find);
    }
    check_senders(env, find);
    check_owner(env, find);
    check_traffic(env, find);
    check_bans(env, find);
    check_trace(env, find);
    check_octets(env, files, find, before_each_body);
    return report;
}

}  // namespace hauspost::storage::lmdb
