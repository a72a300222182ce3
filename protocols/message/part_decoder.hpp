#pragma once

#include "base/base64.hpp"
#include "protocols/message/part_text.hpp"
#include "protocols/message/quoted_printable.hpp"

#include <string>
#include <string_view>

namespace hauspost::message {

/// Takes a part's transfer encoding off, piece by piece. RFC 2045 6.
class part_decoder {
public:
    /// how  not unknown
    explicit part_decoder(transfer_encoding how) : how_(how) {}

    /// Appends what can be decoded so far. A piece never becomes longer by it, but for what was
    /// held back of the pieces before.
    void feed(std::string_view octets, std::string& out);
    /// The end of input.
    void finish(std::string& out);

private:
    transfer_encoding how_;
    base64::mime_decoder base64_;
    quoted_printable_decoder quoted_printable_;
};

}  // namespace hauspost::message
