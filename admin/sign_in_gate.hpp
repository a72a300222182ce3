#pragma once

#include "storage/ban.hpp"

namespace hauspost::admin {

/// The port to those who let in or refuse, in this process; implemented in server/ over server/auth. What is
/// said here holds at once, and is forgotten with the process: rows are the caller's.
///
/// Thread  any
class sign_in_gate {
public:
    virtual ~sign_in_gate() = default;

    virtual void shut(const storage::ban& row) = 0;
    virtual void lift(const storage::ban_name& name) = 0;
};

}  // namespace hauspost::admin
