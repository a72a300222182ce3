#include "admin/api/commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/audited.hpp"
#include "admin/api/ban_commands.hpp"
#include "admin/api/certificate_commands.hpp"
#include "admin/api/help_command.hpp"
#include "admin/api/in_json.hpp"
#include "admin/api/index_commands.hpp"
#include "admin/api/owner_commands.hpp"
#include "admin/api/password_argument.hpp"
#include "admin/api/reach_results.hpp"
#include "admin/api/restore_commands.hpp"
#include "admin/api/results.hpp"
#include "admin/api/setting_commands.hpp"
#include "admin/whole_store.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace hauspost::admin::api {
namespace {

// A handler takes its arguments out and gives the operation, which has not begun yet.

awaitable<answer> account_add(const context& with, const arguments& given) {
    new_account wanted;
    wanted.address = given.text("address");
    wanted.password = given.secret_or_none("password");
    wanted.display_name = given.text("display_name");
    wanted.note = given.text("note");
    wanted.quota_octets = given.number_or_none("quota_octets");
    return in_json(with, add_account(with.at, std::move(wanted)), login_json);
}
awaitable<answer> account_remove(const context& with, const arguments& given) {
    return in_json(with, remove_account(with.at, given.text("address")), removed_json);
}
awaitable<answer> account_rename(const context& with, const arguments& given) {
    auto address = given.text("address");
    auto new_address = given.text("new_address");
    return in_json(with,
                   rename_account(with.at, std::move(address), std::move(new_address),
                                  given.yes("keep_alias")),
                   renamed_json);
}
awaitable<answer> account_purge(const context& with, const arguments& given) {
    return in_json(with, purge_expunged(with.at, given.text("address")), purged_json);
}
awaitable<answer> account_restore(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(
        with, restore_expunged(with.at, std::move(address), given.number_or_none("within_seconds")),
        restored_json);
}
awaitable<answer> account_password(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with,
                   set_password(with.at, std::move(address), given.secret_or_none("password")),
                   login_json);
}
awaitable<answer> account_show(const context& with, const arguments& given) {
    return in_json(with, show_account(with.at, given.text("address")), account_json);
}
awaitable<answer> account_set(const context& with, const arguments& given) {
    about_account wanted;
    wanted.display_name = given.text_or_none("display_name");
    wanted.note = given.text_or_none("note");
    wanted.quota_octets = given.number_or_none("quota_octets");
    wanted.files_sent = given.yes_or_none("files_sent");
    return in_json(with, set_about(with.at, given.text("address"), std::move(wanted)),
                   address_json);
}
awaitable<answer> account_enable(const context& with, const arguments& given) {
    return in_json(with, set_active(with.at, given.text("address"), true), switched_json);
}
awaitable<answer> account_disable(const context& with, const arguments& given) {
    return in_json(with, set_active(with.at, given.text("address"), false), switched_json);
}
awaitable<answer> account_freeze(const context& with, const arguments& given) {
    return in_json(with, freeze_sending(with.at, given.text("address")), address_json);
}
awaitable<answer> account_unfreeze(const context& with, const arguments& given) {
    return in_json(with, unfreeze_sending(with.at, given.text("address")), unfrozen_json);
}
awaitable<answer> account_list(const context& with, const arguments& given) {
    auto after = given.text("after");
    return in_json(with, list_accounts(with.at, std::move(after), given.text("filter")),
                   accounts_json);
}
awaitable<answer> alias_add(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with, add_alias(with.at, std::move(address), given.texts("targets")),
                   led_on_json);
}
awaitable<answer> alias_remove(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with, remove_alias(with.at, std::move(address), given.texts("targets")),
                   removed_json);
}
awaitable<answer> alias_enable(const context& with, const arguments& given) {
    return in_json(with, set_alias_enabled(with.at, given.text("address"), true), address_json);
}
awaitable<answer> alias_disable(const context& with, const arguments& given) {
    return in_json(with, set_alias_enabled(with.at, given.text("address"), false), address_json);
}
awaitable<answer> alias_list(const context& with, const arguments& given) {
    auto after = given.text("after");
    return in_json(with, list_aliases(with.at, std::move(after), given.text("filter")),
                   aliases_json);
}
awaitable<answer> forward_set(const context& with, const arguments& given) {
    auto address = given.text("address");
    auto targets = given.texts("targets");
    return in_json(
        with, set_forward(with.at, std::move(address), std::move(targets), given.yes("keep_copy")),
        led_on_json);
}
awaitable<answer> forward_clear(const context& with, const arguments& given) {
    return in_json(with, clear_forward(with.at, given.text("address")), address_json);
}
awaitable<answer> forward_list(const context& with, const arguments& given) {
    auto after = given.text("after");
    return in_json(with, list_forwards(with.at, std::move(after), given.text("filter")),
                   forwards_json);
}
awaitable<answer> forward_suspended(const context& with, const arguments& given) {
    return in_json(with, list_suspended(with.at, given.text("filter")), suspended_json);
}
awaitable<answer> forward_resume(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with, resume_forward(with.at, std::move(address), given.texts("targets")),
                   address_json);
}
awaitable<answer> domain_add(const context& with, const arguments& given) {
    return in_json(with, add_domain(with.at, given.text("name")), made_domain_json);
}
awaitable<answer> domain_remove(const context& with, const arguments& given) {
    return in_json(with, remove_domain(with.at, given.text("name")), removed_domain_json);
}
awaitable<answer> domain_list(const context& with, const arguments& given) {
    return in_json(with, list_domains(with.at, given.text("filter")), domains_json);
}
awaitable<answer> domain_dns(const context& with, const arguments& given) {
    if (given.yes("check"))
        return in_json(with, check_domain_records(with.at, given.text("name")), checked_json);
    return in_json(with, show_domain_records(with.at, given.text("name")), records_json);
}
awaitable<answer> domain_rotate_keys(const context& with, const arguments& given) {
    return in_json(with, rotate_domain_keys(with.at, given.text("name")), records_json);
}
awaitable<answer> catchall_set(const context& with, const arguments& given) {
    auto name = given.text("name");
    return in_json(with, set_catchall(with.at, std::move(name), given.text("target")),
                   catchall_json);
}
awaitable<answer> catchall_clear(const context& with, const arguments& given) {
    return in_json(with, clear_catchall(with.at, given.text("name")), domain_json);
}
awaitable<answer> run_delivery_test(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with, test_delivery(with.at, std::move(address), given.text("sender")),
                   steps_json);
}
awaitable<answer> run_delivery_reach(const context& with, const arguments&) {
    return in_json(with, check_reachability(with.at), reach_json);
}
awaitable<answer> queue_list(const context& with, const arguments& given) {
    auto after = given.text("after");
    return in_json(with, list_queue(with.at, std::move(after), given.text("filter")), queue_json);
}
awaitable<answer> queue_show(const context& with, const arguments& given) {
    return in_json(with, show_queued(with.at, given.number("id")), queued_json);
}
awaitable<answer> trace(const context& with, const arguments& given) {
    trace_request wanted;
    wanted.about = given.text("about");
    wanted.since = given.text("since");
    wanted.until = given.text("until");
    wanted.account = given.text("account");
    wanted.message_id = given.text("message_id");
    wanted.after = given.text("after");
    wanted.limit = given.number_or_none("limit");
    return in_json(with, trace_mail(with.at, std::move(wanted)), trace_json);
}
awaitable<answer> queue_retry(const context& with, const arguments& given) {
    return in_json(with, retry_queued(with.at, given.number("id")), id_json);
}
awaitable<answer> queue_hold(const context& with, const arguments& given) {
    return in_json(with, hold_queued(with.at, given.number("id")), id_json);
}
awaitable<answer> queue_release(const context& with, const arguments& given) {
    return in_json(with, release_queued(with.at, given.number("id")), id_json);
}
awaitable<answer> queue_drop(const context& with, const arguments& given) {
    return in_json(with, drop_queued(with.at, given.number("id")), id_json);
}

awaitable<answer> check(const context& with, const arguments&) {
    return in_json(with, check_store(with.at), report_json);
}
awaitable<answer> put_back(const context& with, const arguments&) {
    return in_json(with, tell_put_back(with.at));
}

// Arguments that several commands take. The places that help names are those of the command line.
// In a namespace of its own, so that short names of kinds and arguments hide nothing elsewhere.
namespace rows {

using enum argument::kind;
constexpr argument address{"address", text, true, "address", "For example anna@example.org"};
constexpr argument domain{"name", text, true, "domain", "For example example.org"};
constexpr argument id{"id", number, true, "id", "Its number in `queue list`"};
constexpr argument targets{
    "targets", texts, true, "targets",
    "Addresses that get the mail; several are separated by blanks or commas"};
constexpr argument display_name{"display_name", text, false, "--name", "Display name"};
constexpr argument note{"note", text, false, "--note", "A note for the administrators"};
constexpr argument quota{"quota_octets", octets, false, "--quota",
                         "Quota of its mail, such as \"2 GiB\"; 0: no limit"};
constexpr argument filter{"filter", text, false, "filter",
                          "Show only entries that contain this text, in upper or lower case"};
constexpr argument after{"after", text};  // of the next page

std::vector<command> domain_commands() {
    return {
        {.name = "domain add",
         .help = "Take mail for a domain",
         .run = domain_add,
         .takes = {domain},
         .makes_store = true,
         .sees = domain_picture},
        {.name = "domain remove",
         .help = "Forget a domain that has no accounts",
         .run = domain_remove,
         .takes = {domain},
         .removes = true,
         .sees = domain_picture},
        {.name = "domain list",
         .help = "Show all domains, and where unknown addresses lead",
         .run = domain_list,
         .takes = {filter},
         .shown_as = shape::list,
         .list = "domains",
         .columns = {"name", "catch_all"},
         .only_looks = true},
        {.name = "domain dns",
         .help = "Show what the DNS has to say of a domain, as lines of a zone file",
         .run = domain_dns,
         .takes = {domain,
                   {"check", flag, false, "--check",
                    "Ask the DNS, and say of each line whether it is there"}},
         .shown_as = shape::zone,
         .sees = domain_picture,
         .may_only_look = true},
        {.name = "domain rotate-keys",
         .help = "Make new keys that sign a domain's mail from tomorrow on; publish what it shows",
         .run = domain_rotate_keys,
         .takes = {domain},
         .shown_as = shape::zone,
         .sees = domain_picture},
    };
}

/// Of accounts that come, go or are looked at.
std::vector<command> account_commands() {
    return {
        {.name = "account add",
         .help = "Make an account",
         .run = account_add,
         .takes = {address, password_argument, display_name, note, quota},
         .sees = account_picture},
        {.name = "account remove",
         .help = "Remove an account and its mail",
         .run = account_remove,
         .takes = {address},
         .removes = true,
         .sees = account_picture},
        {.name = "account list",
         .help = "Show all accounts",
         .run = account_list,
         .takes = {filter, after},
         .shown_as = shape::list,
         .list = "accounts",
         .columns = {"address", "active", "messages", "octets", "quota_octets", "forwards",
                     "keep_copy", "last_sign_in_at", "display_name"},
         .only_looks = true},
        {.name = "account show",
         .help = "Show everything about one account",
         .run = account_show,
         .takes = {address},
         .shown_as = shape::fields,
         .only_looks = true},
        {.name = "account purge",
         .help = "Delete an account's expunged mail for good, also that of a removed account",
         .run = account_purge,
         .takes = {address},
         .shown_as = shape::expunged,
         .removes = true,
         .sees = account_picture},
        {.name = "account restore",
         .help = "Restore an account's expunged mail",
         .run = account_restore,
         .takes = {address,
                   {"within_seconds", seconds, false, "--within",
                    "Only what was expunged within this time, such as \"2h\" or \"3d\""}},
         .shown_as = shape::expunged,
         .sees = account_picture},
    };
}

/// Of what may change in an account.
std::vector<command> account_change_commands() {
    return {
        {.name = "account set",
         .help = "Change quota, display name, note, or whether sent mail is filed",
         .run = account_set,
         .takes = {address,
                   display_name,
                   note,
                   quota,
                   {"files_sent", on_off, false, "--file-sent",
                    "Put what the account sends into its mailbox Sent"}},
         .wants_any = true,
         .sees = account_picture},
        {.name = "account rename",
         .help = "Give an account another address; its mail and password stay",
         .run = account_rename,
         .takes =
             {address,
              {"new_address", text, true, "new_address", "Its address from now on"},
              {"keep_alias", yes, true, "--no-alias",
               "Refuse mail to the old address, which otherwise becomes an alias of the new one"}},
         .shown_as = shape::renamed,
         .sees = account_picture},
        {.name = "account password",
         .help = "Set a new password",
         .run = account_password,
         .takes = {address, password_argument},
         .sees = account_picture},
        {.name = "account enable",
         .help = "Switch an account on",
         .run = account_enable,
         .takes = {address},
         .sees = account_picture},
        {.name = "account disable",
         .help = "Switch an account off; its mail stays",
         .run = account_disable,
         .takes = {address},
         .sees = account_picture},
        {.name = "account freeze",
         .help =
             "Let an account read its mail and send none; what it has in the queue is held back",
         .run = account_freeze,
         .takes = {address},
         .sees = account_picture},
        {.name = "account unfreeze",
         .help = "Let an account send again that was frozen, and what was held back go",
         .run = account_unfreeze,
         .takes = {address},
         .sees = account_picture},
    };
}

std::vector<command> alias_commands() {
    return {
        {.name = "alias add",
         .help = "Send an address's mail on to others",
         .run = alias_add,
         .takes = {address, targets},
         .sees = alias_picture},
        {.name = "alias remove",
         .help = "Remove targets, or the whole alias",
         .run = alias_remove,
         .takes = {address,
                   {"targets", texts, false, "targets",
                    "Addresses to take out; none: the whole alias"}},
         .removes = true,
         .sees = alias_picture},
        {.name = "alias list",
         .help = "Show all aliases",
         .run = alias_list,
         .takes = {filter, after},
         .shown_as = shape::list,
         .list = "aliases",
         .columns = {"address", "targets", "enabled"},
         .only_looks = true},
        {.name = "alias enable",
         .help = "Switch an alias on",
         .run = alias_enable,
         .takes = {address},
         .sees = alias_picture},
        {.name = "alias disable",
         .help = "Switch an alias off; mail to it is refused",
         .run = alias_disable,
         .takes = {address},
         .sees = alias_picture},
    };
}

std::vector<command> forward_commands() {
    return {
        {.name = "forward set",
         .help = "Send an account's mail on",
         .run = forward_set,
         .takes = {address,
                   targets,
                   {"keep_copy", yes, true, "--no-copy", "Keep no copy in the account itself"}},
         .sees = account_picture},
        {.name = "forward clear",
         .help = "Stop sending an account's mail on",
         .run = forward_clear,
         .takes = {address},
         .sees = account_picture},
        {.name = "forward list",
         .help = "Show the accounts whose mail is sent on",
         .run = forward_list,
         .takes = {filter, after},
         .shown_as = shape::list,
         .list = "forwards",
         .columns = {"address", "forwards", "keep_copy"},
         .only_looks = true},
        {.name = "forward suspended",
         .help = "Show the forwards that ended because their targets are not there any more",
         .run = forward_suspended,
         .takes = {filter},
         .shown_as = shape::list,
         .list = "suspended",
         .columns = {"address", "target", "suspended_at", "last_reply"},
         .only_looks = true},
        {.name = "forward resume",
         .help = "Go on with a suspended forward, alias or catch-all",
         .run = forward_resume,
         .takes = {{"address", text, true, "address",
                    "An account or alias, or @example.org for the catch-all of a domain"},
                   {"targets", texts, false, "targets", "Default: all that are suspended"}},
         .sees = suspended_picture},
        {.name = "catchall set",
         .help = "Take a domain's mail to unknown addresses",
         .run = catchall_set,
         .takes = {domain, {"target", text, true, "target", "Address that gets the mail"}},
         .sees = domain_picture},
        {.name = "catchall clear",
         .help = "Refuse a domain's mail to unknown addresses",
         .run = catchall_clear,
         .takes = {domain},
         .sees = domain_picture},
    };
}

std::vector<command> queue_commands() {
    return {
        {.name = "delivery test",
         .help = "Say step by step what would become of mail to an address; nothing is sent",
         .run = run_delivery_test,
         .takes = {address,
                   {"sender", text, false, "--from",
                    "In the name of this address of yours; otherwise the server's own"}},
         .shown_as = shape::steps,
         .only_looks = true},
        {.name = "delivery reach",
         .help = "Say how others see this server: the name of its address, port 25, block lists",
         .run = run_delivery_reach,
         .takes = {},
         .shown_as = shape::steps,
         .only_looks = true},
        {.name = "queue list",
         .help = "Show the mail that is waiting to be sent",
         .run = queue_list,
         .takes = {filter, after},
         .shown_as = shape::list,
         .list = "queue",
         .columns = {"id", "created_at", "from", "recipients", "octets", "state", "due_at",
                     "last_reply"},
         .only_looks = true},
        {.name = "queue show",
         .help = "Show one waiting message",
         .run = queue_show,
         .takes = {id},
         .shown_as = shape::queued,
         .only_looks = true},
        {.name = "queue retry",
         .help = "Deliver a waiting message now, also one that is held",
         .run = queue_retry,
         .takes = {id},
         .sees = queue_picture},
        {.name = "queue hold",
         .help = "Keep a waiting message back until it is released",
         .run = queue_hold,
         .takes = {id},
         .sees = queue_picture},
        {.name = "queue release",
         .help = "Let a message go that was kept back",
         .run = queue_release,
         .takes = {id},
         .sees = queue_picture},
        {.name = "queue drop",
         .help = "Discard a waiting message; its sender is not informed",
         .run = queue_drop,
         .takes = {id},
         .removes = true,
         .sees = queue_picture},
    };
}

std::vector<command> trace_commands() {
    return {
        {.name = "trace",
         .help = "Show what happened to mail: where it came from, where it went, and why",
         .run = trace,
         .takes = {{"about", text, false, "about",
                    "Sender or recipient, @domain, or the id of a message"},
                   {"since", text, false, "--since",
                    "From then on: 2h (ago), 2026-03-31, \"2026-03-31 14:30\"; without it 7d"},
                   {"until", text, false, "--until", "Up to then"},
                   {"account", text, false, "--account",
                    "Mail that came to this account, was sent by it, or was deleted from it"},
                   {"message_id", text, false, "--message-id", "Message-ID in the header"},
                   {"limit", argument::kind::number, false, "--limit",
                    "How many messages, the newest first; without it 50"},
                   {"after", text, false, "--after", "Go on with older ones: what the list says"}},
         .shown_as = shape::trace,
         .only_looks = true},
    };
}

std::vector<command> store_commands() {
    return {
        {.name = "check",
         .help = "Verify the whole store; slow, since it reads all mail",
         .run = check,
         .shown_as = shape::report,
         .only_looks = true},
        {.name = "put-back",
         .help = "Mark data_dir as an older copy that a snapshot of the disk or machine put "
                 "back; other copies are noticed at the start",
         .run = put_back,
         .shown_as = shape::restart,
         .to = offered::on_console},
    };
}

}  // namespace rows
}  // namespace

const std::vector<command>& commands() {
    static const std::vector<command> all = [] {
        std::vector<command> joined;
        for (auto* part :
             {rows::domain_commands, rows::account_commands, rows::account_change_commands,
              rows::alias_commands, rows::forward_commands, rows::queue_commands,
              rows::trace_commands, restore_commands, ban_commands, setting_commands,
              certificate_commands, owner_commands, audit_commands, rows::store_commands,
              index_commands, help_commands})
            for (auto& one : part())
                joined.push_back(std::move(one));
        return joined;
    }();
    return all;
}

const command* find_command(std::string_view name) {
    const auto& all = commands();
    const auto found =
        std::find_if(all.begin(), all.end(), [name](const auto& one) { return name == one.name; });
    return found == all.end() ? nullptr : &*found;
}

awaitable<answer> run(ports& at,
                      const places& named,
                      json::object request,
                      caller who,
                      std::optional<opened_session>* opened) {
    const auto* name = request.if_contains("command");
    const auto* found = name != nullptr && name->is_string()
                            ? find_command(std::string_view(name->get_string()))
                            : nullptr;
    if (found == nullptr)
        co_return failed(
            "unknown_command",
            "The server does not know this command: it may be an older version than this program.");
    const arguments given(*found, request);
    if (const auto* wrong = given.find_wrong()) co_return wrong_argument(wrong->key);
    if (auto refused = find_limit(*found, who)) co_return failure_of(*refused, named);
    const context with{at, named, who, opened};
    auto operation = found->run(with, given);
    if (found->only_looks) co_return co_await std::move(operation);
    co_return co_await audited(with, *found, request, std::move(operation));
}

awaitable<answer> run(ports& at, const places& named, json::object request) {
    caller console;
    return run(at, named, std::move(request), std::move(console));
}

}  // namespace hauspost::admin::api
