#pragma once

#include "admin/api/answer.hpp"
#include "admin/ports.hpp"
#include "base/awaitable.hpp"

#include <cstdint>

namespace hauspost::admin::api {

// What a command's subject is like: asked before and after it, so that the audit log can tell what
// has become another. Never with a password, a key or a hash. Empty: there is no such subject.

enum class moment : std::uint8_t { before, after };

/// request  valid arguments; outlives the operation
using picture = awaitable<json::object> (*)(ports& at, const json::object& request, moment when);

awaitable<json::object> account_picture(ports& at, const json::object& request, moment when);
awaitable<json::object> alias_picture(ports& at, const json::object& request, moment when);
/// With its catch-all, and the selectors of its keys.
awaitable<json::object> domain_picture(ports& at, const json::object& request, moment when);
/// Of an account, an alias or a catch-all: to whom its mail does not go at present.
awaitable<json::object> suspended_picture(ports& at, const json::object& request, moment when);
awaitable<json::object> queue_picture(ports& at, const json::object& request, moment when);
/// How many bans there are of a network or account.
awaitable<json::object> ban_picture(ports& at, const json::object& request, moment when);
/// The value of a setting, and who set it.
awaitable<json::object> setting_picture(ports& at, const json::object& request, moment when);
/// Which certificates are in use.
awaitable<json::object> certificate_picture(ports& at, const json::object& request, moment when);
awaitable<json::object> owner_picture(ports& at, const json::object& request, moment when);

}  // namespace hauspost::admin::api
