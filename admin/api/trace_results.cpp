#include "admin/api/results.hpp"
#include "admin/api/trace_words.hpp"
#include "base/utf8.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::admin::api {
namespace {

using storage::trace_event;
using storage::trace_step;

/// Strangers' octets need not be UTF-8, which JSON has to be.
void put(json::object& into, const char* key, const std::string& text) {
    if (!text.empty()) into[key] = utf8::repaired(text);
}

void put(json::object& into, const char* key, std::uint64_t number) {
    if (number != 0) into[key] = number;
}

/// What the number of a step counts.
const char* number_key(trace_step step) {
    switch (step) {
    case trace_step::received: return "octets";
    case trace_step::more_refused:
    case trace_step::expunged:
    case trace_step::purged:
    case trace_step::restored: return "messages";
    case trace_step::steps_lost: return "steps";
    default: return "queue";
    }
}

json::object step_json(const trace_event& step) {
    json::object made;
    made["at"] = step.at / 1000;
    made["step"] = name_of(step.step);
    made["text"] = utf8::repaired(sentence_of(step));
    if (step.rule != storage::trace_rule::none) made["rule"] = name_of(step.rule);
    if (step.door != storage::trace_door::none) made["door"] = name_of(step.door);
    put(made, "from", step.from);
    put(made, "to", step.to);
    put(made, "target", step.target);
    put(made, "by", step.by);
    put(made, "peer", step.peer);
    put(made, "reply", step.words);
    put(made, "tls", step.tls);
    put(made, number_key(step.step), step.number);
    put(made, "attempt", step.attempt);
    put(made, "due_at", static_cast<std::uint64_t>(step.due_at));
    return made;
}

/// Of its envelope, in the order in which the trace names them.
json::array recipients_of(const storage::traced_message& message) {
    constexpr std::size_t most = 100;
    std::vector<std::string_view> names;
    for (const auto& step : message.steps) {
        const bool has_come_in = step.step <= trace_step::not_sent_on;
        if (!has_come_in || step.to.empty() || names.size() == most) continue;
        if (std::find(names.begin(), names.end(), step.to) == names.end()) names.push_back(step.to);
    }
    json::array made;
    for (const auto name : names)
        made.emplace_back(utf8::repaired(name));
    return made;
}

json::object message_json(const storage::traced_message& message) {
    const auto& first = message.steps.front();
    json::object made;
    if (first.id) made["id"] = to_text(first.id);
    made["at"] = first.at / 1000;
    const bool has_sender = first.step == trace_step::received || first.step == trace_step::refused;
    if (has_sender) made["from"] = utf8::repaired(first.from);
    made["recipients"] = recipients_of(message);
    put(made, "message_id", first.message_id);
    put(made, "subject", first.subject);
    if (first.step == trace_step::received) put(made, "octets", first.number);
    made["state"] = state_of(message);
    put(made, "left_out", message.left_out);
    json::array steps;
    for (const auto& one : message.steps)
        steps.push_back(step_json(one));
    made["steps"] = std::move(steps);
    return made;
}

}  // namespace

json::object trace_json(const traced_mail& found, const places&) {
    json::array messages;
    for (const auto& one : found.messages)
        messages.push_back(message_json(one));
    json::object made;
    made["messages"] = std::move(messages);
    if (found.is_one) made["life"] = true;
    put(made, "only_counted", found.only_counted);
    put(made, "more", found.more);
    return made;
}

}  // namespace hauspost::admin::api
