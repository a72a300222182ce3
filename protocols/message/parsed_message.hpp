#pragma once

#include "protocols/message/envelope_fields.hpp"
#include "protocols/message/mime_part.hpp"

#include <vector>

namespace hauspost::message {

/// What parse() (summary.hpp) makes of a message. Views into its octets.
struct parsed_message {
    std::vector<mime_node> tree;  // never empty
    envelope_fields fields;       // of the message's own header
};

}  // namespace hauspost::message
