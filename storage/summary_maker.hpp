#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::storage {

/// What is kept of a message beside its octets, and is asked for without reading them.
struct message_summary {
    std::string octets;        // as append_request::summary
    std::uint64_t thread = 0;  // as append_request::thread
};

/// The port through which those who bring messages make their summaries, and the store makes them
/// anew. What a summary says is the business of the protocols.
/// Thread  any; about 1 ms per megabyte
class summary_maker {
public:
    virtual ~summary_maker() = default;

    /// Of what make() gives: messages that were stored under another one get new summaries.
    [[nodiscard]] virtual std::uint32_t version() const = 0;
    /// octets  the whole blob, without a copy's prefix
    [[nodiscard]] virtual message_summary make(std::string_view octets) const = 0;
};

}  // namespace hauspost::storage
