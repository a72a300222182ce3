#include "server/auth/counted_credentials.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "server/auth/lockout.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace hauspost::auth {
namespace {

storage::trace_door door_of(std::string_view protocol) {
    if (protocol == "imap") return storage::trace_door::imap;
    if (protocol == "pop3") return storage::trace_door::pop3;
    return storage::trace_door::submission;
}

/// One line of what anybody may look at; what is no UTF-8 goes, too.
std::string harmless(std::string_view text, std::size_t most) {
    std::string made;
    while (!text.empty() && made.size() < most) {
        const auto point = utf8::first_code_point(text);
        const auto octets = std::max<std::size_t>(1, point.octets);
        if (point.octets != 0 && utf8::is_harmless(point.value)) made += text.substr(0, octets);
        text.remove_prefix(octets);
    }
    return std::string(utf8::truncated(made, most));
}

}  // namespace

awaitable<result<sasl::identity>> counted_credentials::check(
    std::string user, secret password, std::string peer, function_ref<void(account_id)> listen) {
    auto work = judge_.check(std::move(user), std::move(password), std::move(peer), listen);
    auto verdict = co_await std::move(work);
    if (verdict)
        traffic_.note_sign_in(true);
    else if (verdict.error() == sasl::errc::wrong)
        traffic_.note_sign_in(false);
    co_return verdict;
}

void counted_credentials::note_client(account_id account, const sasl::client& client) noexcept {
    try {
        storage::sign_in seen;
        seen.account = account;
        seen.door = door_of(client.protocol);
        seen.address = harmless(client.address, storage::sign_in::max_address_octets);
        seen.network = networks_of(seen.address).front();
        seen.program = harmless(client.program, storage::sign_in::max_program_octets);
        seen.is_encrypted = client.is_encrypted;
        sign_ins_.note(seen);
    } catch (const std::exception& error) {
        log::error("sign_in_note_fault what={}", log_safe(error.what()));
    }
}

}  // namespace hauspost::auth
