#include "server/passwords.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::server {
namespace {

constexpr std::uint32_t generated_characters = 16;  // 93 bits

}  // namespace

std::optional<std::string> passwords::find_fault(const secret& password,
                                                 const std::string& address) const {
    std::string sentences;
    for (const auto fault : auth::find_faults(password.reveal(), address, rules_)) {
        if (!sentences.empty()) sentences += ' ';
        sentences += auth::describe(fault, rules_, auth::language::english);
    }
    if (sentences.empty()) return std::nullopt;
    return sentences;
}

secret passwords::generate(const std::string& address) const {
    auto characters = std::max(generated_characters, rules_.min_characters);
    characters = std::min(characters, rules_.max_characters);
    for (;;) {
        // One that holds a short user name by chance is thrown away.
        secret made(random::readable(characters));
        if (!find_fault(made, address)) return made;
    }
}

awaitable<std::optional<std::string>> passwords::hash(secret password) {
    return authenticator_.hash(std::move(password));
}

}  // namespace hauspost::server
