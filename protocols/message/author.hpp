#pragma once

#include <string>
#include <string_view>

namespace hauspost::message {

/// The domain of a message's author in A-labels: that of the first address in its From field. "" when
/// it has none, or several fields, of which readers may take another one.
/// message  or its header alone
/// RFC      5322 3.6.2, 9989 5.3.1
[[nodiscard]] std::string author_domain(std::string_view message);

}  // namespace hauspost::message
