#include "admin/resend.hpp"

#include "admin/names.hpp"
#include "admin/trace.hpp"
#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace hauspost::admin {
namespace {

/// A message that is meant, and for whom it was.
struct meant_message {
    blob_id blob;
    std::vector<std::string> addresses;  // those here that count come first
};

/// Digits alone, too few for an id of the trace.
std::optional<std::uint64_t> queue_number_of(const std::string& text) {
    if (storage::parse_trace_id(text)) return std::nullopt;
    std::uint64_t number = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || !ascii::is_digit(text.front()) || read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return number;
}

awaitable<outcome<meant_message>> find_waiting(ports& at, std::uint64_t number) {
    const auto item = co_await at.queue.find(queue_id(number));
    if (!item) co_return refuse_number(refusal_code::no_such_message, number);
    meant_message made;
    made.blob = item->blob;
    made.addresses.push_back(item->reverse_path);
    for (const auto& one : item->recipients)
        made.addresses.push_back(one.forwarded_by);
    co_return made;
}

awaitable<outcome<meant_message>> find_traced(ports& at, std::string id) {
    auto asked = id;
    const auto found = co_await trace_one(at, std::move(asked));
    if (!found) co_return found.error();
    meant_message made;
    for (const auto& message : found->messages)
        for (const auto& step : message.steps) {
            if (step.id != found->id) continue;
            if (step.blob) made.blob = step.blob;
            for (const auto* one : {&step.to, &step.target, &step.from})
                made.addresses.push_back(*one);
        }
    if (!made.blob) co_return refuse(refusal_code::message_gone, std::move(id));
    co_return made;
}

/// The postmaster of the first of these domains that is ours, else of our first.
awaitable<std::string> find_sender(ports& at, const std::vector<std::string>& addresses) {
    std::vector<std::string> asked;
    for (const auto& one : addresses) {
        std::string domain(address::domain_of(one));
        if (domain.empty() || std::ranges::find(asked, domain) != asked.end()) continue;
        asked.push_back(domain);
        const auto ours = co_await at.directory.find_domain(std::move(domain));
        if (ours) co_return "postmaster@" + ours->name;
    }
    const auto all = co_await at.directory.list_domains();
    co_return all.empty() ? std::string() : "postmaster@" + all.front().name;
}

refusal refusal_of_end(resend_end::verdict how, const std::string& id, const std::string& to) {
    switch (how) {
    case resend_end::verdict::gone: return refuse(refusal_code::message_gone, id);
    case resend_end::verdict::nobody: return refuse(refusal_code::no_such_address, to);
    case resend_end::verdict::refused: return refuse(refusal_code::mail_refused, to);
    case resend_end::verdict::disk_full: return refuse(refusal_code::disk_full);
    case resend_end::verdict::taken:
    case resend_end::verdict::busy: break;
    }
    return refuse(refusal_code::busy);
}

}  // namespace

awaitable<outcome<resent_mail>> resend(ports& at, std::string id, std::string typed) {
    const auto to = parse_address(typed);
    if (!to) co_return to.error();
    const auto number = queue_number_of(id);
    auto finding = number ? find_waiting(at, *number) : find_traced(at, id);
    const auto found = co_await std::move(finding);
    if (!found) co_return found.error();
    if (at.again == nullptr) co_return refuse(refusal_code::not_running);
    resend_order order;
    order.blob = found->blob;
    order.to = *to;
    order.by = co_await find_sender(at, found->addresses);
    const auto end = co_await at.again->send(std::move(order));
    if (end.how != resend_end::verdict::taken) co_return refusal_of_end(end.how, id, *to);
    resent_mail made;
    made.id = std::move(id);
    made.to = *to;
    made.sent_as = end.id;
    co_return made;
}

}  // namespace hauspost::admin
