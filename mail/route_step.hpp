#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::mail {

/// One thing that a walk from a recipient to its targets found or decided: as the routing notes it, and
/// as people are told of it.
struct route_step {
    route_step() = default;
    enum class kind : std::uint8_t {
        sub_address,   // `name` is targets' first with a detail
        catch_all,     // nobody has `name`: targets' first takes what is for nobody
        owner,         // the same, for mail that has to arrive: the owner's mailbox
        last_resort,   // the same, the first account that reads it
        alias,         // `name` leads to `targets`
        forward,       // mail of `name` goes on to `targets`, and a copy stays
        forward_only,  // the same without a copy
        kept,          // a copy is laid into the account `name`
        other_domain,  // a copy goes to the server of another domain
        // Of here on the address gets nothing.
        nobody,
        disabled,
        full,
        suspended,  // its own server refuses what is forwarded
        loop,       // it leads back to itself, and is not followed again
        too_deep,
        too_many_targets,
        relay_denied,
    };
    kind what = kind::nobody;
    std::string name;                  // an address, canonical
    std::vector<std::string> targets;  // the first of them
    std::size_t targets_left_out = 0;
};

}  // namespace hauspost::mail
