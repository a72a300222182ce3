#pragma once

#include "base/awaitable.hpp"
#include "protocols/jmap/method_error.hpp"
#include "protocols/jmap/session/accounts.hpp"
#include "protocols/jmap/session/ports.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::jmap {

/// What a method call is given.
struct call_context {
    const session_ports& ports;
    const door_settings& settings;
    const sasl::identity& user;
    const std::vector<visible_account>& accounts;
    std::size_t& room;  // octets that the answers of the request may still bring, about
};
/// All answers to one request.
inline constexpr std::size_t max_answer_octets = 32 * 1024 * 1024;

/// The arguments of a method's answer, or why it failed.
struct method_answer {
    method_answer() = default;
    method_answer(json::object given) : said(std::move(given)) {}   // NOLINT: either is one
    method_answer(method_error given) : wrong(std::move(given)) {}  // NOLINT
    json::object said;
    std::optional<method_error> wrong;
};

/// One handler for each method. Thread: that of the session, which it must not block.
using method_handler = awaitable<method_answer> (*)(const call_context& with,
                                                    json::object arguments);

/// The account that "accountId" names. nullptr: `wrong` says why.
[[nodiscard]] const visible_account* find_account(const call_context& with,
                                                  const json::object& arguments,
                                                  std::optional<method_error>& wrong);

/// "ids" and "properties" of a /get. RFC 8620 5.1
struct get_arguments {
    bool is_all = false;           // no ids were given
    std::vector<std::string> ids;  // each once
    std::vector<std::string>
        properties;  // without "id"; empty and has_properties false: the default
    bool has_properties = false;

    [[nodiscard]] bool wants(std::string_view property) const noexcept;
};
[[nodiscard]] get_arguments parse_get(const json::object& arguments,
                                      std::optional<method_error>& wrong);

/// A hash of what a client has been told, as a state (RFC 8620 5.1): equal for equal facts, whichever
/// process says them.
class state_digest {
public:
    state_digest& add(std::string_view text) noexcept;
    state_digest& add(std::uint64_t number) noexcept;
    [[nodiscard]] std::string text() const;

private:
    std::uint64_t value_ = 14'695'981'039'346'656'037u;  // FNV-1a
};

/// The state of an account's emails and threads: what has been committed to each mailbox that may be
/// read.
[[nodiscard]] std::string email_state(const visible_account& of);

/// The answer to a store's refusal.
[[nodiscard]] method_error to_method_error(error_code refused);

}  // namespace hauspost::jmap
