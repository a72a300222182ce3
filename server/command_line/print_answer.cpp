#include "server/command_line/print_answer.hpp"

#include "server/command_line/print_cells.hpp"
#include "server/command_line/print_trace.hpp"
#include "server/command_line/terminal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string_view>
#include <vector>

namespace hauspost::command_line {
namespace {

using admin::api::command;
using admin::api::shape;
using admin::api::json::object;

std::string list_text(const object& answer,
                      const char* key,
                      const std::vector<const char*>& columns) {
    std::vector<row> rows{row(columns.begin(), columns.end())};
    const auto* list = answer.if_contains(key);
    if (list == nullptr || !list->is_array() || list->get_array().empty()) return "";
    for (const auto& entry : list->get_array()) {
        row cells;
        for (const char* column : columns)
            cells.push_back(entry.is_object() ? cell(entry.get_object(), column) : "");
        rows.push_back(std::move(cells));
    }
    auto text = table(rows);
    if (answer.contains("more")) text += "older ones: --after " + cell(answer, "more") + "\n";
    return text;
}

/// Only a browser takes what stands behind #: it reaches no server and no log.
std::string link_text(const object& answer) {
    return cell(answer, "url") + "\n(good once, until " + cell(answer, "expires_at") +
           "; open it in a browser)\n";
}

std::string codes_text(const object& answer) {
    std::string text = "The second factor is on. Each of these codes stands in for it once:\n";
    const auto* codes = answer.if_contains("recovery_codes");
    if (codes != nullptr && codes->is_array())
        for (const auto& one : codes->get_array())
            text += "  " + cell("code", &one) + "\n";
    return text + "(shown this once; keep them where you keep keys)\n";
}

std::string check_text(const object& answer) {
    std::string text;
    if (const auto* findings = answer.if_contains("findings"); findings && findings->is_array())
        for (const auto& one : findings->get_array())
            text += "fault: " + cell("findings", &one) + "\n";
    const auto number = [&](const char* key) { return cell(answer, key) + " " + key; };
    text += cell(answer, "sound") == "yes" ? "the store is sound: " : "found faults in: ";
    return text + number("accounts") + ", " + number("mailboxes") + ", " + number("messages") +
           ", " + number("blobs") + ", " + number("octets") + "\n";
}

std::string expunged_text(const std::string& command, const object& answer) {
    const auto number = [&](const char* key) { return cell(answer, key); };
    auto text =
        command + " " + number("address") + ": done, messages: " + number("messages") + "\n";
    if (const auto left = number("left_over_quota"); !left.empty() && left != "0")
        text += "kept back, since the quota has no room for them: " + left + "\n";
    return text;
}

/// How many, and a line for each mailbox that got some.
std::string returned_text(const std::string& command, const object& answer) {
    auto text = expunged_text(command, answer);
    if (const auto* boxes = answer.if_contains("mailboxes"); boxes && boxes->is_array())
        for (const auto& one : boxes->get_array()) {
            if (!one.is_object()) continue;
            const auto& box = one.get_object();
            text += "  " + cell(box, "name") + ": " + cell(box, "messages") +
                    (box.contains("made") ? " (a new mailbox)\n" : "\n");
        }
    if (answer.contains("password"))
        text +=
            "password: " + cell(answer, "password") + "\n(shown this once; it is kept nowhere)\n";
    return text;
}

/// One line for each field: what `show` gives.
std::string fields_text(const object& answer) {
    std::vector<row> rows;
    for (const auto& [key, field] : answer)
        // "address" is shown as "display" says anyway.
        if (key != "warning" && key != "display")
            rows.push_back({std::string(key) + ":", cell({key.data(), key.size()}, &field)});
    return rows.empty() ? "" : table(rows);
}

/// The message, then what is known of each recipient.
std::string queued_text(const object& answer) {
    auto text = fields_text(answer);
    const auto* recipients = answer.if_contains("recipients");
    if (recipients == nullptr || !recipients->is_array()) return text;
    for (const auto& one : recipients->get_array())
        if (one.is_object()) text += "\n" + fields_text(one.get_object());
    return text;
}

/// What can be put into a zone file as it is.
std::string zone_text(const object& answer) {
    std::string text;
    const auto* records = answer.if_contains("records");
    if (records == nullptr || !records->is_array()) return text;
    for (const auto& one : records->get_array()) {
        if (!one.is_object()) continue;
        // A-labels: a name server reads no others.
        const auto field = [&one](const char* key) {
            const auto* found = one.get_object().if_contains(key);
            return found != nullptr && found->is_string()
                       ? printable(std::string(found->get_string()))
                       : std::string();
        };
        const auto line = field("name") + " IN " + field("type") + ' ' + field("value") + '\n';
        const auto state = field("state");
        if (state.empty()) {
            if (const auto note = field("note"); !note.empty()) text += "; " + note + ":\n";
            text += line;
            continue;
        }
        text += state + std::string(10 - std::min<std::size_t>(state.size(), 9), ' ') + line;
        if (const auto* found = one.get_object().if_contains("found"); found && found->is_array())
            for (const auto& other : found->get_array())
                text += "    there is: " + cell("value", &other) + '\n';
        if (const auto advice = field("advice"); !advice.empty()) text += "    " + advice + '\n';
        if (const auto note = field("note"); state == "optional" && !note.empty())
            text += "    " + note + '\n';
    }
    return text;
}

/// A line for each step; below it what to do.
std::string steps_text(const object& answer) {
    std::string text;
    const auto* steps = answer.if_contains("steps");
    if (steps == nullptr || !steps->is_array()) return text;
    for (const auto& one : steps->get_array()) {
        if (!one.is_object()) continue;
        const auto& step = one.get_object();
        const auto result = cell(step, "result");
        text += (result == "good"   ? "ok    "
                 : result == "note" ? "note  "
                                    : "FAIL  ") +
                cell(step, "step") + ": " + cell(step, "text") + '\n';
        if (const auto advice = cell(step, "advice"); !advice.empty())
            text += "      " + advice + '\n';
    }
    return text + (cell(answer, "good") == "yes" ? "Mail to " : "As things are, no mail to ") +
           cell(answer, "address") +
           (cell(answer, "good") == "yes" ? " would be taken; nothing was sent.\n"
                                          : " is taken; nothing was sent.\n");
}

std::string renamed_text(const object& answer) {
    const auto is_now = cell(answer, "address"), was = cell(answer, "old_address");
    auto text = was + " is " + is_now + " now; programs have to log in by that name\n";
    text += cell(answer, "kept_as_alias") == "yes"
                ? "mail to " + was + " still arrives: it is an alias now\n"
                : "mail to " + was + " is refused\n";
    if (const auto targets = cell(answer, "changed_targets"); targets != "0")
        text += "targets of aliases, forwards and catch-alls that were changed: " + targets + "\n";
    return text;
}

const object& part_of(const object& answer, const char* key) {
    static const object nothing;
    const auto* part = answer.if_contains(key);
    return part != nullptr && part->is_object() ? part->get_object() : nothing;
}

/// A line for each thing that somebody asks who wants to know whether mail works.
std::string overview_text(const object& answer) {
    const auto& passed = part_of(answer, "today");
    const auto number = [&passed](const char* key) { return cell(passed, key); };
    std::vector<row> rows{
        {"mail in:", cell(answer, "receiving") == "good" ? "taken" : "REFUSED: the disk is full"},
        {"mail out:", cell(answer, "sending") == "good"
                          ? "leaves"
                          : "waits: set delivery.resolver or delivery.relay"},
        {"received:", number("received") + ", and " + number("refused") + " recipients refused"},
        {"sent:", number("submitted") + ", waiting now: " + cell(answer, "waiting")},
        {"to others:",
         number("delivered") + " recipients delivered, " + number("failed") + " given up"},
        {"sign-ins:",
         number("sign_ins") + ", and " + number("wrong_passwords") + " wrong passwords"}};
    if (const auto& disk = part_of(answer, "storage"); !disk.empty())
        rows.push_back({"disk:", cell(disk, "free_octets") + " of " + cell(disk, "disk_octets") +
                                     " octets free, mail takes " + cell(disk, "mail_octets")});
    if (const auto& made = part_of(answer, "certificate"); !made.empty())
        rows.push_back(
            {"certificate:", "ends " + cell(made, "ends_at") +
                                 (cell(made, "self_signed") == "yes" ? ", self-signed" : "")});
    auto text = table(rows);
    const auto* alarms = answer.if_contains("alarms");
    if (alarms == nullptr || !alarms->is_array()) return text;
    for (const auto& one : alarms->get_array())
        if (one.is_object())
            text += cell(one.get_object(), "level") + ": " + cell(one.get_object(), "text") + '\n';
    return text;
}

std::string done_text(const std::string& command, const object& answer) {
    const auto* key = answer.contains("address") ? "address"
                      : answer.contains("name")  ? "name"
                                                 : "id";
    auto text = command + " " + cell(answer, key) + ": done\n";
    if (const auto id = cell(answer, "sent_as"); !id.empty()) text += "what was sent: " + id + "\n";
    if (const auto released = cell(answer, "released"); !released.empty() && released != "0")
        text += "recipients of mail that was held back and goes now: " + released + "\n";
    if (answer.contains("password"))
        text +=
            "password: " + cell(answer, "password") + "\n(shown this once; it is kept nowhere)\n";
    return text;
}

}  // namespace

std::string to_text(const command& what, const object& result) {
    switch (what.shown_as) {
    case shape::done: return done_text(what.name, result);
    case shape::list: return list_text(result, what.list, what.columns);
    case shape::fields: return fields_text(result);
    case shape::queued: return queued_text(result);
    case shape::zone: return zone_text(result);
    case shape::steps: return steps_text(result);
    case shape::renamed: return renamed_text(result);
    case shape::expunged: return expunged_text(what.name, result);
    case shape::returned: return returned_text(what.name, result);
    case shape::trace: return trace_text(result);
    case shape::report: return check_text(result);
    case shape::link: return link_text(result);
    case shape::codes: return codes_text(result);
    case shape::overview: return overview_text(result);
    case shape::restart: break;
    }
    return "The next start takes this store for an older copy: restart the server now.\n";
}

}  // namespace hauspost::command_line
