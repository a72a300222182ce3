#pragma once

#include <stdexcept>

namespace hauspost::storage {

/// A fault of the store itself: a system call or the engine failed in a way that no caller can
/// mend. Nothing of the operation was stored. Sessions answer 451 / NO [SERVERBUG] and log it.
class fault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace hauspost::storage
