#include "server/outbound/stored_message.hpp"

namespace hauspost::outbound {

awaitable<result<std::string_view>> stored_message::next() {
    if (!is_prefix_given_) {
        is_prefix_given_ = true;
        if (!prefix_.empty()) co_return std::string_view(prefix_);
    }
    if (is_over_) co_return std::string_view();
    piece_.resize(piece_octets);
    const auto read = co_await blobs_.read(blob_, at_, piece_);
    if (!read) co_return read.error();
    at_ += *read;
    is_over_ = *read < piece_.size();
    co_return std::string_view(piece_).substr(0, *read);
}

}  // namespace hauspost::outbound
