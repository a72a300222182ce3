#pragma once

#include "protocols/sasl/new_password.hpp"

#include <string_view>
#include <vector>

namespace hauspost::auth {

using sasl::password_fault;
using sasl::password_rules;

/// All rules that a password breaks; empty: it may be used. Case does not matter for the names;
/// names of fewer than three characters are not looked for. How hard it is to guess is looked at
/// only when nothing else is wrong, and takes some milliseconds: not on a network thread.
///
/// password  in the form of message::opaque_string
/// address   of the account, canonical, "local@domain"
[[nodiscard]] std::vector<password_fault> find_faults(std::string_view password,
                                                      std::string_view address,
                                                      const password_rules& rules);

}  // namespace hauspost::auth
