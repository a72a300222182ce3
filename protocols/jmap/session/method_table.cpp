#include "protocols/jmap/session/method_table.hpp"

#include "protocols/jmap/session/handlers.hpp"

#include <algorithm>
#include <array>

namespace hauspost::jmap {
namespace {

constexpr std::array all_methods{
    method{"Core/echo", core_capability, core_echo},
    method{"Mailbox/get", mail_capability, mailbox_get},
    method{"Mailbox/changes", mail_capability, mailbox_changes},
    method{"Mailbox/query", mail_capability, mailbox_query},
    method{"Thread/get", mail_capability, thread_get},
    method{"Thread/changes", mail_capability, thread_changes},
    method{"Email/get", mail_capability, email_get},
    method{"Email/changes", mail_capability, email_changes},
    method{"Email/query", mail_capability, email_query},
};

}  // namespace

std::span<const method> methods() noexcept {
    return all_methods;
}

const method* find_method(std::string_view name) noexcept {
    const auto* found = std::find_if(all_methods.begin(), all_methods.end(),
                                     [&](const method& one) { return one.name == name; });
    return found == all_methods.end() ? nullptr : found;
}

const std::vector<std::string_view>& capabilities() {
    static const std::vector<std::string_view> all{core_capability, mail_capability};
    return all;
}

}  // namespace hauspost::jmap
