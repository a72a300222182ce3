#include "server/command_line/print_trace.hpp"

#include "server/command_line/print_cells.hpp"

#include <boost/json/array.hpp>

#include <string_view>
#include <vector>

namespace hauspost::command_line {
namespace {

using admin::api::json::object;
using admin::api::json::value;

std::int64_t time_of(const object& of, const char* key) {
    const auto* at = of.if_contains(key);
    return at != nullptr && at->is_number() ? at->to_number<std::int64_t>() : 0;
}

const admin::api::json::array& array_of(const object& of, const char* key) {
    static const admin::api::json::array none;
    const auto* list = of.if_contains(key);
    return list != nullptr && list->is_array() ? list->get_array() : none;
}

bool is_sender_known(const object& message) {
    return message.contains("from");
}

/// "<>" for a report, as servers say it.
std::string sender_of(const object& message) {
    const auto from = cell(message, "from");
    return from.empty() && is_sender_known(message) ? "<>" : from;
}

/// The first recipients, then how many others.
std::string recipients_of(const object& message) {
    constexpr std::size_t most = 3;
    const auto& all = array_of(message, "recipients");
    std::string text;
    for (std::size_t n = 0; n < all.size() && n < most; ++n)
        text += (n == 0 ? "" : ",") + cell("recipients", &all[n]);
    if (all.size() > most) text += " and " + std::to_string(all.size() - most) + " more";
    return text;
}

/// What stands in a list of a step that is no message's.
std::string only_step_of(const object& message) {
    const auto& steps = array_of(message, "steps");
    return steps.empty() || !steps.front().is_object() ? ""
                                                       : cell(steps.front().get_object(), "text");
}

std::string messages_text(const admin::api::json::array& messages) {
    std::vector<row> rows{{"time", "id", "from", "to", "state"}};
    for (const auto& entry : messages) {
        if (!entry.is_object()) continue;
        const auto& one = entry.get_object();
        const auto state = is_sender_known(one) ? cell(one, "state")
                                                : cell(one, "state") + ": " + only_step_of(one);
        const auto id = cell(one, "id");
        rows.push_back({time_text(time_of(one, "at")), id.empty() ? "-" : id,
                        is_sender_known(one) ? sender_of(one) : "-",
                        is_sender_known(one) ? recipients_of(one) : "-", state});
    }
    return table(rows);
}

std::string life_text(const object& message) {
    std::vector<row> rows;
    const auto add = [&rows](const char* name, std::string text) {
        if (!text.empty()) rows.push_back({name, std::move(text)});
    };
    add("id:", cell(message, "id"));
    add("from:", sender_of(message));
    add("to:", cell(message, "recipients"));
    add("subject:", cell(message, "subject"));
    add("Message-ID:", cell(message, "message_id"));
    add("state:", cell(message, "state"));
    auto text = table(rows) + '\n';
    for (const auto& entry : array_of(message, "steps")) {
        if (!entry.is_object()) continue;
        const auto& step = entry.get_object();
        text += time_text(time_of(step, "at")) + "  " + cell(step, "text");
        if (const auto due = time_of(step, "due_at"); due != 0)
            text += " (next attempt " + time_text(due) + ")";
        text += '\n';
    }
    if (const auto left_out = cell(message, "left_out"); !left_out.empty())
        text += "(" + left_out + " steps in the middle are left out)\n";
    return text;
}

}  // namespace

std::string trace_text(const object& answer) {
    const auto& messages = array_of(answer, "messages");
    std::string text;
    if (messages.empty()) {
        text = "Nothing is recorded of this.\n";
    } else if (answer.contains("life") && messages.front().is_object()) {
        text = life_text(messages.front().get_object());
    } else {
        text = messages_text(messages);
    }
    if (const auto more = cell(answer, "more"); !more.empty())
        text += "There are older ones: --after " + more + "\n";
    if (const auto counted = cell(answer, "only_counted"); !counted.empty())
        text += "Besides, " + counted +
                " refusals of that time were only counted, since so many came at once.\n";
    return text;
}

}  // namespace hauspost::command_line
