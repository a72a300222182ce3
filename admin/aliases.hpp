#pragma once

#include "admin/outcome.hpp"
#include "admin/ports.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

// Operations on domains, aliases and catch-alls: where mail goes. Names are as somebody typed them.

struct target_list {
    std::vector<std::string> addresses;  // canonical, each once
    std::string warning;                 // targets that do not exist (yet); empty: none
};

using storage::max_targets;  // of one alias or forward

/// Checks where `source` shall go on to: at least one, at most max_targets, not `source` itself.
awaitable<outcome<target_list>> check_targets(ports& house,
                                              std::string source,
                                              std::vector<std::string> typed);

/// Adds targets; makes the alias when there is none of that name.
awaitable<answer> add_alias(ports& house, std::string name, std::vector<std::string> targets);
/// Takes the targets out of the alias; without targets, or with the last one, removes it.
awaitable<answer> remove_alias(ports& house, std::string name, std::vector<std::string> targets);
/// A switched-off alias keeps its targets; mail to it is refused.
awaitable<answer> set_alias_enabled(ports& house, std::string name, bool enabled);
/// filter  of address and targets, in any case
/// Gives   {"aliases": [{"address", "display", "targets", "enabled"}], "next" as in list_accounts}
awaitable<answer> list_aliases(ports& house, std::string after, std::string filter);

awaitable<answer> add_domain(ports& house, std::string name);
awaitable<answer> remove_domain(ports& house, std::string name);
/// catch_all  where mail to unknown addresses goes: what was set, else catchall@ of the domain when
///            there is such an account or alias
/// Gives      {"domains": [{"name", "display", "catch_all", "created_at"}]}
awaitable<answer> list_domains(ports& house, std::string filter);

/// Mail to addresses of the domain that nobody has goes to target.
awaitable<answer> set_catchall(ports& house, std::string domain, std::string target);
awaitable<answer> clear_catchall(ports& house, std::string domain);

/// The next due first. When more wait than are looked at, "warning" says so.
/// filter  of sender and recipients
/// Gives   {"queue": [{"id", "from", "recipients": [{"to", "attempts"}], "octets", "created_at",
///         "due_at", "held"}]}
awaitable<answer> list_queue(ports& house, std::string filter);
/// Gives  an entry of list_queue
awaitable<answer> show_queued(ports& house, std::uint64_t id);
/// Gives the message up; nobody is told. Gives {"id"}
awaitable<answer> remove_queued(ports& house, std::uint64_t id);

}  // namespace hauspost::admin
