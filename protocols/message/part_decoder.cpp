#include "protocols/message/part_decoder.hpp"

namespace hauspost::message {

void part_decoder::feed(std::string_view octets, std::string& out) {
    switch (how_) {
    case transfer_encoding::base64: return base64_.feed(octets, out);
    case transfer_encoding::quoted_printable: return quoted_printable_.feed(octets, out);
    case transfer_encoding::identity:
    case transfer_encoding::unknown: out += octets; return;
    }
}

void part_decoder::finish(std::string& out) {
    if (how_ == transfer_encoding::base64) base64_.finish(out);
    if (how_ == transfer_encoding::quoted_printable) quoted_printable_.finish(out);
}

}  // namespace hauspost::message
