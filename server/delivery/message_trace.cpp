#include "server/delivery/message_trace.hpp"

#include "base/address.hpp"
#include "base/random.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/smtp/path.hpp"

#include <unordered_map>
#include <utility>

namespace hauspost::delivery {
namespace {

using storage::trace_door;
using storage::trace_event;
using storage::trace_step;
/// By what each remote target is reached: an entry, and which of its targets.
using ways_out =
    std::unordered_map<std::string_view, std::pair<const delivery_history::entry*, std::size_t>>;

trace_event received_step(const taken_message& taken) {
    const auto& envelope = taken.envelope;
    trace_event event;
    event.step = trace_step::received;
    event.id = taken.id;
    event.door = !envelope.sent_on_by.empty()    ? trace_door::administrator
                 : envelope.peer_address.empty() ? trace_door::server
                 : envelope.submitter.account    ? trace_door::submission
                                                 : trace_door::smtp;
    const auto from = smtp::to_text(envelope.reverse_path);
    event.from = address::canonical(from).value_or(from);
    event.account = envelope.submitter.account;
    event.by = envelope.submitter.address;
    if (!envelope.peer_address.empty())
        event.peer = envelope.helo + " [" + envelope.peer_address + ']';
    event.words = envelope.protocol;
    event.tls = envelope.tls;
    event.number = taken.octets;
    event.message_id = taken.header.message_id;
    if (taken.with_subject)
        event.subject = message::decode_encoded_words(message::unfolded(taken.header.subject));
    return event;
}

/// What has been said already is left out: most mail goes to the mailbox of its recipient.
void set_way(trace_event& event,
             const delivery_history::entry& from,
             const storage::mail_address& target,
             const route_reason& why) {
    event.to = from.recipient;
    if (target != event.to) event.target = target;
    event.rule = why.rule;
    if (why.by != event.to && why.by != target) event.by = why.by;
}

class step_list {
public:
    explicit step_list(storage::trace_id id) : id_(id) {}

    void add_local(const delivery_history::entry& one) {
        for (std::size_t i = 0; i < one.local.size(); ++i) {
            auto event = step(trace_step::stored);
            event.account = one.local[i].account;
            set_way(event, one, one.local[i].name, one.local[i].why);
            all.push_back(std::move(event));
        }
    }
    void add_known(const delivery_history::entry& one) {
        auto event = step(trace_step::stored);
        event.to = one.recipient;
        event.by = one.arrival;
        all.push_back(std::move(event));
    }
    void add_not_sent_on(const delivery_history::entry& one,
                         const storage::mail_address& target,
                         std::string_view why) {
        auto event = step(trace_step::not_sent_on);
        event.to = one.recipient;
        if (target != one.recipient) event.target = target;
        event.words = why;
        all.push_back(std::move(event));
    }
    /// number  its place in the request
    void add_remote(const storage::queue_item& item, std::size_t number, const ways_out& ways) {
        for (const auto& one : item.recipients) {
            if (one.state != storage::queue_state::waiting)
                continue;  // its sender is told, no more
            auto event = step(trace_step::queued);
            event.number = number;
            event.to = one.to;
            const auto way = ways.find(one.to);
            if (way != ways.end()) {
                const auto& [from, n] = way->second;
                set_way(event, *from, one.to, from->remote[n].why);
            }
            all.push_back(std::move(event));
        }
    }

    std::vector<trace_event> all;

private:
    [[nodiscard]] trace_event step(trace_step what) const {
        trace_event event;
        event.step = what;
        event.id = id_;
        return event;
    }
    const storage::trace_id id_;
};

}  // namespace

storage::trace_id make_trace_id() {
    storage::trace_id id;
    while (!id)
        id = storage::trace_id(random::number());
    return id;
}

std::vector<trace_event> steps_of(const taken_message& taken,
                                  const delivery_history& history,
                                  std::span<const storage::queue_item> remote) {
    step_list steps(taken.id);
    steps.all.push_back(received_step(taken));
    ways_out ways;
    for (const auto& one : history.entries()) {
        if (one.is_known) {
            steps.add_known(one);
            continue;
        }
        steps.add_local(one);
        for (const auto& lost : one.lost)
            steps.add_not_sent_on(one, lost.name, word_for(lost.why));
        if (one.is_loop_cut || one.has_come_back) steps.add_not_sent_on(one, one.recipient, "loop");
        for (std::size_t n = 0; n < one.remote.size() && !remote.empty(); ++n)
            ways.try_emplace(one.remote[n].name, &one, n);
    }
    for (std::size_t n = 0; n < remote.size(); ++n)
        steps.add_remote(remote[n], n, ways);
    return std::move(steps.all);
}

}  // namespace hauspost::delivery
