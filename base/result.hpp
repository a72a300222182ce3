#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace hauspost {

using boost::system::error_code;

/// A value, or the reason why there is none. For what a peer or a user may cause; our own faults
/// are exceptions (docs/develop.md, "Errors"). Becomes std::expected when all of this moves to C++23.
template <class T>
using result = boost::system::result<T>;

/// A refusal as a value: `return fail(errc::over_quota);`
template <class Errc>
[[nodiscard]] error_code fail(Errc code) {
    return make_error_code(code);
}

}  // namespace hauspost
