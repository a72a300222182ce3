#include "protocols/imap/session/commands.hpp"

#include "protocols/imap/session/change/commands.hpp"
#include "protocols/imap/session/fetch/commands.hpp"
#include "protocols/imap/session/login/commands.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"
#include "protocols/imap/session/news/commands.hpp"
#include "protocols/imap/session/search/commands.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace hauspost::imap {
namespace {

struct table_row {
    command_rule rule;
    awaitable<answer> (*run)(context&, const command&);
    std::size_t place;  // in the variant `command`
};

template <class Command, std::size_t... Places>
constexpr std::size_t place_among(std::index_sequence<Places...>) {
    return ((std::is_same_v<Command, std::variant_alternative_t<Places, command>> ? Places : 0) +
            ...);
}

/// The handler is the overload of on() for the command.
template <class Command>
constexpr table_row row(command_rule rule) {
    constexpr auto all = std::make_index_sequence<std::variant_size_v<command>>();
    return {rule,
            [](context& session, const command& wanted) {
                return on(session, *std::get_if<Command>(&wanted));
            },
            place_among<Command>(all)};
}

constexpr command_rule anywhere(std::string_view name) {
    return {.name = name, .before_login = true, .after_login = true, .may_tell_expunge = true};
}
constexpr command_rule stranger(std::string_view name) {
    return {.name = name, .before_login = true};
}
constexpr command_rule user(std::string_view name) {
    return {.name = name, .after_login = true, .may_tell_expunge = true};
}
constexpr command_rule in_mailbox(std::string_view name) {
    return {.name = name, .needs_selection = true, .may_tell_expunge = true};
}
constexpr command_rule changing(std::string_view name) {
    auto rule = in_mailbox(name);
    rule.needs_writable = true;
    return rule;
}
/// With sequence numbers in question or answer: nothing may move meanwhile.
constexpr command_rule numbered(command_rule rule) {
    rule.may_tell_expunge = false;
    return rule;
}
constexpr command_rule reading(std::string_view name) {
    auto rule = numbered(in_mailbox(name));
    rule.syncs_first = true;
    return rule;
}

constexpr command_rule syncing(command_rule rule) {
    rule.always_syncs = true;
    return rule;
}

// In the order of the variant.
constexpr std::array table{
    row<cmd::capability>(anywhere("CAPABILITY")),
    row<cmd::noop>(syncing(anywhere("NOOP"))),
    row<cmd::logout>(anywhere("LOGOUT")),
    row<cmd::starttls>(stranger("STARTTLS")),
    row<cmd::authenticate>(stranger("AUTHENTICATE")),
    row<cmd::login>(stranger("LOGIN")),
    row<cmd::enable>(user("ENABLE")),
    row<cmd::select>(user("SELECT")),
    row<cmd::create>(user("CREATE")),
    row<cmd::remove>(user("DELETE")),
    row<cmd::rename>(user("RENAME")),
    row<cmd::subscribe>(user("SUBSCRIBE")),
    row<cmd::unsubscribe>(user("UNSUBSCRIBE")),
    row<cmd::list>(user("LIST")),
    row<cmd::lsub>(user("LSUB")),
    row<cmd::xlist>(user("XLIST")),
    row<cmd::status>(user("STATUS")),
    row<cmd::get_quota>(user("GETQUOTA")),
    row<cmd::get_quota_root>(user("GETQUOTAROOT")),
    row<cmd::set_quota>(user("SETQUOTA")),
    row<cmd::get_metadata>(user("GETMETADATA")),
    row<cmd::set_metadata>(user("SETMETADATA")),
    row<cmd::set_acl>(user("SETACL")),
    row<cmd::delete_acl>(user("DELETEACL")),
    row<cmd::get_acl>(user("GETACL")),
    row<cmd::list_rights>(user("LISTRIGHTS")),
    row<cmd::my_rights>(user("MYRIGHTS")),
    row<cmd::namespaces>(user("NAMESPACE")),
    row<cmd::id>(anywhere("ID")),
    row<cmd::idle>(user("IDLE")),
    row<cmd::check>(syncing(in_mailbox("CHECK"))),
    row<cmd::close>(in_mailbox("CLOSE")),
    row<cmd::unselect>(in_mailbox("UNSELECT")),
    row<cmd::expunge>(syncing(changing("EXPUNGE"))),
    row<cmd::uid_expunge>(syncing(changing("UID EXPUNGE"))),
    row<cmd::search>(reading("SEARCH")),
    row<cmd::sort>(reading("SORT")),
    row<cmd::thread>(reading("THREAD")),
    row<cmd::esearch>(numbered(user("ESEARCH"))),
    row<cmd::cancel_update>(in_mailbox("CANCELUPDATE")),
    row<cmd::fetch>(reading("FETCH")),
    row<cmd::store>(numbered(changing("STORE"))),
    row<cmd::copy>(in_mailbox("COPY")),
    row<cmd::move>(syncing(changing("MOVE"))),
    row<cmd::uid_batches>(in_mailbox("UIDBATCHES")),
    row<cmd::compress>(user("COMPRESS")),
    row<cmd::unauthenticate>(user("UNAUTHENTICATE")),
    row<cmd::notify>(user("NOTIFY")),
};
static_assert(table.size() == std::variant_size_v<command>);
static_assert([] {
    for (std::size_t n = 0; n < table.size(); ++n)
        if (table[n].place != n) return false;
    return true;
}());

constexpr command_rule append_rule = user("APPEND");
constexpr command_rule replace_rule = syncing(changing("REPLACE"));

template <class Command>
concept has_uid_form = requires(const Command& wanted) {
    wanted.by_uid;
};

template <class Command>
concept has_program = requires(const Command& wanted) {
    wanted.program;
};

bool uses_modseq(const std::optional<status_items>& items) {
    return items && items->highest_modseq;
}

}  // namespace

const command_rule& rule_of(const command& wanted) noexcept {
    return table[wanted.index()].rule;
}

const command_rule& rule_of(const cmd::append& wanted) noexcept {
    return wanted.replaces ? replace_rule : append_rule;
}

awaitable<answer> dispatch(context& session, const command& wanted) {
    return table[wanted.index()].run(session, wanted);
}

bool is_by_uid(const command& wanted) noexcept {
    return std::visit(
        [](const auto& one) {
            if constexpr (has_uid_form<std::remove_cvref_t<decltype(one)>>)
                return one.by_uid;
            else
                return false;
        },
        wanted);
}

bool uses_sequence_numbers(const command& wanted) noexcept {
    return std::visit(
        [](const auto& one) {
            using kind = std::remove_cvref_t<decltype(one)>;
            if constexpr (has_program<kind> && has_uid_form<kind>)
                return !one.by_uid || one.program.has_sequence();
            else if constexpr (has_program<kind>)
                return one.program.has_sequence();
            else if constexpr (has_uid_form<kind>)
                return !one.by_uid;
            else
                return false;
        },
        wanted);
}

bool passes_over_messages(const command& wanted) noexcept {
    if (const auto* fetch = std::get_if<cmd::fetch>(&wanted))
        return fetch->changed_since.has_value();
    const auto* store = std::get_if<cmd::store>(&wanted);
    return store != nullptr && store->silent && !store->unchanged_since;
}

bool enables_condstore(const command& wanted) noexcept {
    return std::visit(
        [](const auto& one) {
            using kind = std::remove_cvref_t<decltype(one)>;
            if constexpr (std::is_same_v<kind, cmd::select>)
                return one.condstore;  // QRESYNC had to be enabled before
            else if constexpr (std::is_same_v<kind, cmd::status>)
                return one.items.highest_modseq;
            else if constexpr (std::is_same_v<kind, cmd::list>)
                return uses_modseq(one.return_status);
            else if constexpr (std::is_same_v<kind, cmd::fetch>)
                return one.items.modseq;
            else if constexpr (std::is_same_v<kind, cmd::store>)
                return one.unchanged_since.has_value();
            else if constexpr (has_program<kind>)
                return one.program.has_modseq();
            else
                return false;
        },
        wanted);
}

bool uses_sequence_numbers(const cmd::append& wanted) noexcept {
    return wanted.replaces && !wanted.replaces->by_uid;
}

}  // namespace hauspost::imap
