#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::storage {

/// The port through which the store makes the summaries of stored messages anew. What a summary
/// says is the business of the protocols. Thread: any.
class summary_maker {
public:
    virtual ~summary_maker() = default;

    /// Of what make() gives: messages that were stored under another one get new summaries.
    [[nodiscard]] virtual std::uint32_t version() const = 0;
    /// As append_request::summary. octets: the whole blob, without a copy's prefix.
    [[nodiscard]] virtual std::string make(std::string_view octets) const = 0;
};

}  // namespace hauspost::storage
