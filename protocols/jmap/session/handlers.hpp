#pragma once

#include "protocols/jmap/session/call.hpp"

/// The handlers of all methods, as method_table.cpp names them. Each answers what its RFC says, or a
/// method error; what the store throws is the request's matter.
namespace hauspost::jmap {

// cmd_core.cpp: RFC 8620 4
awaitable<method_answer> core_echo(const call_context& with, json::object arguments);

// cmd_mailbox.cpp: RFC 8621 2.1, 2.2, 2.3
awaitable<method_answer> mailbox_get(const call_context& with, json::object arguments);
awaitable<method_answer> mailbox_changes(const call_context& with, json::object arguments);
awaitable<method_answer> mailbox_query(const call_context& with, json::object arguments);

// cmd_thread.cpp: RFC 8621 3.1, 3.2
awaitable<method_answer> thread_get(const call_context& with, json::object arguments);
awaitable<method_answer> thread_changes(const call_context& with, json::object arguments);

// cmd_email.cpp: RFC 8621 4.2, 4.3, 4.4
awaitable<method_answer> email_get(const call_context& with, json::object arguments);
awaitable<method_answer> email_changes(const call_context& with, json::object arguments);
awaitable<method_answer> email_query(const call_context& with, json::object arguments);

}  // namespace hauspost::jmap
