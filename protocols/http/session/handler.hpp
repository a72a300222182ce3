#pragma once

#include "base/awaitable.hpp"
#include "protocols/http/header_block.hpp"
#include "protocols/http/request.hpp"
#include "protocols/http/response.hpp"
#include "protocols/http/session/event_source.hpp"
#include "protocols/net/stream.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

namespace hauspost::http {

/// A response, or the begin of an event stream.
struct answer : response {
    answer() = default;
    answer(response given) : response(std::move(given)) {}  // NOLINT: a response is an answer
    /// A stream of what this source gives; status 200, and no content but that.
    explicit answer(std::shared_ptr<event_source> from);

    std::shared_ptr<event_source> events;  // null: none
};

/// What is decided on a request before its body has been read.
struct head_verdict {
    static constexpr std::size_t default_body_octets = 256 * 1024;

    head_verdict() = default;
    /// The body is read if it has no more than this; else the answer is 413.
    explicit head_verdict(std::size_t most) : max_body_octets(most) {}
    /// Answered at once. A body that comes with it is not read: the connection ends.
    explicit head_verdict(answer given) : at_once(std::move(given)) {}

    std::size_t max_body_octets = default_body_octets;
    std::optional<answer> at_once;
};

/// Who asks.
struct client {
    const net::peer_info& peer;
    bool is_encrypted = false;
};

/// What stands behind a listener. One object serves all of its sessions, on many threads at once.
///
/// What it throws is a fault of ours: the log has it, the client gets 500 without a word of it.
/// Everything in a request comes from strangers until the handler has found out otherwise, for each
/// request anew: a connection may be shared by several people.
///
/// Thread: any; each call on that of its session, which it must not block.
class handler {
public:
    virtual ~handler() = default;

    /// The head is there, its body is not.
    virtual awaitable<head_verdict> on_head(const request_head& head, const client& from) = 0;

    /// The whole request.
    virtual awaitable<answer> on_request(request asked, const client& from) = 0;

    /// What every response has, also those that the session makes itself (400, 408, 413 ...), unless
    /// it has a field of this name already: nosniff, a policy for content, Referrer-Policy.
    [[nodiscard]] virtual const header_block& standing_fields() const noexcept = 0;
};

}  // namespace hauspost::http
