#pragma once

#include "protocols/smtp/path.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/smtp/server/server_session.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::test {

struct stored_message {
    smtp::envelope envelope;
    std::string octets;
};

/// Keeps what a session hands over. Recipients at a.example are served, with exceptions by name.
class fake_sink final : public smtp::mail_sink {
public:
    std::vector<stored_message> stored;
    std::size_t transactions = 0;  // with a recipient
    std::size_t checked = 0;
    std::size_t begun = 0;
    std::size_t open = 0;  // messages neither committed nor dropped
    std::size_t writes = 0;
    smtp::delivery_verdict verdict = smtp::delivery_verdict::accepted;
    smtp::delivery_verdict of_write = smtp::delivery_verdict::accepted;
    std::string words;  // of a refusal
    bool throws_on_begin = false, throws_on_write = false, throws_on_check = false;

    std::unique_ptr<smtp::recipient_check> check_recipients(const smtp::mailbox_address&) override {
        ++transactions;
        return std::make_unique<asker>(*this);
    }

    awaitable<std::unique_ptr<smtp::incoming_message>> begin(
        std::shared_ptr<const smtp::envelope> envelope) override {
        if (throws_on_begin) throw std::runtime_error("broken disk");
        ++begun;
        std::unique_ptr<smtp::incoming_message> made(new message(*this, std::move(envelope)));
        co_return made;
    }

private:
    class asker final : public smtp::recipient_check {
    public:
        explicit asker(fake_sink& sink) : sink_(sink) {}
        awaitable<smtp::recipient_verdict> ask(smtp::mailbox_address recipient,
                                               std::uint64_t announced) override {
            using enum smtp::recipient_verdict;
            ++sink_.checked;
            if (sink_.throws_on_check) throw std::runtime_error("broken disk");
            if (recipient.domain.empty()) co_return accepted;
            if (recipient.domain != "a.example") co_return relay_denied;
            if (recipient.local_part == "nobody") co_return no_such_user;
            if (recipient.local_part == "off") co_return account_disabled;
            if (recipient.local_part == "full") co_return over_quota;
            if (recipient.local_part == "small" && announced > 100) co_return over_quota;
            if (recipient.local_part == "loop") co_return loop;
            if (recipient.local_part == "later") co_return try_again;
            co_return accepted;
        }

    private:
        fake_sink& sink_;
    };

    class message final : public smtp::incoming_message {
    public:
        message(fake_sink& sink, std::shared_ptr<const smtp::envelope> envelope)
            : sink_(sink), envelope_(std::move(envelope)) {
            ++sink_.open;
        }
        message(const message&) = delete;
        message& operator=(const message&) = delete;
        ~message() override { --sink_.open; }

        awaitable<smtp::delivery_verdict> write(std::string_view octets) override {
            if (sink_.throws_on_write) throw std::runtime_error("broken disk");
            ++sink_.writes;
            octets_ += octets;
            co_return sink_.of_write;
        }
        awaitable<smtp::delivery_verdict> commit() override {
            if (sink_.verdict == smtp::delivery_verdict::accepted)
                sink_.stored.push_back({*envelope_, octets_});
            co_return sink_.verdict;
        }
        [[nodiscard]] std::string_view why() const override { return sink_.words; }
        [[nodiscard]] const std::string& id() const override { return id_; }

    private:
        fake_sink& sink_;
        std::shared_ptr<const smtp::envelope> envelope_;
        std::string octets_;
        std::string id_ = "ID1";
    };
};

inline std::shared_ptr<smtp::session_config> test_config() {
    auto config = std::make_shared<smtp::session_config>();
    config->hostname = "mx.example";
    config->limits.bad_command_delay = std::chrono::milliseconds(0);
    return config;
}

inline const system_monotonic_clock real_time;

/// Runs a session to its end, without a log: thousands of sessions would write nothing else.
inline void run_session(memory_stream& peer,
                        fake_sink& sink,
                        std::shared_ptr<const smtp::session_config> config = test_config(),
                        const monotonic_clock& time = real_time) {
    spdlog::set_level(spdlog::level::off);
    smtp::server_session session(peer, {"smtp", sink}, time, std::move(config));
    run(session.run());
}

/// All that a session says to this input, without the greeting. Fails loudly when it depends on
/// how the octets were cut: whole, and octet by octet.
inline std::string talk(const std::string& input,
                        fake_sink& sink,
                        std::shared_ptr<const smtp::session_config> config = test_config()) {
    const std::string greeting = "220 mx.example ESMTP\r\n";
    fake_sink same = sink;
    memory_stream slow(input);
    slow.split_every(1);
    run_session(slow, same, config);
    memory_stream peer(input);
    run_session(peer, sink, config);
    if (slow.output() != peer.output())
        throw std::logic_error("cut octet by octet the session says \"" + slow.output() +
                               "\", whole \"" + peer.output() + "\"");
    if (!peer.is_closed() || sink.open != 0)
        throw std::logic_error("the session left something behind");
    if (peer.output().compare(0, greeting.size(), greeting) != 0) return peer.output();
    return peer.output().substr(greeting.size());
}

inline std::string talk(const std::string& input) {
    fake_sink sink;
    return talk(input, sink);
}

/// Only the codes: "250 503 221".
inline std::string codes(const std::string& output) {
    std::string found;
    for (std::size_t at = 0; at < output.size();) {
        const auto end = output.find("\r\n", at);
        if (end == std::string::npos || end - at < 4) return found + " broken line";
        if (output[at + 3] == ' ') {
            if (!found.empty()) found += ' ';
            found += output.substr(at, 3);
        }
        at = end + 2;
    }
    return found;
}

inline const std::string hello = "EHLO c.example\r\n";
inline const std::string to_ann =
    "MAIL FROM:<bob@b.example>\r\n"
    "RCPT TO:<ann@a.example>\r\n";

}  // namespace hauspost::test
