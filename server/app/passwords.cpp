#include "server/app/passwords.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::server {
namespace {

constexpr std::uint32_t generated_characters = 16;  // 93 bits

}  // namespace

awaitable<std::optional<std::vector<auth::password_fault>>> passwords::find_faults(
    secret password, std::string address) {
    return authenticator_.judge(std::move(password), std::move(address), rules());
}

awaitable<std::optional<std::uint32_t>> passwords::score(secret password) {
    return authenticator_.score(std::move(password));
}

secret passwords::generate(const std::string& address) const {
    auto kept = rules();
    auto characters = std::max(generated_characters, kept.min_characters);
    characters = std::min(characters, kept.max_characters);
    kept.min_score = 0;  // random ones of this length are never easy to guess
    for (;;) {
        // One that holds a short user name by chance is thrown away.
        secret made(random::readable(characters));
        if (auth::find_faults(made.reveal(), address, kept).empty()) return made;
    }
}

awaitable<std::optional<std::string>> passwords::hash(secret password) {
    return authenticator_.hash(std::move(password));
}

}  // namespace hauspost::server
