#include "storage/lmdb/check.hpp"

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/check_account.hpp"
#include "storage/lmdb/check_octets.hpp"
#include "storage/lmdb/check_references.hpp"
#include "storage/lmdb/check_sharing.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/secret_rows.hpp"
#include "storage/lmdb/tls_rows.hpp"

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
        check_tls(tx, find);
    }
    check_octets(env, files, find, before_each_body);
    return report;
}

}  // namespace hauspost::storage::lmdb
