#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/awaitable.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::admin {

/// One thing that others see of this server, or that it sees of them.
struct reach_step {
    reach_step() = default;
    enum class kind : std::uint8_t {
        address,     // the DNS has addresses of this server's name
        name,        // of such an address: the name that it leads back to (PTR)
        port_25,     // other servers can be reached
        block_list,  // of such an address: whether a list has it
    };
    enum class state : std::uint8_t {
        right,
        wrong,       // another name; the port is shut; the address is on the list
        missing,     // no address, no name
        unknown,     // the DNS or the list does not answer
        private_,    // the address is one of a private network: nobody outside sees it
        not_needed,  // mail leaves by a relay
    };
    kind of = kind::address;
    state how = state::unknown;
    std::string address;             // "192.0.2.1"
    std::vector<std::string> found;  // names or addresses, as the DNS has them
    std::string host;                // of port_25: who was tried; of block_list: the list
    std::string words;               // of others: printable ASCII
};

struct reachability {
    reachability() = default;
    std::string host;     // this server's name
    bool is_good = true;  // nothing is wrong or missing
    std::vector<reach_step> steps;
};

/// Asks the DNS for the addresses of this server's name and the names of these, connects to the
/// servers of ports::reach.receiver, and asks the block lists of ports::reach.lists for the
/// addresses. Takes up to a minute.
/// Refuses  sending_off, not_running
/// RFC  1035 3.5, 5782 2.1
awaitable<outcome<reachability>> check_reachability(ports& at);

}  // namespace hauspost::admin
