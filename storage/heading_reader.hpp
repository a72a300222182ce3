#pragma once

#include <string>
#include <string_view>

namespace hauspost::storage {

/// What people see of a message in a list; decoded, UTF-8.
struct message_heading {
    std::string subject;
    std::string from_name;     // as the sender calls himself; "": by no name
    std::string from_address;  // "": the message has no From
};

/// The port through which the store reads what its summaries say to people. What stands in a summary
/// is the business of the protocols.
/// Thread  any; some microseconds a call
class heading_reader {
public:
    virtual ~heading_reader() = default;

    /// summary  as message_summary::octets; what is damaged gives empty texts
    [[nodiscard]] virtual message_heading read(std::string_view summary) const = 0;
    /// As texts are compared without case.
    [[nodiscard]] virtual std::string folded(std::string_view text) const = 0;
};

}  // namespace hauspost::storage
