#include "admin/api/restore_commands.hpp"

#include "admin/api/arguments.hpp"
#include "admin/api/in_json.hpp"
#include "admin/api/password_argument.hpp"
#include "admin/api/restore_results.hpp"

#include <string>
#include <utility>

namespace hauspost::admin::api {
namespace {

deleted_filter filter_of(const arguments& given) {
    deleted_filter wanted;
    wanted.mailbox = given.text("mailbox");
    wanted.from = given.text("from");
    wanted.subject = given.text("subject");
    wanted.text = given.text("text");
    wanted.since = given.text("since");
    wanted.until = given.text("until");
    wanted.within_seconds = given.number_or_none("within_seconds");
    wanted.first_at = given.number_or_none("first_at");
    wanted.last_at = given.number_or_none("last_at");
    wanted.account = given.number_or_none("account");
    wanted.box = given.number_or_none("box");
    return wanted;
}

awaitable<answer> show_deleted_mail(const context& with, const arguments& given) {
    deleted_request wanted;
    wanted.address = given.text("address");
    wanted.wanted = filter_of(given);
    wanted.is_grouped = given.yes("together");
    wanted.after = given.text("after");
    wanted.limit = given.number_or_none("limit");
    return in_json(with, list_deleted(with.at, std::move(wanted)), deleted_json);
}
awaitable<answer> show_deleted_accounts(const context& with, const arguments&) {
    return in_json(with, list_removed(with.at), removed_accounts_json);
}
awaitable<answer> bring_mail_back(const context& with, const arguments& given) {
    wanted_mail wanted;
    wanted.address = given.text("address");
    wanted.ids = given.texts("ids");
    wanted.deletion = given.text("deletion");
    wanted.wanted = filter_of(given);
    wanted.to = given.text("to");
    wanted.into = given.text("into");
    return in_json(with, restore_mail(with.at, std::move(wanted)), returned_json);
}
awaitable<answer> bring_traced_back(const context& with, const arguments& given) {
    auto id = given.text("id");
    return in_json(with, restore_traced(with.at, std::move(id), given.number("deleted_at")),
                   returned_json);
}
awaitable<answer> send_once_more(const context& with, const arguments& given) {
    auto id = given.text("id");
    return in_json(with, resend(with.at, std::move(id), given.text("to")), resent_json);
}
awaitable<answer> take_mail_back(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with, undo_restore(with.at, std::move(address), given.text("undo")),
                   undone_json);
}
awaitable<answer> bring_account_back(const context& with, const arguments& given) {
    auto address = given.text("address");
    return in_json(with,
                   undelete_account(with.at, std::move(address), given.secret_or_none("password")),
                   undeleted_json);
}

constexpr argument whose_mail{"address", argument::kind::text, true, "address",
                              "Address of an account, or of one that was removed"};
constexpr argument ids_of_mail{"ids", argument::kind::texts, false, "--id",
                               "These messages alone: ids as \"deleted mail\" shows them"};

/// What both the list and the restore go by.
std::vector<argument> with_filter(std::vector<argument> others) {
    constexpr auto text = argument::kind::text;
    std::vector<argument> all{
        whose_mail,
        {"mailbox", text, false, "--mailbox", "Only what was in this mailbox"},
        {"from", text, false, "--from", "Only with this in the sender's name or address"},
        {"subject", text, false, "--subject", "Only with this in the subject"},
        {"text", text, false, "--text", "Only with this in sender or subject"},
        {"within_seconds", argument::kind::seconds, false, "--within",
         "Only what was deleted within this time, such as \"2h\" or \"3d\""},
        {"since", text, false, "--since",
         "Only what was deleted from then on: 2h (ago), 2026-03-31, \"2026-03-31 14:30\""},
        {"until", text, false, "--until", "Up to then"},
        {"first_at", argument::kind::number, false, "", ""},
        {"last_at", argument::kind::number, false, "", ""},
        {"account", argument::kind::number, false, "", ""},
        {"box", argument::kind::number, false, "", ""}};
    for (const auto& one : others)
        all.push_back(one);
    return all;
}

}  // namespace

std::vector<command> restore_commands() {
    constexpr auto text = argument::kind::text;
    return {
        {.name = "restore-mail",
         .help = "Bring deleted mail back: all that is kept, or what fits",
         .run = bring_mail_back,
         .takes = with_filter({ids_of_mail,
                               {"deletion", text, false, "--deletion",
                                "All that went with this message: an id as \"deleted mail "
                                "--together\" shows it"},
                               {"to", text, false, "--to",
                                "Mailbox that gets all of it, made where there is none; without "
                                "it each message goes to the one in which it was"},
                               {"into", text, false, "--into",
                                "Account that gets it; without it the one with this address"}}),
         .shown_as = shape::returned,
         .sees = account_picture},
        {.name = "deleted mail",
         .help = "Show what of somebody's deleted mail can be brought back, the latest first",
         .run = show_deleted_mail,
         .takes = with_filter(
             {{"together", argument::kind::flag, false, "--together",
               "One row for what went from a mailbox in one go"},
              {"limit", argument::kind::number, false, "--limit",
               "How many rows, 500 at most; without it 100"},
              {"after", text, false, "--after", "Go on with older ones: what the list says"}}),
         .shown_as = shape::list,
         .list = "entries",
         .columns = {"id", "deleted_at", "mailbox", "from", "subject", "messages", "octets",
                     "program"},
         .only_looks = true},
        {.name = "deleted accounts",
         .help = "Show removed accounts that can be brought back",
         .run = show_deleted_accounts,
         .shown_as = shape::list,
         .list = "accounts",
         .columns = {"address", "removed_at", "kept_until", "messages", "octets", "display_name"},
         .only_looks = true},
        {.name = "account undelete",
         .help = "Make a removed account again, with a new password and the mail that it had",
         .run = bring_account_back,
         .takes = {whose_mail, password_argument},
         .shown_as = shape::returned,
         .sees = account_picture},
        {.name = "restore-traced",
         .help = "Bring back a message that the trace says was deleted",
         .run = bring_traced_back,
         .takes = {{"id", text, true, "", ""},
                   {"deleted_at", argument::kind::number, true, "", ""}},
         .shown_as = shape::returned,
         .to = offered::at_page},
        {.name = "resend",
         .help = "Send a message that is still here to another address, too",
         .run = send_once_more,
         .takes = {{"id", text, true, "id",
                    "Id of the message, as trace shows it, or its number in the queue"},
                   {"to", text, true, "to", "Address that gets it, here or elsewhere"}},
         .tells = "to"},
        {.name = "undo-restore",
         .help = "Delete again what a restore has brought back",
         .run = take_mail_back,
         .takes = {whose_mail, {"undo", text, true, "", ""}},
         .sees = account_picture,
         .to = offered::at_page},
    };
}

}  // namespace hauspost::admin::api
