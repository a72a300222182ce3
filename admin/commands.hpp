#pragma once

#include "admin/outcome.hpp"
#include "admin/ports.hpp"

#include <cstddef>
#include <string_view>

namespace hauspost::admin {

inline constexpr std::size_t max_request_octets = 256 * 1024;
inline constexpr std::size_t max_answer_octets = 16 * 1024 * 1024;

/// Runs one request of the command line, of the form
///   {"command": "account add", "address": "anna@example.test", "password": "..."}
///
/// command         arguments (texts unless said otherwise; * may be missing)
/// domain add      name              domain remove   name             domain list   filter*
/// account add     address, password*, display_name*, note*, quota_octets* (number)
/// account remove  address           account password  address, password*
/// account set     address, display_name*, note*, quota_octets*     account show  address
/// account rename  address, new_address, keep_alias (true or false)
/// account enable  address           account disable   address       account list  after*, filter*
/// alias add       address, targets (list)
/// alias remove    address, targets* alias list      after*, filter*
/// alias enable    address           alias disable   address
/// forward set     address, targets, keep_copy (true or false)
/// forward clear   address           forward list    after*, filter*
/// catchall set    name, target      catchall clear  name
/// queue list      filter*           queue show      id (number)      queue remove  id (number)
///
/// Never throws for what stands in the request. An unknown command and a missing argument are
/// refusals.
awaitable<answer> run_command(ports& house, json::object request);

/// Reads a request or an answer: one JSON object, nested at most eight deep.
[[nodiscard]] outcome<json::object> parse_object(std::string_view text);

}  // namespace hauspost::admin
