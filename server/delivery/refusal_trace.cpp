#include "server/delivery/refusal_trace.hpp"

#include "base/address.hpp"
#include "base/log.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace hauspost::delivery {
namespace {

using storage::trace_door;
using storage::trace_event;
using storage::trace_step;

/// The widest that may be one person's; the default for what is no address.
peer_network network_of(const std::string& address) {
    error_code failed;
    const auto ip = boost::asio::ip::make_address(address, failed);
    if (failed) return {};
    const peer_networks all(ip);
    return *(all.end() - 1);
}

trace_event step_of(const smtp::refused_mail& refused) {
    trace_event event;
    event.step = trace_step::refused;
    event.door = refused.submitter.account ? trace_door::submission : trace_door::smtp;
    event.account = refused.submitter.account;
    event.by = refused.submitter.address;
    event.from = address::canonical(refused.from).value_or("");
    event.to = address::canonical(refused.to).value_or("");
    event.peer = refused.helo + " [" + refused.peer_address + ']';
    event.words = refused.words;
    return event;
}

}  // namespace

void refusal_trace::finish() noexcept {
    try {
        const std::lock_guard lock(mutex_);
        end_minute();
    } catch (const std::exception& fault) {
        log::error("fault proto=trace what={}", log_safe(fault.what()));
    }
}

void refusal_trace::note(smtp::refused_mail refused) noexcept {
    try {
        if (!trace_.is_on()) return;
        const auto now =
            std::chrono::floor<std::chrono::milliseconds>(time_.now().time_since_epoch()).count();
        const auto network = network_of(refused.peer_address);
        const std::lock_guard lock(mutex_);
        if (now / 60'000 != minute_) {
            end_minute();
            minute_ = now / 60'000;
        }
        switch (count(network)) {
        case telling::nothing: return;
        case telling::that_more_follow: return tell_more(network, 0);
        case telling::all: break;
        }
        auto event = step_of(refused);
        event.at = now;
        trace_.note(std::move(event));
    } catch (const std::exception& fault) {
        log::error("fault proto=trace what={}", log_safe(fault.what()));
    }
}

refusal_trace::telling refusal_trace::count(const peer_network& network) {
    const bool is_apart = networks_.contains(network) || networks_.size() < max_networks;
    auto& of = networks_[is_apart ? network : peer_network()];
    if (of.told < most_of_network && told_ < most_of_all) {
        ++of.told;
        ++told_;
        return telling::all;
    }
    // How many it were is known at the end of the minute, if anybody is refused after it.
    return of.rest++ == 0 && ++hinted_ <= most_hints ? telling::that_more_follow : telling::nothing;
}

void refusal_trace::end_minute() {
    std::uint64_t others = 0;
    std::size_t summed = 0;
    for (const auto& [network, counts] : networks_) {
        if (counts.rest == 0) continue;
        if (network != peer_network() && ++summed <= most_hints)
            tell_more(network, counts.rest);
        else
            others += counts.rest;
    }
    if (others > 0) tell_more({}, others);
    networks_.clear();
    told_ = hinted_ = 0;
}

void refusal_trace::tell_more(const peer_network& network, std::uint64_t rest) {
    trace_event event;
    event.step = trace_step::more_refused;
    event.door = trace_door::smtp;
    if (network != peer_network()) event.peer = to_text(network);
    event.number = rest;
    trace_.note(std::move(event));
}

}  // namespace hauspost::delivery
