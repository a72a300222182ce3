#pragma once

#include "base/base64.hpp"
#include "protocols/http/session/session.hpp"
#include "protocols/jmap/session/jmap_handler.hpp"
#include "protocols/jmap/session/method_table.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/test_imap.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hauspost::test {

namespace json = boost::json;

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// JMAP sessions and IMAP sessions on the same store; the accounts ann@a.example and bob@a.example.
struct jmap_fixture {
    jmap_fixture() { settings.login_delay = std::chrono::milliseconds(0); }

    /// All that is said to a client that sends this by TLS and closes.
    std::string talk(std::string input, bool is_encrypted = true) {
        memory_stream peer(std::move(input));
        peer.set_encrypted(is_encrypted);
        const http::session_ports ports{handler(), parts().time.wall(), parts().limits()};
        http::session session(peer, ports, std::make_shared<const http::session_config>());
        run(parts().io, session.run());
        return peer.output();
    }

    std::string ask(const std::string& verb_and_path,
                    const std::string& fields = "",
                    const std::string& body = "") {
        auto request = verb_and_path + " HTTP/1.1\r\nHost: mail.a.example\r\n" + fields;
        if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return talk(request + "\r\n" + body);
    }

    static std::string authorization(const std::string& user, const std::string& password = "pw") {
        return "Authorization: Basic " + base64::encode(user + ":" + password) + "\r\n";
    }

    /// The whole answer of the API to a body.
    std::string post(const std::string& body, const std::string& user = "ann@a.example") {
        return ask("POST /jmap/api", authorization(user) + "Content-Type: application/json\r\n",
                   body);
    }

    /// methodResponses of some calls, as written between "[" and "]".
    json::array calls(const std::string& some, const std::string& user = "ann@a.example") {
        const auto said = post(R"({"using":["urn:ietf:params:jmap:core",)"
                               R"("urn:ietf:params:jmap:mail"],"methodCalls":[)" +
                                   some + "]}",
                               user);
        REQUIRE_MESSAGE(said.starts_with("HTTP/1.1 200 "), said);
        return json::parse(content_of(said)).as_object().at("methodResponses").as_array();
    }

    /// The arguments of the answer to one call; of an error {"type": ...}.
    json::object call(const std::string& method,
                      std::string arguments = "{}",
                      const std::string& user = "ann@a.example") {
        const auto own = "\"accountId\":\"" + account_id_of(user) + '"';
        if (!contains(arguments, "accountId"))
            arguments.insert(1, arguments == "{}" ? own : own + ",");
        const auto answers = calls("[\"" + method + "\"," + arguments + ",\"c\"]", user);
        return answers.at(0).as_array().at(1).as_object();
    }

    json::object session(const std::string& user = "ann@a.example") {
        return json::parse(content_of(ask("GET /.well-known/jmap", authorization(user))))
            .as_object();
    }
    /// Of the own account, or of one that somebody shares with him.
    std::string account_id_of(const std::string& user, const std::string& owner = "") {
        std::string id;
        const auto said = session(user);
        for (const auto& [key, value] : said.at("accounts").as_object())
            if (value.at("name") == json::value(owner.empty() ? user : owner))
                id = std::string(key);
        return id;
    }
    /// By its name, of the own account.
    std::string mailbox_id(const std::string& name) {
        const auto said = call("Mailbox/get");
        for (const auto& one : said.at("list").as_array())
            if (one.at("name") == json::value(name)) return std::string(one.at("id").as_string());
        return "";
    }
    /// What Email/query finds, as ids.
    std::vector<std::string> query(const std::string& arguments = "{}") {
        std::vector<std::string> ids;
        const auto said = call("Email/query", arguments);
        REQUIRE_MESSAGE(said.contains("ids"), json::serialize(said));
        for (const auto& id : said.at("ids").as_array())
            ids.emplace_back(id.as_string());
        return ids;
    }
    /// Their subjects.
    std::string found(const std::string& filter, const std::string& more = "") {
        std::string made;
        for (const auto& id : query("{\"filter\":" + filter + more + "}"))
            made += (made.empty() ? "" : " ") + text_of(email(id), "subject");
        return made;
    }
    json::object email(const std::string& id, const std::string& more = "") {
        const auto said = call("Email/get", "{\"ids\":[\"" + id + "\"]" + more + "}");
        REQUIRE_MESSAGE(said.contains("list"), json::serialize(said));
        REQUIRE(said.at("list").as_array().size() == 1);
        return said.at("list").at(0).as_object();
    }
    static std::string text_of(const json::object& of, std::string_view name) {
        return std::string(of.at(name).as_string());
    }

    static std::string content_of(const std::string& response) {
        const auto end = response.find("\r\n\r\n");
        return end == std::string::npos ? "" : response.substr(end + 4);
    }

    server_parts& parts() { return imap.parts; }
    jmap::jmap_handler& handler() {
        if (!handler_) {
            pictures =
                std::make_unique<storage::view::account_index>(parts().mail(), parts().workers);
            settings.hostname = "mail.a.example";
            handler_.emplace(
                jmap::session_ports{parts().mail(), parts().octets(), parts().store().sharing,
                                    parts().credentials, parts().workers, parts().limits(),
                                    *pictures, imap.index.get()},
                settings);
        }
        return *handler_;
    }

    imap_server imap;
    jmap::door_settings settings;
    std::unique_ptr<storage::view::account_index> pictures;

private:
    std::optional<jmap::jmap_handler> handler_;
};

}  // namespace hauspost::test
