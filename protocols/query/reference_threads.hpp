#pragma once

#include "protocols/query/thread.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::query {

/// The REFERENCES algorithm, RFC 5256 3. A node is a message or, for an id that no message has, a
/// dummy. The steps are numbered as in the RFC.
class reference_threads {
public:
    explicit reference_threads(const threader& all);
    [[nodiscard]] std::string run();

private:
    using index = std::uint32_t;
    static constexpr index none = root_finder::none;

    struct node {
        index message = none;  // none: dummy
        index first_child = none;
        index last_child = none;
        index next = none;  // sibling
    };
    using dated = std::pair<std::pair<std::int64_t, std::uint32_t>, index>;

    /// Finds numbers by hash: open addressing, at most half full.
    class hash_table {
    public:
        explicit hash_table(std::size_t most);
        /// Where the hash's number stands; none when it is new.
        index& at(std::uint64_t hash) noexcept;

    private:
        std::vector<std::pair<std::uint64_t, index>> slots_;
        std::size_t mask_;
    };

    index add_node(index message);
    void make_message_nodes();                     // 1
    index node_of(std::uint64_t id);               //
    void link_references();                        // 1 A, 1 B
    void link(index parent, index child);          //
    void prune();                                  // 2, 3
    void append_child(index parent, index child);  //
    void append_children(index parent, index from);
    void sort_roots();                             // 4
    void merge_subjects();                         // 5
    void merge(hash_table& subjects, index root);  // 5 C
    void sort_children(index parent);              // 6
    void write(std::string& text, index root);

    [[nodiscard]] bool is_dummy(index at) const noexcept { return nodes_[at].message == none; }
    /// The message itself or, of a dummy, its first child.
    [[nodiscard]] index speaker(index at) const noexcept;
    [[nodiscard]] const threader::message& message_of(index at) const noexcept;
    [[nodiscard]] dated by_date(index at) const noexcept;

    const threader& all_;
    root_finder links_;
    std::vector<node> nodes_;
    std::vector<index> message_nodes_;
    hash_table ids_;
    std::vector<index> roots_;
    std::vector<bool> is_merged_;  // by node: was a root and is one no more
    std::vector<dated> scratch_;
};

}  // namespace hauspost::query
