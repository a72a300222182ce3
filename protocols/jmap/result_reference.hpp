#pragma once

#include "protocols/jmap/method_error.hpp"
#include "protocols/jmap/request.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace hauspost::jmap {

/// Puts what earlier calls of the request have answered in place of the arguments that begin with
/// "#".
///
/// earlier  answers so far, in their order
/// budget   of all references of a request, in the weight of what they bring; less is left
/// Returns  nullopt: done; else the answer to the call: invalidArguments (a name with and without
///          "#"), invalidResultReference, requestTooLarge
/// RFC      8620 3.7; 6901
[[nodiscard]] std::optional<method_error> resolve_references(json::object& arguments,
                                                             const std::vector<invocation>& earlier,
                                                             std::size_t& budget);

}  // namespace hauspost::jmap
