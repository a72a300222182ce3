#pragma once

#include "server/auth/password_hash.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hauspost::auth {

/// What is hashed for a user who is not there. It costs what the hashes of most accounts cost, so
/// that the time of a refusal tells nothing; after the configured cost was changed that is the old
/// one for a while. Thread: any.
class dummy_hash {
public:
    /// configured  taken while no accounts are known
    explicit dummy_hash(argon2_parameters configured);

    /// There is an account with this hash; hashes that are none of ours do not count.
    void add(std::string_view phc);
    /// An account's hash was made anew.
    void move(std::string_view from, std::string_view to);

    /// Made anew when most accounts have another cost than before, which takes as long as a hash:
    /// on a crypto thread only.
    [[nodiscard]] std::string get();

private:
    [[nodiscard]] argon2_parameters most() const;

    const argon2_parameters configured_;
    std::mutex mutex_;
    std::map<argon2_parameters, std::uint64_t> accounts_;
    argon2_parameters made_with_;
    std::string made_;
};

}  // namespace hauspost::auth
