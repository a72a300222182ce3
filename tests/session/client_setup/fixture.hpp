#pragma once

#include "protocols/http/session/session.hpp"
#include "server/client_setup/setup_handlers.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/server/memory_directory.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

namespace hauspost::test {

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// HTTP sessions of a server of two domains, a.example and xn--mller-kva.example, with the account
/// anna@a.example.
struct setup_fixture {
    setup_fixture() {
        config.services.hostname = "mail.a.example";
        config.services.imaps = 993;
        config.services.submissions = 465;
        config.https_port = 443;
        for (const std::string name : {"a.example", "xn--mller-kva.example"})
            directory.domains[name].name = name;
        storage::account anna;
        anna.name = "anna@a.example";
        directory.accounts[account_id(1)] = anna;
    }

    /// All that is said to a client that sends this and closes.
    std::string talk(const std::string& input, bool is_encrypted) {
        memory_stream peer(input);
        peer.use(time);
        peer.set_encrypted(is_encrypted);
        client_setup::setup_answers answers(directory, time.wall(), config, sign);
        client_setup::secure_handler secure(answers);
        client_setup::plain_handler plain(answers);
        auto& handler = is_encrypted ? static_cast<http::handler&>(secure) : plain;
        const http::session_ports ports{handler, time.wall(), time};
        {
            const log_capture captured(log);
            http::session session(peer, ports, std::make_shared<const http::session_config>());
            run(session.run());
        }
        return peer.output();
    }

    /// "GET /x" to a host; by HTTPS, or by HTTP.
    std::string ask(const std::string& verb_and_path, const std::string& host) {
        return talk(verb_and_path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", true);
    }
    std::string ask_plain(const std::string& verb_and_path, const std::string& host) {
        return talk(verb_and_path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", false);
    }
    /// Outlook's request for an address, to the server's own name.
    std::string post(const std::string& body,
                     const std::string& path = "/Autodiscover/Autodiscover.xml") {
        return talk("POST " + path +
                        " HTTP/1.1\r\nHost: mail.a.example\r\nContent-Type: text/xml\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body,
                    true);
    }

    memory_directory directory;
    manual_clock time;
    client_setup::setup_config config;
    client_setup::document_signer sign =
        [](std::string document) -> awaitable<std::optional<std::string>> {
        co_return std::move(document);
    };
    std::string log;
};

/// The content behind the fields.
inline std::string content_of(const std::string& response) {
    const auto end = response.find("\r\n\r\n");
    return end == std::string::npos ? "" : response.substr(end + 4);
}

}  // namespace hauspost::test
