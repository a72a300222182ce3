#include "protocols/imap/session/core/rules.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <variant>

namespace hauspost::imap {
namespace {

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

// In the order of the variant `command`.
constexpr std::array table{
    anywhere("CAPABILITY"),
    anywhere("NOOP"),
    anywhere("LOGOUT"),
    stranger("STARTTLS"),
    stranger("AUTHENTICATE"),
    stranger("LOGIN"),
    user("ENABLE"),
    user("SELECT"),
    user("CREATE"),
    user("DELETE"),
    user("RENAME"),
    user("SUBSCRIBE"),
    user("UNSUBSCRIBE"),
    user("LIST"),
    user("LSUB"),
    user("XLIST"),
    user("STATUS"),
    user("GETQUOTA"),
    user("GETQUOTAROOT"),
    user("SETQUOTA"),
    user("GETMETADATA"),
    user("SETMETADATA"),
    user("SETACL"),
    user("DELETEACL"),
    user("GETACL"),
    user("LISTRIGHTS"),
    user("MYRIGHTS"),
    user("NAMESPACE"),
    anywhere("ID"),
    user("IDLE"),
    in_mailbox("CHECK"),
    in_mailbox("CLOSE"),
    in_mailbox("UNSELECT"),
    changing("EXPUNGE"),
    changing("UID EXPUNGE"),
    reading("SEARCH"),
    reading("SORT"),
    reading("THREAD"),
    numbered(user("ESEARCH")),
    in_mailbox("CANCELUPDATE"),
    reading("FETCH"),
    numbered(changing("STORE")),
    in_mailbox("COPY"),
    changing("MOVE"),
    in_mailbox("UIDBATCHES"),
    user("COMPRESS"),
    user("UNAUTHENTICATE"),
    user("NOTIFY"),
};
static_assert(table.size() == std::variant_size_v<command>);

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
    return table[wanted.index()];
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

bool is_allowed(const command_rule& rule, phase now) noexcept {
    switch (now) {
    case phase::not_authenticated: return rule.before_login;
    case phase::authenticated: return rule.after_login;
    case phase::selected: return rule.after_login || rule.needs_selection;
    case phase::closing: return false;
    }
    return false;
}

}  // namespace hauspost::imap
