#include "protocols/query/reference_threads.hpp"

#include <algorithm>
#include <bit>

namespace hauspost::query {

reference_threads::hash_table::hash_table(std::size_t most)
    : slots_(std::bit_ceil(std::max<std::size_t>(most, 1) * 2), {0, none}),
      mask_(slots_.size() - 1) {}

reference_threads::index& reference_threads::hash_table::at(std::uint64_t hash) noexcept {
    auto slot = static_cast<std::size_t>(hash) & mask_;
    while (slots_[slot].first != 0 && slots_[slot].first != hash)
        slot = (slot + 1) & mask_;
    slots_[slot].first = hash;
    return slots_[slot].second;
}

reference_threads::reference_threads(const threader& all)
    : all_(all), ids_(all.messages_.size() + all.references_.size()) {}

std::string reference_threads::run() {
    make_message_nodes();
    link_references();
    prune();
    sort_roots();
    merge_subjects();
    for (index at = 0; at < nodes_.size(); ++at)
        sort_children(at);
    sort_roots();
    std::string text;
    for (const auto root : roots_)
        write(text, root);
    return text;
}

reference_threads::index reference_threads::add_node(index message) {
    nodes_.emplace_back().message = message;
    return links_.add();
}

/// An id that two messages have is the first one's; the other is as one without any.
void reference_threads::make_message_nodes() {
    const auto count = static_cast<index>(all_.messages_.size());
    nodes_.reserve(count);
    message_nodes_.reserve(count);
    for (index n = 0; n < count; ++n) {
        const auto made = add_node(n);
        message_nodes_.push_back(made);
        const auto id = all_.messages_[n].id;
        if (id == 0) continue;
        auto& known = ids_.at(id);
        if (known == none) known = made;
    }
}

reference_threads::index reference_threads::node_of(std::uint64_t id) {
    auto& known = ids_.at(id);
    if (known == none) known = add_node(none);
    return known;
}

void reference_threads::link_references() {
    for (index n = 0; n < all_.messages_.size(); ++n) {
        auto before = none;
        for (const auto id : all_.references_of(all_.messages_[n])) {
            if (id == 0) continue;
            const auto here = node_of(id);
            // A: a parent that is known already stays.
            if (before != none && links_.parent(here) == none) link(before, here);
            before = here;
        }
        // B: the last reference is the parent, whatever others thought.
        const auto own = message_nodes_[n];
        if (links_.parent(own) == before) continue;
        links_.cut(own);
        if (before != none) link(before, own);
    }
}

/// Precondition: child has no parent. A link that would make a loop is left out.
void reference_threads::link(index parent, index child) {
    if (links_.root_of(parent) != child) links_.link(child, parent);
}

void reference_threads::append_child(index parent, index child) {
    auto& above = nodes_[parent];
    if (above.last_child == none)
        above.first_child = child;
    else
        nodes_[above.last_child].next = child;
    above.last_child = child;
    nodes_[child].next = none;
}

void reference_threads::append_children(index parent, index from) {
    auto& above = nodes_[parent];
    auto& gone = nodes_[from];
    if (gone.first_child == none) return;
    if (above.last_child == none)
        above.first_child = gone.first_child;
    else
        nodes_[above.last_child].next = gone.first_child;
    above.last_child = gone.last_child;
    gone.first_child = gone.last_child = none;
}

/// From the leaves up: a dummy's children go to its parent, and a dummy without any is dropped.
/// Among the roots one child takes the dummy's place, more stay below it.
void reference_threads::prune() {
    std::vector<index> waiting(nodes_.size(), 0);  // children not seen yet
    for (index at = 0; at < nodes_.size(); ++at)
        if (links_.parent(at) != none) ++waiting[links_.parent(at)];
    std::vector<index> ready;
    for (index at = 0; at < nodes_.size(); ++at)
        if (waiting[at] == 0) ready.push_back(at);
    for (std::size_t n = 0; n < ready.size(); ++n) {
        const auto at = ready[n];
        const auto parent = links_.parent(at);
        const auto& here = nodes_[at];
        if (parent == none) {
            if (is_dummy(at) && here.first_child == here.last_child) {
                if (here.first_child != none) roots_.push_back(here.first_child);
            } else {
                roots_.push_back(at);
            }
            continue;
        }
        if (is_dummy(at))
            append_children(parent, at);
        else
            append_child(parent, at);
        if (--waiting[parent] == 0) ready.push_back(parent);
    }
}

reference_threads::index reference_threads::speaker(index at) const noexcept {
    return is_dummy(at) ? nodes_[at].first_child : at;
}

const threader::message& reference_threads::message_of(index at) const noexcept {
    return all_.messages_[nodes_[speaker(at)].message];
}

reference_threads::dated reference_threads::by_date(index at) const noexcept {
    const auto& one = message_of(at);
    return {{one.date, one.number}, at};
}

void reference_threads::sort_children(index parent) {
    auto& above = nodes_[parent];
    if (above.first_child == above.last_child) return;
    scratch_.clear();
    for (auto at = above.first_child; at != none; at = nodes_[at].next)
        scratch_.push_back(by_date(at));
    std::sort(scratch_.begin(), scratch_.end());
    above.first_child = above.last_child = none;
    for (const auto& one : scratch_)
        append_child(parent, one.second);
}

void reference_threads::sort_roots() {
    std::vector<dated> sorted;
    sorted.reserve(roots_.size());
    for (const auto root : roots_) {
        if (is_dummy(root)) sort_children(root);  // its first one speaks for it
        sorted.push_back(by_date(root));
    }
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t n = 0; n < sorted.size(); ++n)
        roots_[n] = sorted[n].second;
}

void reference_threads::merge_subjects() {
    hash_table subjects(roots_.size());
    // B: one root for each subject.
    for (const auto root : roots_) {
        const auto subject = message_of(root).subject;
        if (subject == 0) continue;
        auto& known = subjects.at(subject);
        const bool is_better =
            known == none ||
            (!is_dummy(known) &&
             (is_dummy(root) || (message_of(known).is_reply && !message_of(root).is_reply)));
        if (is_better) known = root;
    }
    is_merged_.assign(nodes_.size(), false);
    const auto before = roots_;  // new dummies are not looked at
    for (const auto root : before)
        merge(subjects, root);
    std::erase_if(roots_, [this](index root) { return is_merged_[root]; });
}

void reference_threads::merge(hash_table& subjects, index root) {
    const auto subject = message_of(root).subject;
    if (subject == 0) return;
    auto& known = subjects.at(subject);
    if (known == root) return;
    is_merged_[root] = true;
    if (is_dummy(known)) {
        if (is_dummy(root))
            append_children(known, root);
        else
            append_child(known, root);
        return;
    }
    if (message_of(root).is_reply && !message_of(known).is_reply) {
        append_child(known, root);
        return;
    }
    const auto dummy = add_node(none);
    is_merged_.push_back(false);
    is_merged_[known] = true;
    append_child(dummy, known);
    append_child(dummy, root);
    roots_.push_back(dummy);
    known = dummy;
}

/// thread-list of RFC 5256 5: "(1 2 (3)(4 5))".
void reference_threads::write(std::string& text, index root) {
    std::vector<index> open{root};  // none: a parenthesis to close
    const auto push_children = [&](index parent) {
        const auto start = open.size();
        for (auto at = nodes_[parent].first_child; at != none; at = nodes_[at].next)
            open.push_back(at);
        std::reverse(open.begin() + static_cast<std::ptrdiff_t>(start), open.end());
    };
    while (!open.empty()) {
        auto at = open.back();
        open.pop_back();
        if (at == none) {
            text += ')';
            continue;
        }
        text += '(';
        open.push_back(none);
        if (is_dummy(at)) {
            push_children(at);
            continue;
        }
        for (;;) {
            text += std::to_string(all_.messages_[nodes_[at].message].number);
            if (nodes_[at].first_child == none) break;
            text += ' ';
            if (nodes_[at].first_child != nodes_[at].last_child) {
                push_children(at);
                break;
            }
            at = nodes_[at].first_child;
        }
    }
}

}  // namespace hauspost::query
