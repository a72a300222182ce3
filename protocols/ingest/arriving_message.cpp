#include "protocols/ingest/arriving_message.hpp"

#include "storage/errc.hpp"

#include <utility>

namespace hauspost::ingest {

awaitable<error_code> arriving_message::write(std::string_view octets) {
    if (!refused_) refused_ = co_await blob_->write(octets);
    co_return refused_;
}

awaitable<result<storage::message_summary>> arriving_message::finish(
    function_ref<void(std::string_view octets)> also) {
    if (!refused_) refused_ = co_await blob_->finish();
    if (refused_) co_return refused_;
    auto read = [octets = blob_->view(), also, &summaries = ports_.summaries] {
        also(octets);
        return summaries.make(octets);
    };
    if (blob_->octets() <= max_octets_in_place) co_return read();
    auto made = co_await ports_.workers.run(std::move(read));
    if (made) co_return std::move(*made);
    refused_ = make_error_code(storage::errc::busy);
    co_return refused_;
}

awaitable<result<storage::message_summary>> arriving_message::finish() {
    const auto nothing = [](std::string_view) {};
    co_return co_await finish(nothing);
}

}  // namespace hauspost::ingest
