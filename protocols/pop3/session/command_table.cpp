#include "protocols/pop3/session/command_table.hpp"

#include "protocols/pop3/session/commands.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace hauspost::pop3 {
namespace {

struct table_row {
    command_rule rule;
    awaitable<void> (*run)(context&, const command&);
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
    return {.name = name, .in_authorization = true, .in_transaction = true};
}
constexpr command_rule stranger(std::string_view name) {
    return {.name = name, .in_authorization = true};
}
constexpr command_rule user(std::string_view name) {
    return {.name = name, .in_transaction = true};
}

// In the order of the variant.
constexpr std::array table{
    row<malformed>(anywhere("none")), row<cmd::user>(stranger("USER")),
    row<cmd::pass>(stranger("PASS")), row<cmd::auth>(stranger("AUTH")),
    row<cmd::stls>(stranger("STLS")), row<cmd::capa>(anywhere("CAPA")),
    row<cmd::utf8>(stranger("UTF8")), row<cmd::lang>(anywhere("LANG")),
    row<cmd::quit>(anywhere("QUIT")), row<cmd::stat>(user("STAT")),
    row<cmd::list>(user("LIST")),     row<cmd::uidl>(user("UIDL")),
    row<cmd::retr>(user("RETR")),     row<cmd::top>(user("TOP")),
    row<cmd::dele>(user("DELE")),     row<cmd::noop>(user("NOOP")),
    row<cmd::rset>(user("RSET")),
};
static_assert(table.size() == std::variant_size_v<command>);
static_assert([] {
    for (std::size_t n = 0; n < table.size(); ++n)
        if (table[n].place != n) return false;
    return true;
}());

}  // namespace

const command_rule& rule_of(const command& wanted) noexcept {
    return table[wanted.index()].rule;
}

awaitable<void> dispatch(context& session, const command& wanted) {
    return table[wanted.index()].run(session, wanted);
}

}  // namespace hauspost::pop3
